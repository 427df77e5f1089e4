//! A client's fields in a body.

use std::collections::BTreeSet;

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::client::{Client, InvoiceGrouping};
use remit_billing::e_invoice::Profile;
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::follow_up::ClientFollowUps;
use remit_billing::ids::ClientId;
use remit_billing::money::Currency;
use remit_billing::notices::ClientNotices;
use remit_billing::party::{Contact, CountryCode, Language, Name, ZoneName};
use remit_runtime::body::{Change, Reader, read};
use remit_runtime::late_fee_rule::late_fee_agreement;
use remit_runtime::values::{
    MAX_TAX_IDS, address, client_part_payments, contact, electronic_address, ladder, send_window,
    standing_terms, tax_id,
};
use serde_json::Value;

/// Contacts of one client.
const MAX_CONTACTS: usize = 20;

/// A new client: what it does not say is the account's.
pub(crate) fn new_client(
    body: &Value,
    account: &Account,
    id: ClientId,
    now: Timestamp,
) -> Result<Client, Vec<PointedFault>> {
    read(body, |r| new_within(r, account, id, now))
}

/// The same of an object that is a part of a body.
pub(crate) fn new_within(
    r: &mut Reader<'_>,
    account: &Account,
    id: ClientId,
    now: Timestamp,
) -> Option<Client> {
    let name = r.text("name", Name::parse);
    let legal_name = r.optional_text("legal_name", Name::parse);
    let contacts = r
        .list("contacts", MAX_CONTACTS, contact)
        .unwrap_or_default();
    refuse_doubles(r, &contacts);
    let currency = r.optional_text("currency", Currency::parse);
    let language = r.optional_text("language", Language::parse);
    let time_zone = r.optional_text("time_zone", ZoneName::parse);
    let terms = r.object("payment_terms", standing_terms);
    let address = r.object("address", address);
    let tax_ids = r.list("tax_ids", MAX_TAX_IDS, tax_id).unwrap_or_default();
    let electronic_address = r.object("electronic_address", electronic_address);
    let e_invoice_profile = r.optional_text("e_invoice_profile", Profile::parse);
    let purchase_order_required = r.boolean("purchase_order_required").unwrap_or(false);
    let reminders = r.boolean("reminders").unwrap_or(true);
    let grouping = r.optional_text("invoice_grouping", grouping);
    let apply_balance_at_issue = r.boolean("apply_balance_at_issue");
    let currency = currency.unwrap_or(account.currency);
    let late_fees = r.object("late_fee_agreement", |r| late_fee_agreement(r, currency));
    let part_payments = r.object("part_payments", client_part_payments);
    let ladder = ladder(r, "reminder_ladder");
    let own = r.object("follow_ups", |r| follow_ups(r, ClientFollowUps::default()));
    let notices = r.object("notices", |r| notices(r, ClientNotices::default()));
    Some(Client {
        account_id: account.id,
        id,
        name: name?,
        legal_name,
        contacts,
        currency,
        language: language.unwrap_or(account.language),
        time_zone: time_zone.unwrap_or_else(|| account.time_zone.clone()),
        terms: terms.unwrap_or(account.terms),
        address,
        tax_ids,
        electronic_address,
        e_invoice_profile,
        purchase_order_required,
        reminders,
        grouping: grouping.unwrap_or_default(),
        apply_balance_at_issue,
        late_fee_agreement: late_fees,
        part_payments,
        follow_ups: ClientFollowUps {
            ladder,
            ..own.unwrap_or_default()
        },
        notices: notices.unwrap_or_default(),
        created_at: now,
        updated_at: now,
        archived_at: None,
    })
}

/// The client after a change. A field that is left out stays; null empties it, where it may be
/// empty; lists and objects are replaced in whole.
pub(crate) fn changed_client(
    body: &Value,
    present: &Client,
    now: Timestamp,
) -> Result<Client, Vec<PointedFault>> {
    read(body, |r| {
        let old = present.clone();
        let name = r.change_text("name", Name::parse);
        let legal_name = r.change_text("legal_name", Name::parse);
        let contacts = r.change_list("contacts", MAX_CONTACTS, contact);
        if let Change::Set(contacts) = &contacts {
            refuse_doubles(r, contacts);
        }
        let currency = r.change_text("currency", Currency::parse);
        let language = r.change_text("language", Language::parse);
        let time_zone = r.change_text("time_zone", ZoneName::parse);
        let terms = r.change_object("payment_terms", standing_terms);
        let address = r.change_object("address", address);
        let tax_ids = r.change_list("tax_ids", MAX_TAX_IDS, tax_id);
        let electronic_address = r.change_object("electronic_address", electronic_address);
        let profile = r.change_text("e_invoice_profile", Profile::parse);
        let purchase_order_required = r.boolean("purchase_order_required");
        let reminders = r.boolean("reminders");
        let grouping = r.optional_text("invoice_grouping", grouping);
        let apply_balance = r.change_boolean("apply_balance_at_issue");
        let of_client = match &currency {
            Change::Set(currency) => *currency,
            Change::Keep | Change::Clear => old.currency,
        };
        let late_fees = r.change_object("late_fee_agreement", |r| late_fee_agreement(r, of_client));
        let part_payments = r.change_object("part_payments", client_part_payments);
        let ladder = r.change("reminder_ladder", |r| ladder(r, "reminder_ladder"));
        let own = r.object("follow_ups", |r| follow_ups(r, old.follow_ups.clone()));
        let notices = r.object("notices", |r| notices(r, old.notices));
        let archived = r.boolean("archived");
        let own = own.unwrap_or_else(|| old.follow_ups.clone());
        let follow_ups = ClientFollowUps {
            ladder: ladder.apply(old.follow_ups.ladder.clone()),
            // Whoever sets the contacts vouches for them.
            bounced: match &contacts {
                Change::Keep => own.bounced,
                Change::Clear | Change::Set(_) => Vec::new(),
            },
            ..own
        };
        Some(Client {
            name: name.apply_required(r, "name", old.name),
            legal_name: legal_name.apply(old.legal_name),
            contacts: contacts.apply(Some(old.contacts)).unwrap_or_default(),
            currency: currency.apply_required(r, "currency", old.currency),
            language: language.apply_required(r, "language", old.language),
            time_zone: time_zone.apply_required(r, "time_zone", old.time_zone),
            terms: terms.apply_required(r, "payment_terms", old.terms),
            address: address.apply(old.address),
            tax_ids: tax_ids.apply(Some(old.tax_ids)).unwrap_or_default(),
            electronic_address: electronic_address.apply(old.electronic_address),
            e_invoice_profile: profile.apply(old.e_invoice_profile),
            purchase_order_required: purchase_order_required.unwrap_or(old.purchase_order_required),
            reminders: reminders.unwrap_or(old.reminders),
            grouping: grouping.unwrap_or(old.grouping),
            apply_balance_at_issue: apply_balance.apply(old.apply_balance_at_issue),
            late_fee_agreement: late_fees.apply(old.late_fee_agreement),
            part_payments: part_payments.apply(old.part_payments),
            follow_ups,
            notices: notices.unwrap_or(old.notices),
            archived_at: match archived {
                None => old.archived_at,
                Some(false) => None,
                Some(true) => old.archived_at.or(Some(now)),
            },
            ..old
        })
    })
}

/// What of its follow-ups is not as the agency has it: a field that is left out stays, null is as the
/// agency has it.
fn follow_ups(r: &mut Reader<'_>, old: ClientFollowUps) -> Option<ClientFollowUps> {
    let send_at = r.change_object("send_at", send_window);
    let business_days_only = r.change_boolean("business_days_only");
    let holidays_of = r.change_text("holidays_of", CountryCode::parse);
    Some(ClientFollowUps {
        send_at: send_at.apply(old.send_at),
        business_days_only: business_days_only.apply(old.business_days_only),
        holidays_of: holidays_of.apply(old.holidays_of.clone()),
        ..old
    })
}

/// What of what it is told by itself is not as the agency has it: a field that is left out stays, null is as
/// the agency has it. That it wants no more of it, the client says; a member can only take that back.
fn notices(r: &mut Reader<'_>, old: ClientNotices) -> Option<ClientNotices> {
    let project_thanks = r.change_boolean("project_thanks");
    let estimate_expiry = r.change_boolean("estimate_expiry");
    let subscription_notices = r.change_boolean("subscription_notices");
    let statements = r.change_boolean("statements");
    let stopped_at = match r.boolean("stopped") {
        Some(true) => {
            r.fault(
                "stopped",
                Fault::UnknownValue {
                    allowed: &["false"],
                },
            );
            old.stopped_at
        }
        Some(false) => None,
        None => old.stopped_at,
    };
    Some(ClientNotices {
        project_thanks: project_thanks.apply(old.project_thanks),
        estimate_expiry: estimate_expiry.apply(old.estimate_expiry),
        subscription_notices: subscription_notices.apply(old.subscription_notices),
        statements: statements.apply(old.statements),
        stopped_at,
    })
}

fn grouping(text: &str) -> Result<InvoiceGrouping, Fault> {
    let allowed = InvoiceGrouping::WORDS;
    InvoiceGrouping::parse(text).ok_or(Fault::UnknownValue { allowed })
}

/// One address stands once among the contacts: as recipient or as copy.
fn refuse_doubles(r: &mut Reader<'_>, contacts: &[Contact]) {
    let mut known = BTreeSet::new();
    for (index, contact) in contacts.iter().enumerate() {
        if !known.insert(&contact.email) {
            r.fault_within(&format!("/contacts/{index}/email"), Fault::Duplicate);
        }
    }
}
