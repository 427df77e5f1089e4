//! `POST /v1/payments/{payment_id}/refunds`.

use std::sync::{Mutex, PoisonError};

use remit_billing::fault::Fault;
use remit_billing::ids::PaymentId;
use remit_billing::number::Amount;
use remit_billing::party::{Paragraph, Text};
use remit_operations::refunds::{self, Ask, GiveBack};
use remit_payments::RefundReceiver;
use remit_runtime::body::{Reader, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Problem, shown};

use crate::App;

/// Far above what banks give.
const MAX_ACCOUNT_DIGITS: usize = 30;

/// A bank account that the money goes to.
fn receiver(r: &mut Reader<'_>) -> Option<RefundReceiver> {
    let bank = r.text("bank", Text::<40>::parse);
    let account_number = r.text("account_number", |text| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match is_number && text.len() <= MAX_ACCOUNT_DIGITS {
            true => Ok(text.to_owned()),
            false => Err(Fault::BadAccountNumber),
        }
    });
    let holder = r.text("holder", Text::<60>::parse);
    Some(RefundReceiver {
        bank: bank?.as_str().to_owned(),
        account_number: account_number?,
        holder: holder?.as_str().to_owned(),
    })
}

/// What is asked for is committed with the request's receipt; then the provider is asked, once: a
/// repetition of the request finds the receipt and asks nobody.
pub(crate) async fn give_back(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let payment_id: PaymentId = request.path_id("payment_id")?;
    let wanted = &read(&request.json()?, |r| {
        let amount = r.optional_text("amount", Amount::parse);
        let reason = r.text("reason", Paragraph::<500>::parse);
        let receiver = r.object("receiver", receiver);
        Some(GiveBack {
            account_id: principal.account_id,
            payment_id,
            amount,
            reason: reason?,
            by: principal.actor_id(),
            receiver,
        })
    })
    .map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    let asks: &Mutex<Option<Ask>> = &Mutex::new(None);
    let mut response = perform(&app.ports.store, keyed, app.ports.now(), || async move {
        let (commit, payment, ask) = refunds::plan(&app.ports, &app.checkouts, wanted).await?;
        *asks.lock().unwrap_or_else(PoisonError::into_inner) = ask;
        let response = Response::json(201, &shown::payment(&payment));
        Ok(Effect { commit, response })
    })
    .await?;
    if response.is_replay() {
        // The receipt is from before the provider answered.
        let now = refunds::payment(&app.ports, principal.account_id, payment_id).await?;
        response.body = shown::payment(&now.value).to_string();
        return Ok(response);
    }
    let ask = asks.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(ask) = ask else {
        return Ok(response);
    };
    match refunds::ask(&app.ports, &app.checkouts, &ask).await {
        Ok(payment) => Ok(Response::json(201, &shown::payment(&payment))),
        // It is asked for, and the janitor finds out what became of it.
        Err(problem) if problem.status() == 503 => {
            tracing::warn!(payment = %ask.payment.id, %problem, "a refund without an answer");
            Ok(response)
        }
        Err(problem) => Err(problem),
    }
}
