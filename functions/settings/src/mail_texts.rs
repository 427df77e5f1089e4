//! The agency's own words in mails to clients: `GET` and `PUT /v1/settings/mail-texts`, the same of one client
//! (`/v1/clients/{client_id}/mail-texts`), `POST /v1/settings/mail-texts/preview` and `/test`.

use jiff::{Timestamp, ToSpan as _};
use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::delivery::{About, Delivery, DeliveryKind, MailTestKind};
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{AccountId, ClientId, InvoiceId, PaymentId, TypedId as _};
use remit_billing::invoice::IssueRefusal;
use remit_billing::ledger::Rail;
use remit_billing::mail_text::{
    MailTexts, OwnWords, Template, TextKind, TextPart, Wording, Wordings,
};
use remit_billing::member::Roster;
use remit_billing::money::Money;
use remit_billing::party::Language;
use remit_documents::agency::AgencyLogo;
use remit_documents::mail::{LOGO_CONTENT_ID, RenderedMail};
use remit_documents::{Issued, MailOptions, Sample};
use remit_operations::facts::Facts;
use remit_operations::load::{self, Batch, IssuedView};
use remit_operations::mail_texts;
use remit_operations::shown::mail_texts::mail_texts as shown;
use remit_runtime::Problem;
use remit_runtime::body::{Reader, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::{Commit, Versioned, keys};
use serde_json::{Value, json};

use crate::App;

/// Whose words a route is about: one client's where its path names one, else the account's.
async fn whose(app: &App, request: &Request) -> Result<Option<ClientId>, Problem> {
    if request.path_text("client_id").is_none() {
        return Ok(None);
    }
    let account = request.principal()?.account_id;
    let id: ClientId = request.path_id("client_id")?;
    load::client(&app.store, account, id).await?;
    Ok(Some(id))
}

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let account = request.principal()?.account_id;
    let client = whose(app, request).await?;
    let found = stored(app, account, client).await?;
    let version = found.as_ref().map_or(0, |found| found.version);
    let texts = match found {
        Some(found) => found.value,
        None => MailTexts::none(account, client, app.clock.now()),
    };
    Ok(Response::json(200, &shown(&texts)?).etag(version))
}

pub(crate) async fn put(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let account_id = principal.account_id;
    let seen = request.if_match()?;
    let texts = read(&request.json()?, |r| {
        if !r.has("texts") {
            r.fault("texts", Fault::Required);
        }
        let texts = r.object("texts", wordings)?;
        let max = Wordings::CHARACTERS_MAX;
        if texts.characters() > max {
            r.fault("texts", Fault::TooLong { max });
        }
        Some(texts)
    });
    let texts = texts.map_err(Problem::invalid_body)?;
    let client_id = whose(app, request).await?;
    let now = app.clock.now();
    let wanted = &MailTexts {
        account_id,
        client_id,
        texts,
        updated_at: now,
    };
    let keyed = request.keyed(principal)?;
    perform(&app.store, keyed, now, || async move {
        let found = stored(app, account_id, client_id).await?;
        let version = found.as_ref().map_or(0, |found| found.version);
        if version != seen {
            return Err(Problem::stale_version());
        }
        let commit = match &found {
            Some(before) => Commit::new().replace(before, wanted, Vec::new()),
            None => Commit::new().create(wanted, Vec::new()),
        };
        let response = Response::json(200, &shown(wanted)?).etag(version + 1);
        Ok(Effect { commit, response })
    })
    .await
}

async fn stored(
    app: &App,
    account: AccountId,
    client: Option<ClientId>,
) -> Result<Option<Versioned<MailTexts>>, Problem> {
    let found = app.store.get(&keys::mail_texts(account, client)).await;
    found.map_err(|error| Problem::store(&error))
}

/// The words by language and kind of mail.
fn wordings(r: &mut Reader<'_>) -> Option<Wordings> {
    let mut all = Wordings::default();
    for language in Language::ALL {
        r.object(language.tag(), |r| {
            for kind in TextKind::ALL {
                if let Some(said) = r.object(kind.as_str(), |r| wording(r, *kind)) {
                    all.set(*language, *kind, said);
                }
            }
            Some(())
        });
    }
    Some(all)
}

/// The words for one kind of mail, part by part.
fn wording(r: &mut Reader<'_>, kind: TextKind) -> Option<Wording> {
    let parts = TextPart::ALL.iter().filter_map(|part| {
        let parse = |text: &str| Template::parse(text, kind, *part);
        let template = r.optional_text(part.as_str(), parse)?;
        Some((*part, template))
    });
    Some(Wording::new(parts.collect::<Vec<_>>()))
}

/// Which mail is looked at.
struct Looked {
    kind: TextKind,
    language: Option<Language>,
    client_id: Option<ClientId>,
}

impl Looked {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        let allowed = TextKind::WORDS;
        let kind = r.text("kind", |text| {
            TextKind::parse(text).ok_or(Fault::UnknownValue { allowed })
        });
        let language = r.optional_text("language", Language::parse);
        let client_id = r.optional_text("client_id", str::parse::<ClientId>);
        Some(Self {
            kind: kind?,
            language,
            client_id,
        })
    }
}

/// What a preview is made of.
struct Previewed {
    looked: Looked,
    invoice_id: Option<InvoiceId>,
    texts: Wording,
}

fn previewed(body: &Value) -> Result<Previewed, Vec<PointedFault>> {
    read(body, |r| {
        let looked = Looked::read(r);
        let invoice_id = r.optional_text("invoice_id", str::parse::<InvoiceId>);
        for other in ["client_id", "language"] {
            if r.has("invoice_id") && r.has(other) {
                let fields = "an invoice, or a client and a language";
                r.fault(other, Fault::Exclusive { fields });
            }
        }
        // Without its kind the words cannot be read.
        let looked = looked?;
        let texts = r.object("texts", |r| wording(r, looked.kind));
        Some(Previewed {
            looked,
            invoice_id,
            texts: texts.unwrap_or_default(),
        })
    })
}

/// The mail as it would read: with these words before those that are kept. Nothing is stored.
pub(crate) async fn preview(app: &App, request: &Request) -> Result<Response, Problem> {
    let account = request.principal()?.account_id;
    let wanted = previewed(&request.json()?).map_err(Problem::invalid_body)?;
    let rendered = match wanted.invoice_id {
        Some(invoice) => of_invoice(app, account, invoice, &wanted).await?,
        None => of_sample(app, account, &wanted).await?,
    };
    let view = json!({
        "subject": rendered.subject.as_str(),
        "text": rendered.text,
        "html": with_logo_shown(app, account, rendered.html).await?,
    });
    Ok(Response::json(200, &view))
}

/// A mail brings its logo along; what is looked at in a browser gets it from where pages do.
async fn with_logo_shown(app: &App, account: AccountId, html: String) -> Result<String, Problem> {
    let in_mail = format!("cid:{LOGO_CONTENT_ID}");
    if !html.contains(&in_mail) {
        return Ok(html);
    }
    let account = app.account(account).await?;
    let path = AgencyLogo::of(&account.value).map(|logo| logo.path());
    let address = format!("{}{}", app.public_base_url, path.unwrap_or_default());
    Ok(html.replace(&in_mail, &address))
}

/// The words of a preview before the client's, and those before the account's.
fn before(words: OwnWords, language: Language, kind: TextKind, texts: &Wording) -> OwnWords {
    let mut client = words.client.unwrap_or_default();
    let kept = client.get(language, kind).cloned().unwrap_or_default();
    client.set(language, kind, texts.clone().or(&kept));
    OwnWords {
        client: Some(client),
        ..words
    }
}

async fn of_sample(
    app: &App,
    account: AccountId,
    wanted: &Previewed,
) -> Result<RenderedMail, Problem> {
    let Looked {
        kind,
        language,
        client_id,
    } = wanted.looked;
    let mut all = vec![keys::account(account)];
    match client_id {
        Some(id) => {
            all.push(keys::client(account, id));
            all.extend(mail_texts::wanted(account, id));
        }
        None => all.push(keys::mail_texts(account, None)),
    }
    let mut batch = Batch::read(&app.store, &all).await?;
    let account = batch.need::<Account>()?.value;
    let (words, client) = match client_id {
        Some(_) => {
            let client = batch.take::<Client>()?.map(|found| found.value);
            let unknown = || Problem::fault("/client_id", Fault::UnknownReference);
            let client = client.ok_or_else(unknown)?;
            (mail_texts::taken(&mut batch), Some(client))
        }
        None => {
            let of_account = batch.take::<MailTexts>()?;
            let words = OwnWords {
                account: of_account.map(|found| found.value.texts),
                client: None,
            };
            (words, None)
        }
    };
    let of_client = client.as_ref().map(|client| client.language);
    let language = language.or(of_client).unwrap_or(account.language);
    let sample = Sample {
        account: &account,
        client: client.as_ref(),
        language,
        own_words: &before(words, language, kind, &wanted.texts),
        page_url: &app.public_base_url,
        now: app.clock.now(),
    };
    sample.mail(kind).map_err(Problem::internal)
}

async fn of_invoice(
    app: &App,
    account: AccountId,
    invoice: InvoiceId,
    wanted: &Previewed,
) -> Result<RenderedMail, Problem> {
    let view = match load::issued(&app.store, account, invoice).await {
        Err(problem) if problem.status() == 404 => {
            return Err(Problem::fault("/invoice_id", Fault::UnknownReference));
        }
        view => view?,
    };
    let client_id = view.standing.value.client_id;
    let mut batch = Batch::read(&app.store, &mail_texts::wanted(account, client_id)).await?;
    let words = mail_texts::taken(&mut batch);
    let kind = wanted.looked.kind;
    let issued = Issued {
        account: &view.account,
        invoice: &view.invoice,
        standing: &view.standing.value,
        now: app.clock.now(),
    };
    let (delivery, now) = mail_of(kind, &view, issued.now)?;
    let issued = Issued { now, ..issued };
    let own_words = &before(words, issued.language(), kind, &wanted.texts);
    let options = MailOptions {
        recipient: None,
        page_url: &app.public_base_url,
        can_pay_online: !view.account.payment_providers.is_empty(),
        payment_reference: None,
        message: None,
        credit_note: None,
        covers: &[],
        deliveries: &[],
        thread: None,
        bounced: &[],
        own_words,
    };
    issued.mail(&delivery, options).map_err(Problem::internal)
}

/// The mail of a kind about an invoice, and when it would leave: a reminder on a day on which its tone is
/// said.
fn mail_of(
    kind: TextKind,
    view: &IssuedView,
    now: Timestamp,
) -> Result<(DeliveryKind, Timestamp), Problem> {
    let standing = &view.standing.value;
    if let Some((tone, days)) = kind.reminds() {
        let day = standing.due_on.saturating_add(days.days());
        let noon = standing.time_zone.zone().to_timestamp(day.at(12, 0, 0, 0));
        let kind = DeliveryKind::Reminder {
            offset_days: days,
            cycle: 0,
            tone: Some(tone),
            promised_on: None,
        };
        return Ok((kind, noon.map_err(Problem::internal)?));
    }
    match kind {
        TextKind::Receipt => {
            let newest = standing.payments.last();
            let payable = view.invoice.totals.payable;
            let receipt = DeliveryKind::Receipt {
                payment_id: newest
                    .map_or(PaymentId::from_uuid(standing.invoice_id.uuid()), |of| of.id),
                amount: newest.map_or(payable, |of| of.amount),
                kept: Money::zero(payable.currency()),
                received_on: newest.map_or(view.account.today(now), |of| of.on),
                rail: newest.map_or(Rail::BankTransfer, |of| of.rail),
            };
            Ok((receipt, now))
        }
        TextKind::Invoice => Ok((DeliveryKind::Invoice, now)),
        // Of something else than an invoice: a reminder is told above.
        TextKind::ReminderUpcoming
        | TextKind::ReminderFriendly
        | TextKind::ReminderNeutral
        | TextKind::ReminderFirm
        | TextKind::ReminderFinal
        | TextKind::Estimate
        | TextKind::EstimateExpiring
        | TextKind::ProjectThanks
        | TextKind::SubscriptionNotice
        | TextKind::Statement => Err(Problem::fault("/invoice_id", Fault::UnknownField)),
    }
}

/// Asks for a mail about a sample, to who asks: with the words that are kept.
pub(crate) async fn test(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let account_id = principal.account_id;
    let wanted = read(&request.json()?, Looked::read).map_err(Problem::invalid_body)?;
    let wanted = &wanted;
    let ports = &app.ports();
    let now = ports.now();
    let keyed = request.keyed(principal)?;
    perform(&app.store, keyed, now, || async move {
        let mut all = vec![keys::account(account_id), keys::roster(account_id)];
        all.extend(wanted.client_id.map(|id| keys::client(account_id, id)));
        let mut batch = Batch::read(&app.store, &all).await?;
        let account = batch.need::<Account>()?.value;
        let roster = batch.take::<Roster>()?.map(|found| found.value);
        let client = batch.take::<Client>()?.map(|found| found.value);
        if wanted.client_id.is_some() && client.is_none() {
            return Err(Problem::fault("/client_id", Fault::UnknownReference));
        }
        if account.held {
            return Err(IssueRefusal::AccountHeld.into());
        }
        let of_client = client.map(|client| client.language);
        let about = About::MailTest {
            text_kind: wanted.kind,
            language: wanted.language.or(of_client).unwrap_or(account.language),
            words_for: wanted.client_id,
            tested_by: principal.member_id,
            kind: MailTestKind::MailTest,
        };
        let delivery = Delivery::requested(ports.id(now)?, account_id, None, about, now);
        let facts = Facts::new(ports, account_id, now);
        let requested = facts.delivery_requested(&delivery)?;
        let member = principal
            .member_id
            .and_then(|id| roster?.member(id).cloned());
        let to = member.map_or(account.email, |member| member.email);
        Ok(Effect {
            commit: Commit::new().create(&delivery, vec![requested]),
            response: Response::json(202, &json!({"delivery_id": delivery.id, "to": to})),
        })
    })
    .await
}
