//! No more reminders of an invoice: asked on a page, or by the mail program itself (RFC 8058).

use remit_documents::Issued;
use remit_documents::page::{Message, MessagePage};
use remit_operations::remind;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};

use crate::link::{self, Opened};
use crate::{App, pages};

pub(crate) async fn ask(app: &App, request: &Request) -> Result<Response, Problem> {
    let opened = link::open(app, request).await?;
    let action = format!("{}/unsubscribe", opened.path);
    page(app, &opened, Message::StopReminders, action)
}

pub(crate) async fn stop(app: &App, request: &Request) -> Result<Response, Problem> {
    let opened = link::open(app, request).await?;
    remind::hold(&app.ports, &opened.view.standing.value).await?;
    let action = opened.path.clone();
    page(app, &opened, Message::RemindersStopped, action)
}

fn page(app: &App, opened: &Opened, message: Message, action: String) -> Result<Response, Problem> {
    let view = &opened.view;
    let issued = Issued {
        account: &view.account,
        invoice: &view.invoice,
        standing: &view.standing.value,
        now: app.ports.now(),
    };
    let page = MessagePage {
        message,
        agency: Some(issued.sender().map_err(Problem::internal)?),
        action: Some(action),
    };
    pages::message(200, &page, issued.language())
}
