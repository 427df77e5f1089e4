//! The first step of an agency: account, owner and the owner's API key in one commit. It has no
//! route: who may invoke it (IAM) is the operator.
//!
//! The payload is `{"name", "email", "time_zone", "currency", "language", "country"}`, with
//! `owner: {"name", "email"}` where the owner has an address of their own, `api_key` where the key
//! is chosen and not made, and `idempotency_key` where the call may be repeated. The answer is
//! `{"account": ..., "owner": ..., "api_key": ...}`, or `{"refused": problem}` with a
//! problem of the contract. A made key is told once: a repetition answers without its text.

mod presets;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use remit_billing::account::{Account, Role};
use remit_billing::approval::ApprovalPolicies;
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{AccountId, ApiKeyId, MemberId, TypedId};
use remit_billing::member::{NewMember, Roster};
use remit_billing::money::Currency;
use remit_billing::numbering::NumberPattern;
use remit_billing::party::{CountryCode, EmailAddress, Language, Name, ZoneName};
use remit_billing::refusal::{Refusal, RefusalKind};
use remit_billing::reminder::Ladder;
use remit_billing::tax::Tax;
use remit_billing::terms::{Due, PaymentTerms};
use remit_runtime::api_key::ApiKeyText;
use remit_runtime::body::read;
use remit_runtime::http::Response;
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{BoxError, Clock, Function, Ids, Platform, Problem};
use remit_store::records::{ApiKey, ApiKeyLookup};
use remit_store::request::KeyedRequest;
use remit_store::{Commit, Store, keys};
use serde_json::{Value, json};
use uuid::Uuid;

/// Of a chosen key, outside the local host: 32 characters of a password generator are 128 bits
/// and more.
const CHOSEN_KEY_CHARACTERS_MIN: usize = 32;
const IDEMPOTENCY_KEY_CHARACTERS_MAX: usize = 255;
const DEFAULT_TERMS: Due = Due::Net { days: 14 };
const DEFAULT_PATTERN: &str = "INV-{year}-{seq:5}";

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The table.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids and keys.
    pub ids: Ids,
    /// Whether short keys may be chosen: on one machine only.
    pub short_keys: bool,
}

/// The function on a platform.
///
/// # Errors
/// None as yet: a start may fail.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(App {
        store: platform.store(),
        clock: Arc::clone(&platform.clock),
        ids: platform.ids(),
        short_keys: platform.config.stage == "local",
    }))
}

#[async_trait]
impl Function for App {
    async fn invoke(&self, payload: Value) -> Result<Value, BoxError> {
        match self.set_up(&payload).await {
            Ok(answer) => Ok(answer),
            Err(problem) if problem.status() >= 500 => Err(problem.into()),
            Err(problem) => Ok(json!({ "refused": problem.body() })),
        }
    }
}

/// The chosen key opens another account already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this API key is in use: leave api_key out, and one is made")]
pub struct ApiKeyInUse;

impl Refusal for ApiKeyInUse {
    fn code(&self) -> &'static str {
        "api_key_in_use"
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// The owner, where they are not simply who reads the agency's mails.
struct Person {
    name: Option<Name>,
    email: Option<EmailAddress>,
}

/// What is asked for.
struct Wanted {
    name: Name,
    email: EmailAddress,
    time_zone: ZoneName,
    currency: Currency,
    language: Language,
    tax_rates: Vec<Tax>,
    owner: Option<Person>,
    api_key: Option<ApiKeyText>,
    idempotency_key: Option<String>,
}

impl App {
    async fn set_up(&self, payload: &Value) -> Result<Value, Problem> {
        let wanted = &self.read(payload).map_err(Problem::invalid_body)?;
        let now = self.clock.now();
        let account_id: AccountId = self.ids.make(now).map_err(Problem::no_randomness)?;
        let key_id: ApiKeyId = self.ids.make(now).map_err(Problem::no_randomness)?;
        let owner_id: MemberId = self.ids.make(now).map_err(Problem::no_randomness)?;
        let key = &match &wanted.api_key {
            Some(chosen) => chosen.clone(),
            None => ApiKeyText::of_secret(self.ids.secret().map_err(Problem::no_randomness)?),
        };
        // There is no account yet whose receipt it could be: that of nobody.
        let nobody = AccountId::from_uuid(Uuid::nil());
        let keyed = wanted.idempotency_key.as_ref().map(|key| {
            KeyedRequest::new(nobody, key, "account-setup", payload.to_string().as_bytes())
        });
        let response = perform(&self.store, keyed, now, || async move {
            let lookup = keys::api_key_lookup(&key.hash());
            let known = self.store.get::<ApiKeyLookup>(&lookup).await;
            if known.map_err(|error| Problem::store(&error))?.is_some() {
                return Err(ApiKeyInUse.into());
            }
            let account = account_of(wanted, account_id, now)?;
            let owner = owner_of(wanted, owner_id)?;
            let owners_key = owner_key(account_id, owner_id, key_id, key, now)?;
            Ok(Effect {
                response: Response::json(201, &told(&account, &owner, &owners_key)),
                commit: Commit::new()
                    .create(&account, Vec::new())
                    .create(&Roster::founded(account_id, owner, now), Vec::new())
                    .create(&owners_key, Vec::new())
                    .create(&owners_key.lookup(), Vec::new()),
            })
        })
        .await?;
        let mut answer: Value = serde_json::from_str(&response.body).map_err(Problem::internal)?;
        // Of a made key only the hash was stored: a repetition does not know its text.
        if !response.is_replay() || wanted.api_key.is_some() {
            answer["api_key"]["key"] = json!(key.reveal());
        }
        Ok(answer)
    }

    fn read(&self, payload: &Value) -> Result<Wanted, Vec<PointedFault>> {
        read(payload, |r| {
            let name = r.text("name", Name::parse);
            let email = r.text("email", EmailAddress::parse);
            let time_zone = r.text("time_zone", ZoneName::parse);
            let currency = r.text("currency", Currency::parse);
            let language = r.optional_text("language", Language::parse);
            let tax_rates = r.optional_text("country", |text| {
                CountryCode::parse(text).and_then(|country| presets::tax_rates(&country))
            });
            let owner = r.object("owner", |r| {
                Some(Person {
                    name: r.optional_text("name", Name::parse),
                    email: r.optional_text("email", EmailAddress::parse),
                })
            });
            let api_key = r.optional_text("api_key", |text| self.chosen_key(text));
            let idempotency_key = r.optional_text("idempotency_key", |text| match text.len() {
                0 => Err(Fault::Empty),
                1..=IDEMPOTENCY_KEY_CHARACTERS_MAX => Ok(text.to_owned()),
                _ => Err(Fault::TooLong {
                    max: IDEMPOTENCY_KEY_CHARACTERS_MAX,
                }),
            });
            Some(Wanted {
                name: name?,
                email: email?,
                time_zone: time_zone?,
                currency: currency?,
                language: language.unwrap_or_default(),
                tax_rates: tax_rates.unwrap_or_default(),
                owner,
                api_key,
                idempotency_key,
            })
        })
    }

    fn chosen_key(&self, text: &str) -> Result<ApiKeyText, Fault> {
        let key = ApiKeyText::parse(text)?;
        if !self.short_keys && text.len() < CHOSEN_KEY_CHARACTERS_MIN {
            return Err(Fault::BadCredential {
                expected: "at least 32 random characters, or left out",
            });
        }
        Ok(key)
    }
}

fn account_of(wanted: &Wanted, id: AccountId, now: Timestamp) -> Result<Account, Problem> {
    Ok(Account {
        id,
        name: wanted.name.clone(),
        legal_name: None,
        email: wanted.email.clone(),
        address: None,
        tax_ids: Vec::new(),
        electronic_address: None,
        e_invoice_network: None,
        phone: None,
        time_zone: wanted.time_zone.clone(),
        currency: wanted.currency,
        language: wanted.language,
        terms: PaymentTerms::of(DEFAULT_TERMS),
        invoice_numbers: NumberPattern::parse(DEFAULT_PATTERN).map_err(Problem::internal)?,
        estimate_numbers: NumberPattern::of_estimates(),
        change_order_numbers: NumberPattern::of_change_orders(),
        credit_note_numbers: NumberPattern::of_credit_notes(),
        approvals: ApprovalPolicies::default(),
        tax_rates: wanted.tax_rates.clone(),
        reminder_ladder: Ladder::default(),
        follow_ups: Default::default(),
        retention: Default::default(),
        notices: Default::default(),
        payment_instructions: Vec::new(),
        transfer_accounts: Vec::new(),
        brand: Default::default(),
        interac: None,
        part_payments: None,
        payment_providers: Default::default(),
        exchange_rates: Default::default(),
        cash_rounding: Default::default(),
        short_payment_tolerance: Default::default(),
        apply_balance_at_issue: false,
        reference_rates: Default::default(),
        late_fees: Default::default(),
        books_locked_until: None,
        held: false,
        created_at: now,
        updated_at: now,
    })
}

/// Who begins: by the agency's own address where nothing else is said.
fn owner_of(wanted: &Wanted, id: MemberId) -> Result<NewMember, Problem> {
    let person = wanted.owner.as_ref();
    let name = person.and_then(|person| person.name.clone());
    let email = person.and_then(|person| person.email.clone());
    Ok(NewMember {
        id,
        name: match name {
            Some(name) => name,
            None => Name::parse("Owner").map_err(Problem::internal)?,
        },
        email: email.unwrap_or_else(|| wanted.email.clone()),
        role: Role::Owner,
    })
}

fn owner_key(
    account_id: AccountId,
    owner: MemberId,
    id: ApiKeyId,
    key: &ApiKeyText,
    now: Timestamp,
) -> Result<ApiKey, Problem> {
    Ok(ApiKey {
        account_id,
        id,
        name: Name::parse("Owner").map_err(Problem::internal)?,
        role: Role::Owner,
        member_id: Some(owner),
        project_ids: None,
        ends_with: key.ends_with().to_owned(),
        hash: key.hash(),
        created_by: None,
        created_at: now,
        revoked_at: None,
    })
}

fn told(account: &Account, owner: &NewMember, key: &ApiKey) -> Value {
    json!({
        "account": {
            "id": account.id,
            "name": account.name,
            "email": account.email,
            "time_zone": account.time_zone,
            "currency": account.currency,
            "language": account.language,
            "created_at": account.created_at,
        },
        "owner": {
            "id": owner.id,
            "name": owner.name,
            "email": owner.email,
            "role": owner.role,
        },
        "api_key": { "id": key.id, "role": key.role, "key": null },
    })
}
