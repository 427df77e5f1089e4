//! The world of one history: the real functions, on ports that fail as the plan says.

use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use remit_billing::actor::ActorId;
use remit_billing::canonical::ContentHash;
use remit_billing::exchange::ExchangeRate;
use remit_billing::file::{File, FileFacts, MediaType};
use remit_billing::ids::{AccountId, MemberId, TypedId};
use remit_billing::money::Currency;
use remit_billing::party::EmailAddress;
use remit_billing::reconciliation::Reconciliation;
use remit_operations::Ports;
use remit_operations::checkouts::{ApiBases, Checkouts};
use remit_operations::deliver::Postbox;
use remit_operations::fan_out::{FanOut, Sizes};
use remit_operations::links::Links;
use remit_runtime::audited::Audited;
use remit_runtime::http::Http;
use remit_runtime::model::{Call, MemoryObjects, MemorySecrets, SeededRandom, SetClock};
use remit_runtime::secrets::{Secret, SecretError, Secrets};
use remit_runtime::{Clock, Function, Ids};
use remit_store::{Commit, Store, keys};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::audit::Audit;
use crate::bank::{Bank, IBAN};
use crate::bugs::Bug;
use crate::bus::{Carriers, DueQueue, Queue};
use crate::dice::Dice;
use crate::findings::Findings;
use crate::hazard::{Effect, Fault, Hazards, Invocation, Outcome};
use crate::known::Known;
use crate::mail::FaultyMailer;
use crate::schedule;
use crate::stripe::Stripe;
use crate::table::FaultyTable;
use crate::words::Words;

/// When every history begins: shortly before a year ends, so that series of numbers change.
const BEGIN: &str = "2026-12-21T10:00:00Z";
const PREFIX: &str = "/remit/simulation";
const LINK_SECRET: &str = "/remit/simulation/link-secret";
/// What Stripe signs its webhooks with.
pub const WEBHOOK_SECRET: &str = "whsec_simulation";
/// Statements that are brought in one history, at most.
const FILES: usize = 12;
const API_KEY: &str = "remit_a_key_of_more_than_thirty_two_characters";

/// The functions of the main job.
pub struct Functions {
    pub authorizer: Arc<dyn Function>,
    pub clients: Arc<dyn Function>,
    pub invoices: Arc<dyn Function>,
    pub settings: Arc<dyn Function>,
    pub portal: Arc<dyn Function>,
    pub webhooks: Arc<dyn Function>,
    pub invoice_sending: Arc<dyn Function>,
    pub receipt_sending: Arc<dyn Function>,
    pub reminders: Arc<dyn Function>,
    pub subscriptions: Arc<dyn Function>,
    pub subscription_billing: Arc<dyn Function>,
    pub late_fees: Arc<dyn Function>,
    pub audit_sealing: Arc<dyn Function>,
    pub projects: Arc<dyn Function>,
    pub estimates: Arc<dyn Function>,
    pub statements: Arc<dyn Function>,
    pub janitor: Arc<dyn Function>,
    pub publisher: Arc<dyn Function>,
    pub feedback: Arc<dyn Function>,
    pub expiry: Arc<dyn Function>,
    pub bank: Arc<dyn Function>,
    pub imports: Arc<dyn Function>,
}

impl Functions {
    /// The same, whose commits are in the audit log, as in a deployment.
    fn audited(self, clock: &Arc<SetClock>) -> Self {
        let random = Arc::new(SeededRandom::of(0xA0D1));
        let audited = |name: &str, function: Arc<dyn Function>| {
            let (clock, random) = (Arc::clone(clock) as _, Arc::clone(&random) as _);
            Arc::new(Audited::new(name, function, clock, random)) as Arc<dyn Function>
        };
        Self {
            authorizer: self.authorizer,
            clients: audited("clients", self.clients),
            invoices: audited("invoices", self.invoices),
            settings: audited("settings", self.settings),
            portal: audited("portal", self.portal),
            webhooks: audited("payment-webhooks", self.webhooks),
            invoice_sending: audited("invoice-sending", self.invoice_sending),
            receipt_sending: audited("receipt-sending", self.receipt_sending),
            reminders: audited("reminder-dispatch", self.reminders),
            subscriptions: audited("subscriptions", self.subscriptions),
            subscription_billing: audited("subscription-billing", self.subscription_billing),
            late_fees: audited("late-fees", self.late_fees),
            audit_sealing: self.audit_sealing,
            projects: audited("projects", self.projects),
            estimates: audited("estimates", self.estimates),
            statements: audited("statement-sending", self.statements),
            janitor: audited("janitor", self.janitor),
            publisher: self.publisher,
            feedback: audited("mail-feedback", self.feedback),
            expiry: audited("checkout-expiry", self.expiry),
            bank: audited("bank-statements", self.bank),
            imports: audited("bank-statement-import", self.imports),
        }
    }
}

/// Everything there is in one history.
pub struct World {
    pub hazards: Arc<Hazards>,
    pub findings: Arc<Findings>,
    pub clock: Arc<SetClock>,
    pub table: Arc<FaultyTable>,
    pub mailer: Arc<FaultyMailer>,
    pub stripe: Arc<Stripe>,
    pub carriers: Arc<Carriers>,
    pub words: Arc<Words>,
    pub bank: Bank,
    pub functions: Functions,
    pub account: AccountId,
    pub bug: Option<Bug>,
    audit: Mutex<Audit>,
    known: Mutex<Known>,
}

struct FaultySecrets {
    secrets: MemorySecrets,
    hazards: Arc<Hazards>,
}

#[async_trait]
impl Secrets for FaultySecrets {
    async fn get(&self, name: &str, fresh: bool) -> Result<Option<Secret>, SecretError> {
        let what = || name.rsplit('/').next().unwrap_or(name).to_owned();
        if self.hazards.arrive(Effect::Secret, what).await == Some(Fault::Throttled) {
            return Err(SecretError::new("throttled"));
        }
        self.secrets.get(name, fresh).await
    }

    async fn put(&self, name: &str, secret: &Secret) -> Result<(), SecretError> {
        self.secrets.put(name, secret).await
    }

    async fn delete(&self, name: &str) -> Result<(), SecretError> {
        self.secrets.delete(name).await
    }
}

impl World {
    /// A world with one agency that takes Stripe, at the beginning of time.
    pub fn new(seed: u64, bug: Option<Bug>, traced: bool) -> Self {
        let clock = Arc::new(SetClock::at(BEGIN.parse().unwrap()));
        let hazards = Arc::new(Hazards::new(Arc::clone(&clock), traced));
        let findings = Arc::new(Findings::default());
        let words = Arc::new(Words::new(
            Arc::clone(&hazards),
            Arc::clone(&findings),
            Arc::clone(&clock),
        ));
        let table = FaultyTable::new(Arc::clone(&hazards), Arc::clone(&words), bug);
        let table = Arc::new(table);
        let mailer = Arc::new(FaultyMailer::new(
            Arc::clone(&hazards),
            Arc::clone(&findings),
            Arc::clone(&table),
            Arc::clone(&clock),
            bug,
        ));
        let stripe = Arc::new(Stripe::new(Arc::clone(&hazards), Arc::clone(&clock)));
        let carriers = Arc::new(Carriers::new(Arc::clone(&hazards)));
        let secrets = Arc::new(FaultySecrets {
            secrets: MemorySecrets::new(),
            hazards: Arc::clone(&hazards),
        });
        let ports = Ports {
            store: Store::new(Arc::clone(&table) as _),
            clock: Arc::clone(&clock) as _,
            ids: Ids::new(Arc::new(SeededRandom::of(seed))),
        };
        let account = set_up(&ports, &secrets, books_of(seed));
        let objects = Arc::new(MemoryObjects::default());
        let files = set_up_files(&ports, account);
        let bank = Bank::new(Arc::clone(&objects), files);
        let parts = Parts {
            ports,
            objects,
            secrets,
            mailer: Arc::clone(&mailer),
            stripe: Arc::clone(&stripe),
            carriers: Arc::clone(&carriers),
            seed,
        };
        let world = Self {
            functions: parts.functions().audited(&clock),
            hazards,
            findings,
            clock,
            table,
            mailer,
            stripe,
            carriers,
            words,
            bank,
            account,
            bug,
            audit: Mutex::default(),
            known: Mutex::default(),
        };
        world.open_for_payments();
        if world.bug.is_some() {
            world.read_no_lists();
        }
        world.look();
        world
    }

    /// The owner enters the agency's Stripe credentials.
    fn open_for_payments(&self) {
        let route = "PUT /v1/settings/payment-providers/{provider}";
        let call = Call::new(route, "/v1/settings/payment-providers/stripe").json(&json!({
            "secret_key": "sk_live_simulation", "webhook_secrets": [WEBHOOK_SECRET],
        }));
        let task = Box::pin(async {
            let answer = self.api(&*self.functions.settings, &call).await;
            assert_eq!(answer.map(|answer| answer.status), Some(200));
            // What is a little short pays all the same, and what clients have goes to their next invoice.
            let read = Call::new("GET /v1/settings", "/v1/settings");
            let read = self.api(&*self.functions.settings, &read).await.unwrap();
            let change = Call::new("PATCH /v1/settings", "/v1/settings")
                .header("if-match", read.header("etag").unwrap())
                .json(&json!({
                    "short_payment_tolerance": {"amounts": {"EUR": {"amount": "5.00"}}},
                    "apply_balance_at_issue": true,
                    // To set documents takes as long as all else that a history does.
                    "notices": {"attach_documents": false},
                }));
            let answer = self.api(&*self.functions.settings, &change).await;
            assert_eq!(answer.map(|answer| answer.status), Some(200));
            let account = Call::new("POST /v1/bank-accounts", "/v1/bank-accounts").json(&json!({
                "name": "House bank", "identifier": IBAN, "currency": "EUR",
                "format": "camt053",
            }));
            let answer = self.api(&*self.functions.bank, &account).await;
            assert_eq!(answer.map(|answer| answer.status), Some(201));
        });
        schedule::run(vec![task], &mut Dice::of(0)).unwrap();
    }

    /// A planted bug is looked for where no list of the provider's is read: it heals some of what they do, and each
    /// reading moves the places at which faults strike.
    fn read_no_lists(&self) {
        let task = Box::pin(async {
            let store = Store::new(Arc::clone(&self.table) as _);
            let key = keys::reconciliation(self.account, "stripe");
            let list = store.get::<Reconciliation>(&key).await.unwrap().unwrap();
            let resting = list.value.clone().stopped();
            let commit = Commit::new().replace(&list, &resting, Vec::new());
            store.commit(commit).await.unwrap();
        });
        schedule::run(vec![task], &mut Dice::of(0)).unwrap();
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn wait(&self, time: SignedDuration) {
        self.clock.set(self.now() + time);
        self.table.memory.advance_to(self.now());
        self.stripe.let_time_pass();
    }

    pub fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap()
    }

    /// Looks at every change since the last look, and puts it into the stream.
    pub fn look(&self) {
        let changes = self.table.memory.drain_changes();
        let mut audit = self.audit.lock().unwrap();
        for change in &changes {
            audit.see(change, &self.findings);
        }
        drop(audit);
        if self.bug != Some(Bug::EventsDroppedUnswept) {
            self.carriers.stream(changes);
        }
    }

    /// Runs a function once.
    pub async fn invoke(&self, function: &dyn Function, payload: Value) -> (Invocation, Outcome) {
        let (id, outcome) = self.hazards.invocation(function.invoke(payload)).await;
        if let Outcome::Failed(error) = &outcome {
            self.blame(id, "a function failed", || error.clone());
        }
        (id, outcome)
    }

    /// What went wrong must have a fault behind it.
    pub fn blame(&self, id: Invocation, what: &str, detail: impl FnOnce() -> String) {
        self.findings.check(
            self.hazards.struck(id) > 0,
            "no failure without a fault",
            || format!("{what}: {}", detail()),
        );
    }

    /// A request through the gateway, without authorizer; none where no answer arrives.
    pub async fn page(&self, function: &dyn Function, payload: Value) -> Option<Answer> {
        let (id, outcome) = self.invoke(function, payload).await;
        let Outcome::Answered(answer) = outcome else {
            return None;
        };
        let answer = Answer {
            status: answer["statusCode"].as_u64().unwrap(),
            headers: answer["headers"].clone(),
            text: answer["body"].as_str().unwrap_or_default().to_owned(),
            faults: self.hazards.struck(id),
        };
        self.hazards
            .note(|| format!("      {id} answered {} {}", answer.status, answer.code()));
        if answer.status >= 500 {
            self.blame(id, "an answer", || {
                format!("{} {}", answer.status, answer.text)
            });
        }
        Some(answer)
    }

    /// A request of a member's, through authorizer and gateway; none where no answer arrives, or
    /// only the gateway's own.
    pub async fn api(&self, function: &dyn Function, call: &Call) -> Option<Answer> {
        let bearer = format!("Bearer {API_KEY}");
        let mut payload = call.clone().header("authorization", &bearer).payload();
        let asked = json!({
            "version": "2.0", "type": "REQUEST", "identitySource": [bearer],
            "routeKey": payload["routeKey"],
        });
        let (_, outcome) = self.invoke(&*self.functions.authorizer, asked).await;
        let Outcome::Answered(said) = outcome else {
            return None;
        };
        self.findings.check(
            said["isAuthorized"] == true,
            "a key opens its account",
            || said.to_string(),
        );
        payload["requestContext"]["authorizer"] = json!({ "lambda": said["context"] });
        self.page(function, payload).await
    }
}

/// An answer as it arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u64,
    pub headers: Value,
    pub text: String,
    /// How many faults struck whoever answered.
    pub faults: u32,
}

impl Answer {
    pub fn is_done(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub fn body(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers[name].as_str()
    }

    /// The code of a problem; empty where it is none.
    pub fn code(&self) -> String {
        match self.status {
            400.. => self.body()["code"].as_str().unwrap_or_default().to_owned(),
            _ => String::new(),
        }
    }
}

/// All documents are in euros; the books of every third history are in dollars, at rates that move.
pub fn books_of(seed: u64) -> Currency {
    match seed % 3 {
        2 => Currency::USD,
        _ => Currency::EUR,
    }
}

/// A rate for each week, from before the beginning until long after the end.
fn weekly_rates(account: AccountId, books: Currency) -> Vec<ExchangeRate> {
    let first: Date = "2026-12-19".parse().unwrap();
    let rates = (0..80_i32).map(|week| ExchangeRate {
        account_id: account,
        currency: Currency::EUR,
        on: first.checked_add((week * 7).days()).unwrap(),
        books,
        rate: Decimal::new(11_000 + i64::from(week) * 7_919 % 2_503, 4),
        source: "Simulation".parse().unwrap(),
        by_hand: false,
        recorded_by: ActorId::Member(MemberId::from_uuid(account.uuid())),
        recorded_at: BEGIN.parse().unwrap(),
    });
    rates.collect()
}

fn set_up(ports: &Ports, secrets: &Arc<FaultySecrets>, books: Currency) -> AccountId {
    let app = remit_account_setup::App {
        store: ports.store.clone(),
        clock: Arc::clone(&ports.clock),
        ids: ports.ids.clone(),
        short_keys: false,
    };
    let agency = json!({
        "name": "Studio Nord", "email": "hello@studio.example", "time_zone": "Europe/Berlin",
        "currency": books, "language": "en", "country": "DE", "api_key": API_KEY,
    });
    let mut account = None;
    let task = Box::pin(async {
        let secret = Secret::new("s".repeat(64));
        secrets.put(LINK_SECRET, &secret).await.unwrap();
        let answer = app.invoke(agency).await.unwrap();
        account = answer["account"]["id"].as_str().unwrap().parse().ok();
        if books != Currency::EUR {
            let rates = weekly_rates(account.unwrap(), books).into_iter();
            let commit = rates.fold(Commit::new(), |commit, of| commit.create(&of, Vec::new()));
            ports.store.commit(commit).await.unwrap();
        }
    });
    schedule::run(vec![task], &mut Dice::of(0)).unwrap();
    account.unwrap()
}

/// Files that members can bring: what is in each, the bank says.
fn set_up_files(ports: &Ports, account: AccountId) -> Vec<File> {
    let now = ports.now();
    let file = |_| File {
        account_id: account,
        id: ports.id(now).unwrap(),
        facts: FileFacts {
            name: "statement.xml".parse().unwrap(),
            media_type: MediaType::parse("application/xml").unwrap(),
            bytes: 1,
            sha256: ContentHash::of(b""),
        },
        created_by: None,
        created_at: now,
        stored_at: Some(now),
    };
    let files: Vec<File> = (0..FILES).map(file).collect();
    let all = files.iter().fold(Commit::new(), |commit, file| {
        commit.create(file, Vec::new())
    });
    let task = Box::pin(async { ports.store.commit(all).await.unwrap() });
    schedule::run(vec![task], &mut Dice::of(0)).unwrap();
    files
}

/// What the functions are made of.
struct Parts {
    ports: Ports,
    objects: Arc<MemoryObjects>,
    secrets: Arc<FaultySecrets>,
    mailer: Arc<FaultyMailer>,
    stripe: Arc<Stripe>,
    carriers: Arc<Carriers>,
    seed: u64,
}

impl Parts {
    /// In every other history all that is due goes through the queue, in messages of one or two.
    fn fan_out(&self, queue: Queue) -> FanOut {
        let carriers = Arc::clone(&self.carriers);
        let sizes = match self.seed % 2 {
            1 => Sizes::default(),
            _ => Sizes {
                at_once: 0,
                together: 2,
                walk: 3,
            },
        };
        FanOut {
            queue: Arc::new(DueQueue { carriers, queue }),
            sizes,
        }
    }

    fn functions(&self) -> Functions {
        let (ports, clock) = (self.ports.clone(), Arc::clone(&self.ports.clock));
        let (store, ids) = (ports.store.clone(), ports.ids.clone());
        let secrets = || Arc::clone(&self.secrets) as Arc<dyn Secrets>;
        let links = Links {
            secrets: secrets(),
            secret_name: LINK_SECRET.to_owned(),
            public_base_url: "https://billing.example.com".to_owned(),
            reply_domain: String::new(),
        };
        let checkouts = Checkouts::new(
            secrets(),
            PREFIX.to_owned(),
            Arc::clone(&self.stripe) as _,
            ApiBases::default(),
        );
        let postbox = Postbox {
            mailer: Arc::clone(&self.mailer) as _,
            links: links.clone(),
            from: EmailAddress::parse("billing@studio.example").unwrap(),
            objects: Arc::clone(&self.objects) as _,
        };
        Functions {
            authorizer: Arc::new(remit_authorizer::App::without_issuer(store.clone())),
            clients: Arc::new(Http(remit_clients::App {
                store: store.clone(),
                clock: Arc::clone(&clock),
                ids: ids.clone(),
            })),
            invoices: Arc::new(Http(remit_invoices::App {
                ports: ports.clone(),
                links: links.clone(),
            })),
            audit_sealing: Arc::new(remit_audit_sealing::App {
                store: store.clone(),
                clock: Arc::clone(&clock),
            }),
            projects: Arc::new(Http(remit_projects::App {
                store: store.clone(),
                clock: Arc::clone(&clock),
                ids: ids.clone(),
            })),
            estimates: Arc::new(Http(remit_estimates::App {
                ports: ports.clone(),
            })),
            settings: Arc::new(Http(remit_settings::App {
                store,
                clock: Arc::clone(&clock),
                ids,
                secrets: secrets(),
                secrets_prefix: PREFIX.to_owned(),
                public_base_url: links.public_base_url.clone(),
            })),
            portal: Arc::new(Http(remit_portal::App {
                ports: ports.clone(),
                links,
                checkouts: checkouts.clone(),
            })),
            webhooks: Arc::new(Http(remit_payment_webhooks::App {
                ports: ports.clone(),
                checkouts: checkouts.clone(),
            })),
            invoice_sending: Arc::new(remit_invoice_sending::App {
                ports: ports.clone(),
                postbox: postbox.clone(),
            }),
            receipt_sending: Arc::new(remit_receipt_sending::App {
                ports: ports.clone(),
                postbox: postbox.clone(),
            }),
            subscriptions: Arc::new(Http(remit_subscriptions::App {
                ports: ports.clone(),
            })),
            subscription_billing: Arc::new(remit_subscription_billing::App {
                ports: ports.clone(),
                checkouts: checkouts.clone(),
                fan_out: self.fan_out(Queue::DueBilling),
            }),
            late_fees: Arc::new(remit_late_fees::App {
                ports: ports.clone(),
                fan_out: self.fan_out(Queue::DueLateFees),
            }),
            statements: Arc::new(remit_statement_sending::App {
                ports: ports.clone(),
            }),
            reminders: Arc::new(remit_reminder_dispatch::App {
                ports: ports.clone(),
                postbox: postbox.clone(),
                fan_out: self.fan_out(Queue::DueReminders),
            }),
            janitor: Arc::new(remit_janitor::App {
                ports: ports.clone(),
                postbox,
                checkouts: checkouts.clone(),
            }),
            publisher: Arc::new(remit_event_publisher::App {
                bus: Arc::clone(&self.carriers) as _,
                clock,
            }),
            feedback: Arc::new(remit_mail_feedback::App {
                ports: ports.clone(),
            }),
            bank: Arc::new(Http(remit_bank_statements::App {
                ports: ports.clone(),
            })),
            imports: Arc::new(remit_bank_statement_import::App {
                ports: ports.clone(),
                objects: Arc::clone(&self.objects) as _,
            }),
            expiry: Arc::new(remit_checkout_expiry::App { ports, checkouts }),
        }
    }
}
