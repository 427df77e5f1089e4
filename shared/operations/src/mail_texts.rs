//! The agency's own words, as they are read beside what a mail is made from.

use remit_billing::ids::{AccountId, ClientId};
use remit_billing::mail_text::{MailTexts, OwnWords};
use remit_store::{Key, keys};

use crate::load::Batch;

/// The keys of the words for mails to a client: the account's, then the client's.
pub fn wanted(account: AccountId, client: ClientId) -> [Key; 2] {
    [
        keys::mail_texts(account, None),
        keys::mail_texts(account, Some(client)),
    ]
}

/// Those words, taken out of what was read by the keys of [`wanted`]. Words that cannot be read stop no mail:
/// Remit's own go out.
pub fn taken(batch: &mut Batch) -> OwnWords {
    let mut words = || match batch.take::<MailTexts>() {
        Ok(found) => found.map(|found| found.value.texts),
        Err(problem) => {
            tracing::error!(?problem, "an agency's own words cannot be read");
            None
        }
    };
    OwnWords {
        account: words(),
        client: words(),
    }
}
