//! The bookkeeper's codes as the contract shows them.

use remit_billing::ledger::LedgerAccount;
use remit_billing::ledger_codes::LedgerCodes;
use serde_json::{Map, Value, json};

/// What the bookkeeper calls the accounts of the ledger.
pub fn ledger_codes(codes: &LedgerCodes) -> Value {
    let accounts: Map<String, Value> = LedgerAccount::ALL
        .iter()
        .map(|account| {
            let code = codes.accounts.get(account);
            (account.as_str().to_owned(), json!(code))
        })
        .collect();
    let taxes = codes
        .taxes
        .iter()
        .map(|of| json!({"name": of.name, "rate": of.rate, "kind": of.kind, "code": of.code}));
    json!({
        "accounts": accounts,
        "taxes": taxes.collect::<Value>(),
        "xero_tax_rate": codes.xero_tax_rate,
        "datev": codes.datev.map(|of| json!({
            "consultant": of.consultant,
            "client": of.client,
            "year_begins": of.year_begins,
            "account_digits": of.account_digits,
            "chart": of.chart,
        })),
        "updated_at": codes.updated_at,
    })
}
