//! All that a client was sent, for its contact who is signed in.

use remit_billing::client::Client;
use remit_billing::client_documents::{Choice, DocumentSort, all_of};
use remit_billing::delivery::OfferTo;
use remit_billing::estimate::Estimate;
use remit_billing::ids::{ContactId, EstimateId, PaymentId, PaymentMethodId};
use remit_billing::link::{LinkEnd, OfferLink};
use remit_billing::party::Language;
use remit_billing::saved_method::RemovedBy;
use remit_billing::standing::{Standing, Status};
use remit_documents::page::{ListedMethod, Message, MessagePage};
use remit_documents::{Contents, Listing, PortalForms, PortalNotice, PortalPaths, Sheet};
use remit_operations::links::Links;
use remit_operations::portal::{self, SignedIn};
use remit_operations::{estimates, load, saved_methods, statements};
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_store::{Commit, keys};

use crate::sign_in::{self, SIGNS_OUT, proof, proved, visitor, written};
use crate::{App, pages};

/// What the form that changes the language is proved with.
const LANGUAGE: &str = "language";
/// What a form that removes a payment method is proved with, beside whose and which it is.
const REMOVES: &str = "remove-method";
/// Letters of what is looked for.
const WORDS_MAX: usize = 100;
/// Pages that an address can ask for.
const PAGES_MAX: usize = 1_000;

/// All documents of one client, or the page that asks for the address.
pub(crate) async fn show(app: &App, request: &Request) -> Result<Response, Problem> {
    let Some(visitor) = visitor(app, request).await? else {
        return sign_in::show(app, request).await;
    };
    let client = client(&visitor, request.query_text("client"))?;
    let account = load::account(&app.ports.store, client.account_id)
        .await?
        .value;
    let found = portal::documents(&app.ports.store, account.id, client.id).await?;
    let now = app.ports.now();
    let documents = all_of(&found.standings, &found.estimates, now).map_err(Problem::internal)?;
    let balances = statements::balances(&app.ports.store, account.id, client.id).await?;
    let methods = methods(app, &visitor, client).await?;
    let others: Vec<&Client> = visitor
        .clients
        .iter()
        .filter(|of| of.id != client.id)
        .collect();
    let choice = choice(request);
    let page = request
        .query_text("page")
        .and_then(|text| text.parse().ok());
    let contents = Contents {
        account: &account,
        client,
        email: visitor.email.as_str(),
        others: &others,
        listing: Listing {
            documents: &documents,
            projects: &found.projects,
            choice: &choice,
        },
        more: found.more,
        balances: balances.iter().map(|balance| balance.amount).collect(),
        methods: &methods,
        page: page.unwrap_or(0_usize).min(PAGES_MAX),
        notice: match request.query_text("notice") {
            Some(LANGUAGE) => Some(PortalNotice::LanguageChanged),
            Some(REMOVES) => Some(PortalNotice::MethodRemoved),
            _ => None,
        },
        now,
    };
    let own = portal::path(account.id);
    let end = LinkEnd::of(now);
    // What needs an invoice's link has that of one that is open, else of the newest.
    let is_open = |standing: &&Standing| matches!(standing.status, Status::Open);
    let leading = found
        .standings
        .iter()
        .find(is_open)
        .or(found.standings.first());
    let leading = leading.map(|standing| Links::path(&visitor.secret, account.id, standing, end));
    let takes_online = !account.payment_providers.is_empty();
    let paths = PortalPaths {
        own: &own,
        invoice: &|standing| Links::path(&visitor.secret, account.id, standing, end),
        estimate: &|id: EstimateId| format!("{own}/estimates/{id}"),
        receipt: &|id: PaymentId| format!("{own}/receipts/{id}?client={}", client.id),
        statement: leading.as_ref().map(|path| format!("{path}/statement")),
        several: leading
            .as_ref()
            .filter(|_| takes_online)
            .map(|path| format!("{path}/invoices")),
        files: &format!("{own}/files"),
        table: &format!("{own}/table"),
    };
    let (out, language) = (format!("{own}/sign-out"), format!("{own}/language"));
    let removes = format!("{own}/payment-methods");
    let forms = PortalForms {
        sign_out: (&out, &proof(&visitor, SIGNS_OUT)),
        language: (&language, &proof(&visitor, LANGUAGE)),
        methods: &removes,
    };
    let page = contents.page(&paths, forms).map_err(Problem::internal)?;
    Ok(pages::answer(200, page))
}

/// What the client lets the agency charge, each with the proof of the form that ends it.
async fn methods(
    app: &App,
    visitor: &SignedIn,
    client: &Client,
) -> Result<Vec<ListedMethod>, Problem> {
    let methods = saved_methods::of_client(&app.ports.store, client.account_id, client.id).await?;
    let methods = methods.into_iter().map(|method| method.value);
    let listed = methods.filter(|method| !method.is_removed()).map(|method| {
        let what = format!("{REMOVES} {} {}", client.id, method.id);
        ListedMethod {
            saved_on: client.time_zone.date_of(method.saved_at),
            with: format!("{} {} {}", client.id, method.id, proof(visitor, &what)),
            label: method.label,
        }
    });
    Ok(listed.collect())
}

/// The contact takes a method of a client's away: at once here, and at the provider as soon as it answers.
pub(crate) async fn remove_method(app: &App, request: &Request) -> Result<Response, Problem> {
    let Some(visitor) = visitor(app, request).await? else {
        return sign_in::show(app, request).await;
    };
    let form = request.form()?;
    let with = form.get("with").map(String::as_str).unwrap_or_default();
    let mut parts = with.split(' ');
    let mut next = || parts.next().unwrap_or_default();
    let (of, method, said) = (next(), next(), next());
    proved(
        app,
        request,
        &visitor,
        &format!("{REMOVES} {of} {method}"),
        said,
    )?;
    let client = client(&visitor, Some(of))?;
    let id: PaymentMethodId = method.parse().map_err(|_| Problem::not_found())?;
    let (ports, by) = (&app.ports, RemovedBy::Client);
    let (account, client) = (client.account_id, client.id);
    let removed = ports
        .perform(async || saved_methods::plan_removal(ports, account, client, id, by).await)
        .await?;
    saved_methods::forget_early(ports, &app.checkouts, &removed).await;
    let own = portal::path(account);
    let back = format!("{own}?client={client}&notice={REMOVES}");
    Ok(pages::see_other(&back))
}

/// What is chosen, as a table.
pub(crate) async fn table(app: &App, request: &Request) -> Result<Response, Problem> {
    let Some(visitor) = visitor(app, request).await? else {
        return sign_in::show(app, request).await;
    };
    let client = client(&visitor, request.query_text("client"))?;
    let found = portal::documents(&app.ports.store, client.account_id, client.id).await?;
    let now = app.ports.now();
    let documents = all_of(&found.standings, &found.estimates, now).map_err(Problem::internal)?;
    let listing = Listing {
        documents: &documents,
        projects: &found.projects,
        choice: &choice(request),
    };
    let sheet = listing.sheet().map_err(Problem::internal)?;
    let csv = sheet.to_csv().map_err(Problem::internal)?;
    let disposition = format!("attachment; filename=\"{}\"", sheet.file_name());
    Ok(Response::text(200, Sheet::MEDIA_TYPE, csv)
        .header("content-disposition", disposition)
        .header("referrer-policy", "no-referrer"))
}

fn client<'a>(visitor: &'a SignedIn, wanted: Option<&str>) -> Result<&'a Client, Problem> {
    visitor.client(wanted).ok_or_else(Problem::not_found)
}

/// What an address chooses: what it says wrongly, or of somebody else, chooses nothing.
fn choice(request: &Request) -> Choice {
    let said = |name: &str| request.query_text(name).filter(|text| !text.is_empty());
    let text = said("q").map(|text| text.chars().take(WORDS_MAX).collect::<String>());
    Choice {
        sort: said("kind").and_then(DocumentSort::parse),
        year: said("year").and_then(|text| text.parse().ok()),
        project: said("project").and_then(|text| text.parse().ok()),
        text: text.filter(|text| !text.trim().is_empty()),
    }
}

/// On to the page of an estimate, where the contact is asked to sign it.
pub(crate) async fn estimate(app: &App, request: &Request) -> Result<Response, Problem> {
    let Some(visitor) = visitor(app, request).await? else {
        return sign_in::show(app, request).await;
    };
    let id: EstimateId = request.path_id("estimate_id")?;
    let account = visitor.session.account_id;
    let key = keys::estimate(account, id);
    let estimate = load::need::<Estimate>(&app.ports.store, &key).await?.value;
    let is_theirs = visitor.clients.iter().any(|of| of.id == estimate.client_id);
    let offer = estimate.offer.as_ref().filter(|_| is_theirs);
    let offer = offer.ok_or_else(Problem::not_found)?;
    let sent = estimates::sent(&app.ports, account, id, offer.version).await?;
    let contact = visitor.session.contact_id;
    let mut signers = sent.signers.iter();
    let signer = signers.find(|of| ContactId::of(account, &of.email) == contact);
    let Some(signer) = signer else {
        let message = MessagePage {
            message: Message::NotSigner,
            agency: None,
            action: Some(portal::path(account)),
        };
        return pages::message(200, &message, language(&visitor));
    };
    let offer = OfferTo {
        estimate_id: id,
        version: offer.version,
        signer_id: signer.id,
    };
    let link = OfferLink::new(account, offer, estimate.link_generation);
    let end = LinkEnd::of(app.ports.now());
    let path = Links::offer_path(&visitor.secret, link, end);
    Ok(pages::see_other(&path))
}

fn language(visitor: &SignedIn) -> Language {
    let first = visitor.clients.first();
    first.map_or_else(Language::default, |client| client.language)
}

/// The client's language, as its contact wants it.
pub(crate) async fn set_language(app: &App, request: &Request) -> Result<Response, Problem> {
    let Some(visitor) = visitor(app, request).await? else {
        return sign_in::show(app, request).await;
    };
    written(app, request, &visitor, LANGUAGE)?;
    let form = request.form()?;
    let id = client(&visitor, form.get("client").map(String::as_str))?.id;
    let wanted = form.get("language").map(String::as_str).unwrap_or_default();
    let own = portal::path(visitor.session.account_id);
    let Ok(wanted) = Language::parse(wanted) else {
        return Ok(pages::see_other(&own));
    };
    let key = keys::client(visitor.session.account_id, id);
    app.ports
        .perform(async || {
            let before = load::need::<Client>(&app.ports.store, &key).await?;
            if before.value.language == wanted {
                return Ok((Commit::new(), ()));
            }
            let after = Client {
                language: wanted,
                updated_at: app.ports.now(),
                ..before.value.clone()
            };
            Ok((Commit::new().replace(&before, &after, Vec::new()), ()))
        })
        .await?;
    let back = format!("{own}?client={id}&notice={LANGUAGE}");
    Ok(pages::see_other(&back))
}
