//! Several invoices that are paid at once: which, how much of each, and the way to pay them.

use askama::Template;
use remit_billing::money::Money;
use remit_billing::party::Language;

use super::RenderedPage;
use super::frame::Frame;
use super::invoice::{
    Button, Notice, NoticeView, PayAction, buttons, is_long, keep, notice as notice_view,
};
use crate::RenderError;
use crate::agency::Agency;
use crate::locale::Words;

/// Several invoices to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeveralPage {
    /// Who sends them.
    pub agency: Agency,
    /// Their numbers, and what is paid of each.
    pub rows: Vec<(String, Money)>,
    /// What they come to, as reckoned by the caller.
    pub total: Money,
    /// The pay button's form.
    pub pay: PayAction,
    /// What has just happened.
    pub notice: Option<Notice>,
    /// The list that they were chosen from.
    pub back_path: String,
}

/// The page to pay several invoices.
///
/// # Errors
/// When a word is missing or an origin is none.
pub fn render(page: &SeveralPage, language: Language) -> Result<RenderedPage, RenderError> {
    let w = Words::of(language)?;
    let frame = Frame::of(Some(&page.agency));
    let content_security_policy = frame.content_security_policy(&page.pay.checkout_origins)?;
    let total = w.money(&page.total);
    let template = SeveralTemplate {
        w,
        frame,
        p: page,
        notice: page.notice.map(|told| notice_view(w, told)).transpose()?,
        count: i64::try_from(page.rows.len()).unwrap_or(i64::MAX),
        long: is_long(&total),
        total,
        rows: page
            .rows
            .iter()
            .map(|(number, amount)| (number.as_str(), w.money(amount)))
            .collect(),
        buttons: buttons(w, &page.pay, &page.total)?,
        keep: keep(w, &page.agency, &page.pay)?,
    };
    Ok(RenderedPage {
        html: template.render()?,
        content_security_policy,
    })
}

#[derive(Template)]
#[template(path = "page/several/page.html")]
struct SeveralTemplate<'a> {
    w: &'a Words,
    frame: Frame,
    p: &'a SeveralPage,
    notice: Option<NoticeView>,
    count: i64,
    total: String,
    /// The total does not fit in the largest size.
    long: bool,
    rows: Vec<(&'a str, String)>,
    buttons: Vec<Button>,
    /// The question whether what is paid with may be kept, and what that means.
    keep: Option<(String, String)>,
}
