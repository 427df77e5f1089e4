//! E-invoices through a network: due in the commit that issues their document, claimed before they are handed over,
//! settled after.

use std::sync::Arc;

use async_trait::async_trait;
use remit_billing::credit_note::CreditNote;
use remit_billing::e_invoice::transmission::{
    EInvoiceTransmission, HandOverOutcome, NetworkName, NotAskedAgain, RefusedReason,
    TransmissionClaim, Transmitted,
};
use remit_billing::ids::{AccountId, InvoiceId};
use remit_billing::standing::Status;
use remit_documents::{EInvoiceError, Issued};
use remit_notify::network::{EInvoiceNetwork, HandOverError, Outgoing};
use remit_runtime::Objects;
use remit_runtime::problem::Problem;
use remit_store::{Commit, Store, Versioned, from_item, keys};

use crate::deliver::store;
use crate::facts::Facts;
use crate::load::{self, Batch, IssuedView};
use crate::ports::Ports;

/// What an e-invoice is.
const XML: &str = "application/xml";

/// A folder of the bucket as a network: the program of an access point takes the files from there.
struct FileDrop(Arc<dyn Objects>);

#[async_trait]
impl EInvoiceNetwork for FileDrop {
    async fn hand_over(&self, outgoing: Outgoing<'_>) -> Result<String, HandOverError> {
        let (account, document) = (outgoing.account_id, outgoing.document);
        let key = format!("e-invoices/outbox/{account}/{document}.xml");
        let kept = self.0.keep(&key, XML, outgoing.xml).await;
        kept.map_err(|problem| HandOverError::Unavailable {
            detail: problem.to_string(),
        })?;
        Ok(key)
    }
}

/// The networks that there are.
#[derive(Clone)]
pub struct Networks {
    /// The folder.
    pub file_drop: Arc<dyn EInvoiceNetwork>,
}

impl Networks {
    /// Those that need a bucket and nothing else.
    pub fn over(objects: Arc<dyn Objects>) -> Self {
        Self {
            file_drop: Arc::new(FileDrop(objects)),
        }
    }

    fn named(&self, name: NetworkName) -> &dyn EInvoiceNetwork {
        match name {
            NetworkName::FileDrop => self.file_drop.as_ref(),
        }
    }
}

/// Hands a document over to its network, if that is due.
///
/// # Errors
/// 404 for what was never asked for; 503. It is then still due, and a sweep finds it.
pub async fn transmit(
    ports: &Ports,
    networks: &Networks,
    account_id: AccountId,
    document: Transmitted,
) -> Result<(), Problem> {
    let now = ports.now();
    let material = Material::load(ports, account_id, document).await?;
    let stored = &material.stored;
    if material.view.account.held {
        tracing::info!(%document, "the account is held: nothing is handed over");
        return Ok(());
    }
    let claimed = match stored.value.clone().claim(ports.id(now)?, now) {
        TransmissionClaim::Leave => return Ok(()),
        TransmissionClaim::Close(closed) => return settle(ports, stored, &closed).await,
        TransmissionClaim::HandOver(claimed) => claimed,
    };
    let commit = Commit::new().replace(stored, &claimed, Vec::new());
    if !store(ports, commit).await? {
        // Somebody else has it.
        return Ok(());
    }
    let claimed = Versioned::new(claimed, stored.version + 1);
    let outcome = material.hand_over(ports, networks).await;
    let settled = claimed.value.clone().settle(outcome, ports.now());
    settle(ports, &claimed, &settled).await
}

/// Stores what it came to, and tells the agency where that is nothing. Where somebody was faster, the lease had run
/// out, and what they came to counts.
async fn settle(
    ports: &Ports,
    before: &Versioned<EInvoiceTransmission>,
    after: &EInvoiceTransmission,
) -> Result<(), Problem> {
    let facts = Facts::new(ports, after.account_id, ports.now());
    let events = facts.transmission_changed(after)?;
    store(ports, Commit::new().replace(before, after, events)).await?;
    Ok(())
}

/// Of what an e-invoice is made.
struct Material {
    stored: Versioned<EInvoiceTransmission>,
    view: IssuedView,
    note: Option<CreditNote>,
}

impl Material {
    async fn load(
        ports: &Ports,
        account: AccountId,
        document: Transmitted,
    ) -> Result<Self, Problem> {
        let invoice = document.invoice_id;
        let mut wanted = vec![
            keys::e_invoice_transmission(account, document),
            keys::invoice_document(account, invoice),
            keys::invoice_standing(account, invoice),
            keys::account(account),
        ];
        let note = document.credit_note_id;
        wanted.extend(note.map(|note| keys::credit_note(account, invoice, note)));
        let mut batch = Batch::read(&ports.store, &wanted).await?;
        Ok(Self {
            stored: batch.need()?,
            view: load::issued_of(&mut batch)?,
            note: match note {
                Some(_) => Some(batch.need::<CreditNote>()?.value),
                None => None,
            },
        })
    }

    async fn hand_over(&self, ports: &Ports, networks: &Networks) -> HandOverOutcome {
        let transmission = &self.stored.value;
        let is_void = matches!(self.view.standing.value.status, Status::Void { .. });
        if is_void && self.note.is_none() {
            return HandOverOutcome::Refused(RefusedReason::Void);
        }
        let xml = match self.written(ports) {
            Ok(xml) => xml,
            Err(error) => {
                tracing::warn!(document = %transmission.document, %error, "no e-invoice to hand over");
                return match error {
                    EInvoiceError::Refused(_) => {
                        HandOverOutcome::Refused(RefusedReason::NotAnEInvoice)
                    }
                    EInvoiceError::Render(_) => HandOverOutcome::Later,
                };
            }
        };
        let outgoing = Outgoing {
            account_id: transmission.account_id,
            document: transmission.document,
            profile: transmission.route.profile,
            to: &transmission.route.to,
            xml: &xml,
        };
        let network = networks.named(transmission.route.network);
        match network.hand_over(outgoing).await {
            Ok(reference) => HandOverOutcome::Taken { reference },
            Err(error) => {
                tracing::warn!(document = %transmission.document, %error, "an e-invoice was not taken");
                match error {
                    HandOverError::Unavailable { .. } => HandOverOutcome::Later,
                    HandOverError::Refused { .. } => {
                        HandOverOutcome::Refused(RefusedReason::NotTaken)
                    }
                }
            }
        }
    }

    fn written(&self, ports: &Ports) -> Result<Vec<u8>, EInvoiceError> {
        let issued = Issued {
            account: &self.view.account,
            invoice: &self.view.invoice,
            standing: &self.view.standing.value,
            now: ports.now(),
        };
        let profile = self.stored.value.route.profile;
        match &self.note {
            Some(note) => issued.credit_note_as_xml(note, profile),
            None => issued.as_xml(profile),
        }
    }
}

/// The transmissions of an issued invoice and its credit notes, in the order of the documents.
///
/// # Errors
/// 404; 409 `not_issued`; 503.
pub async fn of_invoice(
    store: &Store,
    account: AccountId,
    invoice_id: InvoiceId,
) -> Result<Vec<Versioned<EInvoiceTransmission>>, Problem> {
    let view = load::issued(store, account, invoice_id).await?;
    let credits = view.standing.value.credits.iter();
    let notes = credits.map(|credit| Some(credit.id));
    let documents = std::iter::once(None).chain(notes);
    let documents = documents.map(|credit_note_id| Transmitted {
        invoice_id,
        credit_note_id,
    });
    let wanted: Vec<_> = documents
        .map(|document| keys::e_invoice_transmission(account, document))
        .collect();
    let items = store.get_many_items(&wanted).await;
    let items = items.map_err(|error| Problem::store(&error))?;
    let found = items.into_iter().flatten();
    let found = found.map(|item| from_item(item).map_err(|error| Problem::store(&error)));
    found.collect()
}

/// Plans that what failed of an invoice is handed over once more; with them as they are then.
///
/// # Errors
/// 404; 409 `not_issued`, `no_failed_transmission`; 503.
pub async fn plan_again(
    ports: &Ports,
    account: AccountId,
    invoice_id: InvoiceId,
) -> Result<(Commit, Vec<EInvoiceTransmission>), Problem> {
    let now = ports.now();
    let facts = Facts::new(ports, account, now);
    let (mut commit, mut all) = (Commit::new(), Vec::new());
    for stored in of_invoice(&ports.store, account, invoice_id).await? {
        match stored.value.clone().asked_again(now) {
            Some(again) => {
                let events = vec![facts.transmission_requested(&again)?];
                commit = commit.replace(&stored, &again, events);
                all.push(again);
            }
            None => all.push(stored.value),
        }
    }
    match commit.is_empty() {
        true => Err(NotAskedAgain::NoneFailed.into()),
        false => Ok((commit, all)),
    }
}
