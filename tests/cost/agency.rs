//! An agency in one process: the real functions over one table. Mailer, payment provider, secrets
//! and clock are models. The benchmark drives it too.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::body::Bytes;
use http::{Request, Response};
use jiff::Timestamp;
use remit_billing::account::Role;
use remit_billing::ids::{AccountId, MemberId};
use remit_billing::party::EmailAddress;
use remit_event_publisher::bus::{Bus, BusError, Entry};
use remit_notify::mail::{Mail, MessageId};
use remit_notify::mailer::{Mailer, SendError};
use remit_oidc::Verifier;
use remit_oidc::model::{Documents, SigningKey};
use remit_operations::Ports;
use remit_operations::checkouts::{ApiBases, Checkouts};
use remit_operations::deliver::Postbox;
use remit_operations::fan_out::{FanOut, Sizes};
use remit_operations::links::Links;
use remit_payments::{Transport, TransportError};
use remit_runtime::api_key::ApiKeyText;
use remit_runtime::audited::Audited;
use remit_runtime::http::Http;
use remit_runtime::model::{
    Call, MemoryObjects, MemoryQueue, MemorySecrets, SeededRandom, SetClock,
};
use remit_runtime::secrets::{Secret, Secrets};
use remit_runtime::{Clock, Function, Ids, Objects};
use remit_store::records::ApiKeyLookup;
use remit_store::{Commit, Store, Table};
use serde_json::{Value, json};

use crate::tap::Tap;

/// Its owner's API key.
pub const API_KEY: &str = "remit_4f9c0e6b1d7a42f38c5e90ab61d2f7c4";
/// Its machines' API key, which belongs to nobody in particular.
pub const MACHINES_KEY: &str = "remit_b3f1c87d20e94a6c9d5b17e8f06a42d9";
/// What Stripe signs its notifications with.
pub const WEBHOOK_SECRET: &str = "whsec_mT2kQ8xW4rZ7vB1nC5yL9pH3";
/// Where its clients' links lead.
pub const BASE_URL: &str = "https://billing.example.com";

/// Whose tokens its people sign in with.
pub const ISSUER: &str = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_4kQ2mT7xB";
/// For whom these tokens are.
pub const AUDIENCE: &str = "5v1q8d3k7m2p9r4t6w0y1z3x5c";

const MAIL_FROM: &str = "billing@example.com";
/// Where answers to mails come in.
pub const REPLY_DOMAIN: &str = "replies.example.com";
/// What addresses and links are proved with.
pub const LINK_SECRET_TEXT: &str = "q7ZtV1mB4xK9sD2fG6hJ8kL3nP5rT0wY";
const LINK_SECRET: &str = "/remit/test/links";
const SECRETS_PREFIX: &str = "/remit/test";
const SESSION: &str =
    include_str!("../../shared/payments/fixtures/stripe/answers/session.open.json");

/// The functions of the main job, and what they stand on.
pub struct Agency {
    pub tap: Arc<Tap>,
    pub clock: Arc<SetClock>,
    pub mails: Arc<Mails>,
    pub objects: Arc<MemoryObjects>,
    pub replies: Arc<dyn Function>,
    pub pages: Arc<OpenedPages>,
    pub account: AccountId,
    pub owner: MemberId,
    pub client: String,
    pub project: String,
    pub authorizer: Arc<dyn Function>,
    /// What the issuer signs with.
    pub issuer_key: SigningKey,
    pub team: Arc<dyn Function>,
    pub invoices: Arc<dyn Function>,
    pub payments: Arc<dyn Function>,
    pub ports: Ports,
    pub checkouts: Checkouts,
    pub estimates: Arc<dyn Function>,
    pub projects: Arc<dyn Function>,
    pub reports: Arc<dyn Function>,
    pub settings: Arc<dyn Function>,
    pub threads: Arc<dyn Function>,
    pub portal: Arc<dyn Function>,
    pub webhooks: Arc<dyn Function>,
    pub invoice_sending: Arc<dyn Function>,
    pub receipt_sending: Arc<dyn Function>,
    pub estimate_sending: Arc<dyn Function>,
    pub invitation_sending: Arc<dyn Function>,
    pub reminders: Arc<dyn Function>,
    /// What it hands out to itself.
    pub reminder_queue: Arc<MemoryQueue>,
    pub subscriptions: Arc<dyn Function>,
    pub subscription_billing: Arc<dyn Function>,
    /// What it hands out to itself.
    pub billing_queue: Arc<MemoryQueue>,
    pub late_fees: Arc<dyn Function>,
    /// What it hands out to itself.
    pub fee_queue: Arc<MemoryQueue>,
    pub statements: Arc<dyn Function>,
    pub checkout_expiry: Arc<dyn Function>,
    pub publisher: Arc<dyn Function>,
    pub bus: Arc<CountingBus>,
    /// Numbers what has to be distinct: requests, payments.
    pub serial: AtomicU64,
}

/// Takes every mail, and counts them.
#[derive(Default)]
pub struct Mails {
    count: AtomicU64,
    /// The text of the newest one.
    newest: Mutex<String>,
}

impl Mails {
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// The text of the newest one.
    pub fn newest(&self) -> String {
        self.newest.lock().unwrap().clone()
    }
}

#[async_trait]
impl Mailer for Mails {
    async fn send(&self, mail: &Mail) -> Result<MessageId, SendError> {
        self.newest.lock().unwrap().clone_from(&mail.text);
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        // As long as those of SES.
        let id = format!("0100018f2c7d9a10-6f1e4b52-9c3a-4d27-8e51-{number:012}-000000");
        Ok(MessageId::new(id))
    }
}

/// Stripe, as far as it opens pages: the recorded answer, with what the request names. What is paid on
/// them it keeps, and charges.
#[derive(Default)]
pub struct OpenedPages(Mutex<BTreeMap<String, String>>);

impl OpenedPages {
    /// The form that opened the last page.
    pub fn last(&self) -> BTreeMap<String, String> {
        self.0.lock().unwrap().clone()
    }
}

#[async_trait]
impl Transport for OpenedPages {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let query = request.uri().query().unwrap_or_default();
        if query.contains("latest_charge.balance_transaction") {
            let kept = json!({"latest_charge": {
                "balance_transaction": {"fee": 2_500, "currency": "eur"},
            }});
            return Ok(Response::new(Bytes::from(kept.to_string())));
        }
        let form: BTreeMap<String, String> = form_urlencoded::parse(request.body())
            .into_owned()
            .collect();
        let path = request.uri().path();
        if let Some(intent) = path.strip_prefix("/v1/payment_intents/") {
            let card = json!({"brand": "visa", "last4": "4242", "exp_month": 4, "exp_year": 2031});
            let method = json!({
                "id": "pm_1QU8bCLr8T5bQwEx1aBcD9fG", "customer": "cus_RNfGxQh3hV0a1b",
                "type": "card", "card": card,
            });
            let kept = json!({"id": intent, "payment_method": method});
            return Ok(Response::new(Bytes::from(kept.to_string())));
        }
        if path == "/v1/payment_intents" {
            let named = |name: &str| json!(form[&format!("metadata[{name}]")]);
            let charged = json!({
                "id": "pi_3SVq2kLr8T5bQwExCharged1", "status": "succeeded",
                "amount": form["amount"].parse::<i64>().unwrap(), "currency": form["currency"],
                "metadata": {
                    "remit_account": named("remit_account"),
                    "remit_invoice": named("remit_invoice"),
                    "remit_attempt": named("remit_attempt"),
                },
            });
            return Ok(Response::new(Bytes::from(charged.to_string())));
        }
        let mut session: Value = serde_json::from_str(SESSION).unwrap();
        session["client_reference_id"] = json!(form["client_reference_id"]);
        session["expires_at"] = json!(form["expires_at"].parse::<i64>().unwrap());
        *self.0.lock().unwrap() = form;
        Ok(Response::new(Bytes::from(session.to_string())))
    }
}

/// Takes every event, and counts them.
#[derive(Default)]
pub struct CountingBus(AtomicU64);

impl CountingBus {
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Bus for CountingBus {
    async fn put(&self, entries: &[Entry]) -> Result<Vec<Option<String>>, BusError> {
        self.0.fetch_add(entries.len() as u64, Ordering::Relaxed);
        Ok(vec![None; entries.len()])
    }
}

impl Agency {
    /// A new agency with a client, over an empty table.
    pub async fn over(table: Arc<dyn Table>, now: Timestamp) -> Self {
        let tap = Tap::on(table);
        let store = Store::new(Arc::clone(&tap) as Arc<dyn Table>);
        let clock = Arc::new(SetClock::at(now));
        let secrets = Arc::new(MemorySecrets::new());
        let mails = Arc::new(Mails::default());
        let pages = Arc::new(OpenedPages::default());
        let bus = Arc::new(CountingBus::default());
        let ports = Ports {
            store: store.clone(),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            ids: Ids::new(Arc::new(SeededRandom::of(7))),
        };
        let links = Links {
            secrets: Arc::clone(&secrets) as Arc<dyn Secrets>,
            secret_name: LINK_SECRET.to_owned(),
            public_base_url: BASE_URL.to_owned(),
            reply_domain: REPLY_DOMAIN.to_owned(),
        };
        let checkouts = Checkouts::new(
            Arc::clone(&secrets) as Arc<dyn Secrets>,
            SECRETS_PREFIX.to_owned(),
            Arc::clone(&pages) as Arc<dyn Transport>,
            ApiBases::default(),
        );
        let objects = Arc::new(MemoryObjects::default());
        let postbox = Postbox {
            mailer: Arc::clone(&mails) as Arc<dyn Mailer>,
            links: links.clone(),
            from: EmailAddress::parse(MAIL_FROM).unwrap(),
            objects: Arc::clone(&objects) as Arc<dyn Objects>,
        };
        let link_secret = Secret::new(LINK_SECRET_TEXT);
        secrets.put(LINK_SECRET, &link_secret).await.unwrap();
        let (account, owner) = set_up_account(&ports, secrets).await;
        let client = set_up_client(&ports, account).await;
        let project = set_up_project(&ports, account, &client).await;
        let machines = ApiKeyLookup {
            hash: ApiKeyText::parse(MACHINES_KEY).unwrap().hash(),
            account_id: account,
            id: ports.id(now).unwrap(),
            role: Role::Biller,
            member_id: None,
            project_ids: None,
            revoked_at: None,
        };
        let commit = Commit::new().create(&machines, Vec::new());
        store.commit(commit).await.unwrap();
        tap.take();
        let random = Arc::new(SeededRandom::of(0xA0D1));
        let at = Arc::clone(&clock);
        // As in a deployment, what they commit is in the audit log.
        let audited = |name: &str, function: Arc<dyn Function>| {
            let (clock, random) = (Arc::clone(&at) as Arc<dyn Clock>, Arc::clone(&random) as _);
            Arc::new(Audited::new(name, function, clock, random)) as Arc<dyn Function>
        };
        let issuer_key = SigningKey::es256("one").unwrap();
        let issuer = Documents::of_issuer(ISSUER, &[&issuer_key]);
        let tokens = Arc::new(Verifier::new(ISSUER, AUDIENCE, Arc::new(issuer)).unwrap());
        let reminder_queue = Arc::new(MemoryQueue::new());
        let billing_queue = Arc::new(MemoryQueue::new());
        let fee_queue = Arc::new(MemoryQueue::new());
        Self {
            tap,
            mails,
            pages,
            account,
            owner,
            client,
            project,
            authorizer: Arc::new(remit_authorizer::App {
                store,
                clock: Arc::clone(&ports.clock),
                tokens: Arc::clone(&tokens),
            }),
            issuer_key,
            checkouts: checkouts.clone(),
            team: audited(
                "team",
                Arc::new(Http(remit_team::App {
                    ports: ports.clone(),
                    links: links.clone(),
                    tokens,
                })),
            ),
            invitation_sending: audited(
                "invitation-sending",
                Arc::new(remit_invitation_sending::App {
                    ports: ports.clone(),
                    postbox: postbox.clone(),
                }),
            ),
            payments: audited(
                "payments-api",
                Arc::new(Http(remit_payments_api::App {
                    ports: ports.clone(),
                    checkouts: checkouts.clone(),
                })),
            ),
            invoices: audited(
                "invoices",
                Arc::new(Http(remit_invoices::App {
                    ports: ports.clone(),
                    links: links.clone(),
                })),
            ),
            projects: audited(
                "projects",
                Arc::new(Http(remit_projects::App {
                    store: ports.store.clone(),
                    clock: Arc::clone(&ports.clock),
                    ids: ports.ids.clone(),
                })),
            ),
            reports: Arc::new(Http(remit_reports::App {
                ports: ports.clone(),
                links: links.clone(),
                sign_in: None,
            })),
            settings: audited(
                "settings",
                Arc::new(Http(remit_settings::App {
                    store: ports.store.clone(),
                    clock: Arc::clone(&ports.clock),
                    ids: ports.ids.clone(),
                    secrets: Arc::new(MemorySecrets::default()),
                    secrets_prefix: SECRETS_PREFIX.to_owned(),
                    public_base_url: BASE_URL.to_owned(),
                })),
            ),
            ports: ports.clone(),
            replies: audited(
                "reply-receiving",
                Arc::new(remit_reply_receiving::App {
                    ports: ports.clone(),
                    objects: Arc::clone(&objects) as Arc<dyn Objects>,
                    links: links.clone(),
                    mail_from: MAIL_FROM.to_owned(),
                }),
            ),
            objects,
            threads: audited(
                "threads",
                Arc::new(Http(remit_threads::App {
                    ports: ports.clone(),
                })),
            ),
            estimates: audited(
                "estimates",
                Arc::new(Http(remit_estimates::App {
                    ports: ports.clone(),
                })),
            ),
            portal: audited(
                "portal",
                Arc::new(Http(remit_portal::App {
                    ports: ports.clone(),
                    links,
                    checkouts: checkouts.clone(),
                })),
            ),
            webhooks: audited(
                "payment-webhooks",
                Arc::new(Http(remit_payment_webhooks::App {
                    ports: ports.clone(),
                    checkouts: checkouts.clone(),
                })),
            ),
            invoice_sending: audited(
                "invoice-sending",
                Arc::new(remit_invoice_sending::App {
                    ports: ports.clone(),
                    postbox: postbox.clone(),
                }),
            ),
            receipt_sending: audited(
                "receipt-sending",
                Arc::new(remit_receipt_sending::App {
                    ports: ports.clone(),
                    postbox: postbox.clone(),
                }),
            ),
            estimate_sending: audited(
                "estimate-sending",
                Arc::new(remit_estimate_sending::App {
                    ports: ports.clone(),
                    postbox: postbox.clone(),
                }),
            ),
            subscriptions: audited(
                "subscriptions",
                Arc::new(Http(remit_subscriptions::App {
                    ports: ports.clone(),
                })),
            ),
            subscription_billing: audited(
                "subscription-billing",
                Arc::new(remit_subscription_billing::App {
                    ports: ports.clone(),
                    checkouts: checkouts.clone(),
                    fan_out: fan_out(&billing_queue),
                }),
            ),
            late_fees: audited(
                "late-fees",
                Arc::new(remit_late_fees::App {
                    ports: ports.clone(),
                    fan_out: fan_out(&fee_queue),
                }),
            ),
            statements: audited(
                "statement-sending",
                Arc::new(remit_statement_sending::App {
                    ports: ports.clone(),
                }),
            ),
            reminders: audited(
                "reminder-dispatch",
                Arc::new(remit_reminder_dispatch::App {
                    ports: ports.clone(),
                    postbox,
                    fan_out: fan_out(&reminder_queue),
                }),
            ),
            reminder_queue,
            billing_queue,
            fee_queue,
            publisher: Arc::new(remit_event_publisher::App {
                bus: Arc::clone(&bus) as Arc<dyn Bus>,
                clock: Arc::clone(&clock) as Arc<dyn Clock>,
            }),
            bus,
            clock,
            checkout_expiry: audited(
                "checkout-expiry",
                Arc::new(remit_checkout_expiry::App { ports, checkouts }),
            ),
            serial: AtomicU64::new(0),
        }
    }

    /// A number that was not given before.
    pub fn next(&self) -> u64 {
        self.serial.fetch_add(1, Ordering::Relaxed)
    }
}

fn fan_out(queue: &Arc<MemoryQueue>) -> FanOut {
    FanOut {
        queue: Arc::clone(queue) as _,
        sizes: Sizes::default(),
    }
}

/// The account, its settings and its provider, through their functions.
async fn set_up_account(ports: &Ports, secrets: Arc<MemorySecrets>) -> (AccountId, MemberId) {
    let setup = remit_account_setup::App {
        store: ports.store.clone(),
        clock: Arc::clone(&ports.clock),
        ids: ports.ids.clone(),
        short_keys: false,
    };
    let made = setup
        .invoke(json!({
            "name": "Northlight Studio", "email": "hello@northlight.example",
            "time_zone": "Europe/Berlin", "currency": "EUR", "language": "en", "country": "DE",
            "api_key": API_KEY,
        }))
        .await
        .unwrap();
    let account: AccountId = made["account"]["id"].as_str().unwrap().parse().unwrap();
    let owner = made["owner"]["id"].as_str().unwrap().parse().unwrap();

    let settings = Http(remit_settings::App {
        store: ports.store.clone(),
        clock: Arc::clone(&ports.clock),
        ids: ports.ids.clone(),
        secrets,
        secrets_prefix: SECRETS_PREFIX.to_owned(),
        public_base_url: BASE_URL.to_owned(),
    });
    let put = Call::new(
        "PUT /v1/settings/payment-providers/{provider}",
        "/v1/settings/payment-providers/stripe",
    );
    let secrets = json!({
        "secret_key": "sk_test_9Qw3eR5tY7uI1oP", "webhook_secrets": [WEBHOOK_SECRET],
    });
    let put = put.by(account, Role::Owner).json(&secrets);
    assert_eq!(put.send(&settings).await.unwrap().status, 200);
    let get = Call::new("GET /v1/settings", "/v1/settings").by(account, Role::Owner);
    let read = get.send(&settings).await.unwrap();
    let patch = Call::new("PATCH /v1/settings", "/v1/settings")
        .by(account, Role::Owner)
        .header("if-match", read.header("etag").unwrap())
        .json(&json!({
            // What is set has rows of its own.
            "notices": {"attach_documents": false},
            "address": {
                "line1": "Lindenstr. 12", "postal_code": "10969", "city": "Berlin",
                "country": "DE",
            },
            "tax_ids": [{"scheme": "VAT", "value": "DE123456788"}],
            "payment_instructions": [{
                "currency": "EUR", "title": "Bank transfer",
                "text": "Northlight Studio\nIBAN DE02 1203 0000 0000 2020 51\nBIC BYLADEM1001",
            }],
        }));
    assert_eq!(patch.send(&settings).await.unwrap().status, 200);
    (account, owner)
}

pub async fn set_up_client(ports: &Ports, account: AccountId) -> String {
    let clients = Http(remit_clients::App {
        store: ports.store.clone(),
        clock: Arc::clone(&ports.clock),
        ids: ports.ids.clone(),
    });
    let create = Call::new("POST /v1/clients", "/v1/clients")
        .by(account, Role::Biller)
        .json(&json!({
            "name": "Aurora Books",
            "contacts": [{"name": "Ada Marsh", "email": "ada@aurora.example"}],
            "currency": "EUR", "language": "en", "time_zone": "Europe/London",
            "address": {
                "line1": "4 Mill Lane", "city": "Bath", "postal_code": "BA1 1AA", "country": "GB",
            },
        }));
    let made = create.send(&clients).await.unwrap();
    assert_eq!(made.status, 201, "{}", made.text);
    made.body["id"].as_str().unwrap().to_owned()
}

async fn set_up_project(ports: &Ports, account: AccountId, client: &str) -> String {
    let projects = Http(remit_projects::App {
        store: ports.store.clone(),
        clock: Arc::clone(&ports.clock),
        ids: ports.ids.clone(),
    });
    let create = Call::new("POST /v1/projects", "/v1/projects")
        .by(account, Role::Biller)
        .json(&json!({"client_id": client, "name": "Shop relaunch"}));
    let made = create.send(&projects).await.unwrap();
    assert_eq!(made.status, 201, "{}", made.text);
    made.body["id"].as_str().unwrap().to_owned()
}
