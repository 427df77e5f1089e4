//! No more reminders of an invoice: asked on a page, or by the mail program itself (RFC 8058).

use remit_billing::party::Language;
use remit_documents::page::{Message, MessagePage};
use remit_operations::remind;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};

use crate::{App, link, pages};

pub(crate) async fn ask(app: &App, request: &Request) -> Result<Response, Problem> {
    let opened = link::open(app, request).await?;
    let language: Language = opened.view.standing.value.language;
    let page = MessagePage {
        message: Message::StopReminders,
        agency: None,
        action: Some(format!("{}/unsubscribe", opened.path)),
    };
    pages::message(200, &page, language)
}

pub(crate) async fn stop(app: &App, request: &Request) -> Result<Response, Problem> {
    let opened = link::open(app, request).await?;
    let standing = &opened.view.standing.value;
    remind::hold(&app.ports, standing).await?;
    let page = MessagePage {
        message: Message::RemindersStopped,
        agency: None,
        action: Some(opened.path),
    };
    pages::message(200, &page, standing.language)
}
