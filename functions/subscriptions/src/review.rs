//! The second pair of eyes: a draft, or a change that waits, is submitted, approved, sent back.

use remit_billing::subscription::{Subscription, SubscriptionRefusal};
use remit_runtime::http::{Request, Response};
use remit_runtime::{Problem, review};

use crate::App;
use crate::act::replace;

pub(crate) async fn submit(app: &App, request: &Request) -> Result<Response, Problem> {
    let by = request.principal()?.actor_id();
    request.no_fields()?;
    let now = app.ports.now();
    replace(app, request, |found: Subscription| found.submitted(by, now)).await
}

pub(crate) async fn approve(app: &App, request: &Request) -> Result<Response, Problem> {
    let by = request.principal()?.actor_id();
    let read = review::approved(request)?;
    let now = app.ports.now();
    replace(app, request, |found| found.approved(by, read, now)).await
}

pub(crate) async fn reject(app: &App, request: &Request) -> Result<Response, Problem> {
    let by = request.principal()?.actor_id();
    let (read, reason) = review::rejected(request)?;
    let now = app.ports.now();
    replace(app, request, |found| -> Result<_, SubscriptionRefusal> {
        found.rejected(by, read, reason.clone(), now)
    })
    .await
}
