//! The agency's own words, as they are read beside what a mail is made from.

use remit_billing::ids::{AccountId, ClientId};
use remit_billing::mail_text::{MailTexts, OwnWords};
use remit_runtime::problem::Problem;
use remit_store::{Key, keys};

use crate::load::Batch;

/// The keys of the words for mails to a client: the account's, then the client's.
pub fn wanted(account: AccountId, client: ClientId) -> [Key; 2] {
    [
        keys::mail_texts(account, None),
        keys::mail_texts(account, Some(client)),
    ]
}

/// Those words, taken out of what was read by the keys of [`wanted`].
///
/// # Errors
/// 500 for words that cannot be read.
pub fn taken(batch: &mut Batch) -> Result<OwnWords, Problem> {
    let mut words = || {
        let found = batch.take::<MailTexts>()?;
        Ok::<_, Problem>(found.map(|found| found.value.texts))
    };
    Ok(OwnWords {
        account: words()?,
        client: words()?,
    })
}
