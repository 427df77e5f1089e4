//! Sets a document and keeps it, once.

use std::sync::{Mutex, OnceLock, PoisonError};

use remit_billing::account::Account;
use remit_billing::brand::Logo;
use remit_billing::credit_note::CreditNote;
use remit_billing::delivery::{About, Delivery, DeliveryKind};
use remit_billing::instalment::InstalmentPlan;
use remit_documents::Issued;
use remit_documents::paper::{Paper, PaperLogo, Received};
use remit_operations::load::{self, IssuedView};
use remit_operations::papers::{PDF, PaperOf};
use remit_runtime::{BoxError, Problem};
use remit_store::keys;
use remit_typesetting::{Pdf, Typesetter};

use crate::App;

/// A document of an invoice.
#[derive(Clone, Copy)]
pub(crate) enum Of<'a> {
    Invoice,
    CreditNote(&'a CreditNote),
    Receipt(&'a Delivery),
    Plan(&'a Delivery, &'a InstalmentPlan),
}

impl Of<'_> {
    /// Which; none where the delivery is of no receipt.
    fn paper_of(self, view: &IssuedView) -> Option<PaperOf> {
        match self {
            Of::Invoice => Some(PaperOf::Invoice(view.invoice.id)),
            Of::CreditNote(note) => Some(PaperOf::CreditNote(note.id)),
            Of::Receipt(delivery) | Of::Plan(delivery, _) => PaperOf::of_delivery(delivery),
        }
    }

    /// The words on it.
    fn paper(self, app: &App, view: &IssuedView) -> Result<Paper, Problem> {
        let issued = Issued {
            account: &view.account,
            invoice: &view.invoice,
            standing: &view.standing.value,
            now: app.ports.now(),
        };
        let paper = match self {
            Of::Invoice => issued.paper(),
            Of::CreditNote(note) => issued.credit_note_paper(note),
            Of::Plan(_, plan) => issued.plan_paper(plan),
            Of::Receipt(delivery) => {
                let About::Invoice {
                    kind:
                        DeliveryKind::Receipt {
                            payment_id,
                            amount,
                            received_on,
                            rail,
                            ..
                        },
                    ..
                } = delivery.about
                else {
                    return Err(Problem::internal("a receipt of no payment"));
                };
                issued.receipt_paper(&Received {
                    payment_id,
                    amount,
                    on: received_on,
                    rail,
                    covers: &delivery.covers,
                })
            }
        };
        paper.map_err(Problem::internal)
    }
}

/// Makes the file, unless it is there. Its name in the bucket.
///
/// # Errors
/// 500 where it cannot be set, 503.
pub(crate) async fn ensure(app: &App, view: &IssuedView, of: Of<'_>) -> Result<String, Problem> {
    let account = view.account.id;
    let paper_of = of.paper_of(view);
    let paper_of = paper_of.ok_or_else(|| Problem::internal("a delivery without a document"))?;
    let key = paper_of.object_key(account);
    if app.objects.has(&key).await? {
        return Ok(key);
    }
    let mut paper = of.paper(app, view)?;
    paper.logo = logo(app, &view.account).await?;
    let pdf = tokio::task::spawn_blocking(move || set(&paper));
    let pdf = pdf.await.map_err(Problem::internal)??;
    if !pdf.missing.is_empty() {
        // Which they are, a person wrote: how many says that fonts are to be looked at.
        let count = pdf.missing.len();
        tracing::warn!(%key, count, "characters that no font has");
    }
    app.objects.keep(&key, PDF, &pdf.bytes).await?;
    tracing::info!(%key, sheets = pdf.sheets, bytes = pdf.bytes.len(), "rendered");
    Ok(key)
}

/// The agency's logo as it is now.
async fn logo(app: &App, account: &Account) -> Result<Option<PaperLogo>, Problem> {
    let Some(facts) = account.brand.logo else {
        return Ok(None);
    };
    let key = keys::logo(account.id, facts.sha256);
    let found = load::need::<Logo>(&app.ports.store, &key).await?.value;
    Ok(Some(PaperLogo {
        facts,
        png: found.png,
    }))
}

/// The fonts are read once, and lent to one document after the other.
static TYPESETTER: OnceLock<Result<Mutex<Typesetter>, String>> = OnceLock::new();

fn typesetter() -> Result<&'static Mutex<Typesetter>, &'static String> {
    let made = TYPESETTER.get_or_init(|| {
        let typesetter = Typesetter::new().map_err(|error| error.to_string())?;
        Ok(Mutex::new(typesetter))
    });
    made.as_ref()
}

/// Reads the fonts ahead of the first document.
///
/// # Errors
/// A font that cannot be read.
pub fn read_fonts() -> Result<(), BoxError> {
    typesetter().map_err(String::as_str)?;
    Ok(())
}

fn set(paper: &Paper) -> Result<Pdf, Problem> {
    let typesetter = typesetter().map_err(Problem::internal)?;
    // One that failed half-way begins anew with the next document.
    let mut typesetter = typesetter.lock().unwrap_or_else(PoisonError::into_inner);
    typesetter.set(paper).map_err(Problem::internal)
}
