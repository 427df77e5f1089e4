//! Contacts of clients sign in: a mail brings a link, the link's button a session, and the session shows all
//! that the contact's clients have.

use remit_billing::client::Client;
use remit_billing::delivery::{About, Delivery, SignInDeliveryKind};
use remit_billing::estimate::Estimate;
use remit_billing::ids::{AccountId, ClientId, ContactId, DeliveryId};
use remit_billing::link::{LinkSecret, Session, SignInLink, UnprovedLink, UnprovedOfferLink};
use remit_billing::party::EmailAddress;
use remit_billing::portal_access::{ContactOf, PortalAccess, SESSION_VALID, SignInRefusal};
use remit_billing::project::Project;
use remit_billing::standing::Standing;
use remit_runtime::problem::Problem;
use remit_store::{
    Commit, CommitError, Index, Item, Key, Query, Range, Record, Store, Versioned, from_item, keys,
    type_of,
};

use crate::facts::Facts;
use crate::links::Links;
use crate::load;
use crate::ports::Ports;

/// The cookie that keeps a session.
pub const COOKIE: &str = "session";

/// The path of an agency's portal.
pub fn path(account: AccountId) -> String {
    format!("/portal/{account}")
}

/// Where who followed a link that has ended signs in; none for what is no link.
pub fn way_in(token: &str) -> Option<String> {
    let invoice = UnprovedLink::parse(token).map(|link| link.claimed().0);
    let account = invoice.or_else(|| Some(UnprovedOfferLink::parse(token)?.claimed().0));
    account.map(path)
}

/// Clients of one agency that one contact stands with; what is beyond is not shown.
const MAX_CLIENTS: usize = 50;
/// What one commit takes; a transaction takes a hundred.
const NOTED_AT_ONCE: usize = 90;

/// Whom an address belongs to.
#[derive(Debug, Clone)]
pub struct Known {
    /// How the contact gets in; none who never asked.
    pub access: Option<Versioned<PortalAccess>>,
    /// The clients that have it as a contact now, by name.
    pub clients: Vec<Client>,
}

/// What is known of a contact. The way to its clients may be older than they are: each is read, and asked.
///
/// # Errors
/// 503.
pub async fn known(
    store: &Store,
    account: AccountId,
    contact: ContactId,
) -> Result<Known, Problem> {
    let query = Query::of(keys::contact(account, contact))
        .range(Range::Prefix(keys::PORTAL_PREFIX.to_owned()))
        .consistent();
    let items = store.query_all_items(&query, MAX_CLIENTS + 1).await;
    let mut access = None;
    let mut wanted = Vec::new();
    for item in items.map_err(|error| Problem::store(&error))? {
        if type_of(&item) == Some(PortalAccess::TYPE) {
            access = Some(from_item::<PortalAccess>(item).map_err(|e| Problem::store(&e))?);
        } else {
            let found = from_item::<ContactOf>(item).map_err(|e| Problem::store(&e))?;
            wanted.push(keys::client(account, found.value.client_id));
        }
    }
    let found = match wanted.is_empty() {
        true => Vec::new(),
        false => store
            .get_many::<Client>(&wanted)
            .await
            .map_err(|error| Problem::store(&error))?,
    };
    let clients = found.into_iter().flatten().map(|client| client.value);
    let mut clients: Vec<_> = clients
        .filter(|client| client.contact(contact).is_some())
        .collect();
    clients.sort_by(|one, other| (one.name.as_str(), one.id).cmp(&(other.name.as_str(), other.id)));
    Ok(Known { access, clients })
}

/// The ways from contacts to a client that is stored anew or changed. Those of a contact that it has no more
/// stay: where they lead, the client says.
///
/// # Errors
/// 503.
pub async fn noted(
    store: &Store,
    before: Option<&Client>,
    after: &Client,
) -> Result<Commit, Problem> {
    let had = before.map(Client::contact_ids).unwrap_or_default();
    let mut new = after.contact_ids();
    new.retain(|contact| !had.contains(contact));
    let new: Vec<_> = new.into_iter().map(|contact| way(after, contact)).collect();
    // A new client has an id of its own: nothing leads to it.
    let known = match before {
        Some(_) if !new.is_empty() => stored(store, &new).await?,
        _ => Vec::new(),
    };
    Ok(added(&new, &known))
}

/// Notes the ways to clients that are about to be taken over, ahead of them: a way that leads nowhere does no
/// harm, and one transaction would not hold them all.
///
/// # Errors
/// 503; 409 where somebody takes over the same at the same time.
pub async fn note_ahead(store: &Store, clients: &[&Client]) -> Result<(), Problem> {
    let all = clients.iter().flat_map(|client| {
        let contacts = client.contact_ids().into_iter();
        contacts.map(|contact| way(client, contact))
    });
    let all: Vec<_> = all.collect();
    for some in all.chunks(NOTED_AT_ONCE) {
        match store.commit(added(some, &[])).await {
            Ok(()) => {}
            // Some of them were noted before, and their clients not taken over.
            Err(CommitError::Conflict { .. }) => {
                let commit = added(some, &stored(store, some).await?);
                if !commit.is_empty() {
                    let done = store.commit(commit).await;
                    done.map_err(|error| Problem::commit(&error))?;
                }
            }
            Err(error) => return Err(Problem::commit(&error)),
        }
    }
    Ok(())
}

fn way(client: &Client, contact_id: ContactId) -> ContactOf {
    ContactOf {
        account_id: client.account_id,
        contact_id,
        client_id: client.id,
    }
}

/// Those of the ways that are there already.
async fn stored(store: &Store, ways: &[ContactOf]) -> Result<Vec<ContactOf>, Problem> {
    let wanted: Vec<Key> = ways.iter().map(ContactOf::key).collect();
    let found = store.get_many::<ContactOf>(&wanted).await;
    let found = found.map_err(|error| Problem::store(&error))?;
    Ok(found.into_iter().flatten().map(|way| way.value).collect())
}

fn added(ways: &[ContactOf], known: &[ContactOf]) -> Commit {
    let new = ways.iter().filter(|way| !known.contains(way));
    new.fold(Commit::new(), |commit, way| commit.create(way, Vec::new()))
}

/// Sends a link to sign in, if the address is a contact's. Whether it was, nobody is told: not by the answer, and
/// not by how many links an address may have.
///
/// # Errors
/// 503.
pub async fn ask(ports: &Ports, account: AccountId, email: &EmailAddress) -> Result<(), Problem> {
    let contact = ContactId::of(account, email);
    ports
        .perform(async || {
            let now = ports.now();
            let known = known(&ports.store, account, contact).await?;
            let Some(client) = known.clients.first() else {
                return Ok((Commit::new(), ()));
            };
            let before = known.access.as_ref();
            let new = || PortalAccess::new(client, contact);
            let access = before.map(|before| before.value.clone()).or_else(new);
            let access = access.ok_or_else(|| Problem::internal("a client without its contact"))?;
            let id: DeliveryId = ports.id(now)?;
            let Ok(after) = access.ask(client, id, now) else {
                tracing::info!(%contact, "too many links to sign in were asked for");
                return Ok((Commit::new(), ()));
            };
            let about = About::SignIn {
                contact_id: contact,
                kind: SignInDeliveryKind::PortalSignIn,
            };
            let delivery = Delivery::requested(id, account, client.id, about, now);
            let commit = match before {
                Some(before) => Commit::new().replace(before, &after, Vec::new()),
                None => Commit::new().create(&after, Vec::new()),
            };
            let facts = Facts::new(ports, account, now);
            Ok((facts.ask_for(commit, &delivery)?, ()))
        })
        .await
}

/// The session that the link of a mail becomes: once.
///
/// # Errors
/// 404 for a contact who never asked, 503.
pub async fn enter(
    ports: &Ports,
    link: SignInLink,
) -> Result<Result<Session, SignInRefusal>, Problem> {
    let key = keys::portal_access(link.account_id, link.contact_id);
    ports
        .perform(async || {
            let now = ports.now();
            let before = load::need::<PortalAccess>(&ports.store, &key).await?;
            let after = match before.value.clone().enter(link.delivery_id, now) {
                Ok(after) => after,
                Err(refusal) => return Ok((Commit::new(), Err(refusal))),
            };
            let session = Session {
                account_id: link.account_id,
                contact_id: link.contact_id,
                generation: after.generation,
                until: now + SESSION_VALID,
            };
            let commit = Commit::new().replace(&before, &after, Vec::new());
            Ok((commit, Ok(session)))
        })
        .await
}

/// Ends the contact's sessions, on every machine.
///
/// # Errors
/// 404, 503.
pub async fn sign_out(ports: &Ports, session: Session) -> Result<(), Problem> {
    let key = keys::portal_access(session.account_id, session.contact_id);
    ports
        .perform(async || {
            let before = load::need::<PortalAccess>(&ports.store, &key).await?;
            if before.value.generation != session.generation {
                return Ok((Commit::new(), ()));
            }
            let after = before.value.clone().sign_out();
            Ok((Commit::new().replace(&before, &after, Vec::new()), ()))
        })
        .await
}

/// Invoices, and drafts, of one client that are shown; older ones are not.
const MAX_INVOICES: usize = 1_000;
/// Estimates of one client that are shown, the newest; and projects that are named.
const MAX_OTHERS: usize = 300;

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// The secret that it is proved with.
    pub secret: LinkSecret,
    /// The contact's address.
    pub email: EmailAddress,
    /// The clients that have it as a contact now, by name: one at least.
    pub clients: Vec<Client>,
}

/// The session of a cookie, where it counts: proved, of this agency, not ended, of a contact that a client still
/// has.
///
/// # Errors
/// 503; 500 where the deployment has no secret.
pub async fn signed_in(
    ports: &Ports,
    links: &Links,
    account: AccountId,
    cookie: Option<&str>,
) -> Result<Option<SignedIn>, Problem> {
    let Some(token) = cookie else {
        return Ok(None);
    };
    let secret = links.secret().await?;
    let session = Session::proved(token, &secret, ports.now());
    let Some(session) = session.filter(|session| session.account_id == account) else {
        return Ok(None);
    };
    let known = known(&ports.store, account, session.contact_id).await?;
    let access = known.access.map(|access| access.value);
    let counts = access.filter(|access| access.generation == session.generation);
    Ok(counts
        .filter(|_| !known.clients.is_empty())
        .map(|access| SignedIn {
            session,
            secret,
            email: access.email,
            clients: known.clients,
        }))
}

impl SignedIn {
    /// The client that is asked for, else the first.
    pub fn client(&self, wanted: Option<&str>) -> Option<&Client> {
        let wanted: Option<ClientId> = wanted.and_then(|text| text.parse().ok());
        let found = self.clients.iter().find(|of| Some(of.id) == wanted);
        found.or_else(|| self.clients.first())
    }
}

/// What one client was sent.
#[derive(Debug, Clone)]
pub struct Documents {
    /// Its issued invoices, the newest first.
    pub standings: Vec<Standing>,
    /// There are older ones.
    pub more: bool,
    /// Its estimates, drafts too.
    pub estimates: Vec<Estimate>,
    /// Its projects.
    pub projects: Vec<Project>,
}

/// What one client was sent, by the index, which follows within a second or so.
///
/// # Errors
/// 503.
pub async fn documents(
    store: &Store,
    account: AccountId,
    client: ClientId,
) -> Result<Documents, Problem> {
    let of = async |prefix, most| of_client(store, account, client, prefix, most).await;
    let mut invoices = of(keys::CLIENT_INVOICE_PREFIX, MAX_INVOICES + 1).await?;
    let more = invoices.len() > MAX_INVOICES;
    invoices.truncate(MAX_INVOICES);
    let estimates = of(keys::CLIENT_ESTIMATE_PREFIX, MAX_OTHERS).await?;
    let projects = of(keys::CLIENT_PROJECT_PREFIX, MAX_OTHERS).await?;
    Ok(Documents {
        standings: load::of_type(invoices)?,
        more,
        estimates: load::of_type(estimates)?,
        projects: load::of_type(projects)?,
    })
}

async fn of_client(
    store: &Store,
    account: AccountId,
    client: ClientId,
    prefix: &str,
    most: usize,
) -> Result<Vec<Item>, Problem> {
    let query = Query::on(Index::ByClient, keys::client_partition(account, client))
        .range(Range::Prefix(prefix.to_owned()))
        .backward();
    let items = store.query_all_items(&query, most).await;
    items.map_err(|error| Problem::store(&error))
}
