//! Settings and keys as the contract shows them. Secrets are never shown.

use remit_billing::account::Account;
use remit_billing::e_invoice::transmission::NetworkName;
use remit_billing::payment::Tolerance;
use remit_documents::agency::AgencyLogo;
use remit_payments::ProviderKind;
use remit_runtime::shown;
use serde_json::{Map, Value, json};

/// The settings of an account, but for where its numbers stand.
pub fn settings(base_url: &str, account: &Account) -> Value {
    let rates: Map<String, Value> = account
        .exchange_rates
        .iter()
        .map(|(code, rate)| {
            let view = json!({
                "rate": rate.rate.normalize().to_string(),
                "on": rate.on,
                "source": rate.source,
            });
            (code.clone(), view)
        })
        .collect();
    let providers: Map<String, Value> = ProviderKind::ALL
        .into_iter()
        .map(|kind| (kind.name().to_owned(), provider(base_url, account, kind)))
        .collect();
    let instructions: Value = account
        .payment_instructions
        .iter()
        .map(|way| json!({"currency": way.currency, "title": way.title, "text": way.text}))
        .collect();
    let part_payments = account.part_payments.as_ref().map(shown::part_payments);
    json!({
        "id": account.id,
        "name": account.name,
        "legal_name": account.legal_name,
        "email": account.email,
        "address": account.address,
        "tax_ids": account.tax_ids,
        "electronic_address": account.electronic_address,
        "e_invoices": {"network": NetworkName::choice(account.e_invoice_network)},
        "phone": account.phone,
        "brand": brand(base_url, account),
        "time_zone": account.time_zone,
        "currency": account.currency,
        "language": account.language,
        "payment_terms": account.terms,
        "approvals": {
            "estimates": account.approvals.estimates,
            "change_orders": account.approvals.change_orders,
            "subscriptions": account.approvals.subscriptions,
            "invoices": account.approvals.invoices,
        },
        "tax_rates": account.tax_rates,
        "reminder_ladder": account.reminder_ladder,
        "follow_ups": {
            "send_at": account.follow_ups.send_at.unwrap_or_default(),
            "business_days_only": account.follow_ups.business_days_only,
            "holidays_of": account.follow_ups.holidays_of,
            "days_off": account.follow_ups.days_off,
        },
        "notices": {
            "attach_documents": account.notices.attach_documents,
            "attach_calendar": account.notices.attach_calendar,
            "project_thanks": account.notices.project_thanks,
            "estimate_expiry_days": account.notices.estimate_expiry_days,
            "charge_notice_days": account.notices.charge_notice_days,
            "bill_notice_days": account.notices.bill_notice_days,
            "statement_day": account.notices.statement_day,
        },
        "retention": {
            "documents_years": account.retention.documents_years,
            "contacts_years": account.retention.contacts_years,
        },
        "payment_instructions": instructions,
        "interac": account.interac,
        "part_payments": part_payments,
        "payment_providers": providers,
        "exchange_rates": rates,
        "cash_rounding": account.cash_rounding,
        "short_payment_tolerance": tolerance(&account.short_payment_tolerance),
        "apply_balance_at_issue": account.apply_balance_at_issue,
        "reference_rates": account.reference_rates,
        "late_fees": {"automation": account.late_fees},
        "books": {"locked_until": account.books_locked_until},
        "held": account.held,
        "created_at": account.created_at,
        "updated_at": account.updated_at,
    })
}

/// How the account looks: its colour, and where its logo is.
pub fn brand(base_url: &str, account: &Account) -> Value {
    let logo = AgencyLogo::of(account).map(|logo| {
        json!({
            "url": format!("{}{}", base_url, logo.path()),
            "width": logo.facts.width,
            "height": logo.facts.height,
        })
    });
    json!({"colour": account.brand.colour, "logo": logo})
}

/// How short a payment may be; null where it may not.
fn tolerance(tolerance: &Tolerance) -> Value {
    if tolerance.is_off() {
        return Value::Null;
    }
    let amounts = tolerance.amounts.iter();
    let amounts: Map<String, Value> = amounts
        .map(|(code, amount)| (code.clone(), json!({"amount": amount.amount_text()})))
        .collect();
    json!({"amounts": amounts, "percent": tolerance.percent})
}

/// A provider: whether and how it is set up, and which notifications are to be sent where.
pub fn provider(base_url: &str, account: &Account, kind: ProviderKind) -> Value {
    let name = kind.name();
    let setup = account.payment_providers.get(name);
    let livemode = setup.and_then(|setup| setup.livemode);
    json!({
        "configured_at": setup.map(|setup| setup.configured_at),
        "mode": livemode.map(|live| if live { "live" } else { "test" }),
        "method": setup.and_then(|setup| setup.method.as_deref()),
        "webhook_url": format!("{}/webhooks/{name}/{}", base_url, account.id),
        "webhook_events": kind.webhook_events(),
    })
}
