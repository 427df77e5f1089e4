//! `Ntry`: one booking, and the transfers that it was made of.

use remit_billing::money::{Currency, Money};

use super::super::clean;
use super::super::fault::{FaultKind, Faults, Place, Refused, StatementFault};
use super::super::model::{BankId, Direction, Entry};
use super::super::xml::Element;
use super::values::{amount_of, day, direction};

/// One booking.
pub(super) enum Read {
    Booked(Vec<Entry>),
    Pending,
    Informational,
    WithoutAmount,
    Faulty,
}

impl Read {
    pub fn amount(&self) -> Option<(Money, Place)> {
        match self {
            Read::Booked(entries) => entries.first().map(|entry| (entry.amount, entry.place)),
            _ => None,
        }
    }

    pub fn currency(&self) -> Option<Currency> {
        self.amount().map(|(amount, _)| amount.currency())
    }
}

pub(super) fn read_entry(entry: &Element, faults: &mut Faults) -> Result<Read, Refused> {
    let place = Place::Line(entry.line);
    faults.count(place)?;
    let read = faults.keep(booking(entry))?.unwrap_or(Read::Faulty);
    if let Read::Booked(entries) = &read {
        for _ in entries.iter().skip(1) {
            faults.count(place)?;
        }
    }
    Ok(read)
}

fn booking(entry: &Element) -> Result<Read, StatementFault> {
    let amount = amount_of(entry)?;
    let way = direction(entry)?;
    let status = entry
        .text_at(&["Sts", "Cd"])
        .or_else(|| entry.text_at(&["Sts"]))
        .ok_or_else(|| entry.fault(FaultKind::Missing { field: "Ntry/Sts" }))?;
    match status {
        "BOOK" => {}
        "PDNG" | "FUTR" => return Ok(Read::Pending),
        "INFO" => return Ok(Read::Informational),
        _ => return Err(entry.fault(FaultKind::UnknownWord { field: "Ntry/Sts" })),
    }
    if amount.is_zero() {
        return Ok(Read::WithoutAmount);
    }
    let reversal = matches!(entry.text_at(&["RvslInd"]), Some("true" | "1"));
    let value_on = day(entry, "ValDt")?;
    let booked_on = day(entry, "BookgDt")?.or(value_on).ok_or_else(|| {
        entry.fault(FaultKind::Missing {
            field: "Ntry/BookgDt",
        })
    })?;
    let id = entry.text_at(&["AcctSvcrRef"]).and_then(clean::bank_id);
    let details: Vec<&Element> = entry
        .children_named("NtryDtls")
        .flat_map(|details| details.children_named("TxDtls"))
        .collect();
    let more = entry.text_at(&["AddtlNtryInf"]);
    let base = Entry {
        bank_id: id.clone().map(BankId::Own),
        booked_on,
        value_on,
        amount,
        direction: way,
        reversal,
        payer_name: None,
        payer_account: None,
        end_to_end_id: None,
        structured_reference: None,
        text: String::new(),
        batch: None,
        collective: false,
        place: Place::Line(entry.line),
    };
    let [detail] = details.as_slice() else {
        return batch(entry, &details, base).map(Read::Booked);
    };
    let mut one = with_details(base, detail);
    let own = detail.text_at(&["Refs", "AcctSvcrRef"]);
    one.collective = says_several(entry);
    one.bank_id = id.or_else(|| own.and_then(clean::bank_id)).map(BankId::Own);
    if one.text.is_empty() && one.structured_reference.is_none() {
        one.text = clean::joined(more);
    }
    Ok(Read::Booked(vec![one]))
}

/// A booking of several transfers, or one whose details are not stated.
fn batch(entry: &Element, details: &[&Element], base: Entry) -> Result<Vec<Entry>, StatementFault> {
    let batches = || {
        entry
            .children_named("NtryDtls")
            .filter_map(|one| one.child("Btch"))
    };
    let reference = batches()
        .find_map(|batch| {
            batch
                .text_at(&["MsgId"])
                .or_else(|| batch.text_at(&["PmtInfId"]))
        })
        .or_else(|| entry.text_at(&["AcctSvcrRef"]))
        .or_else(|| entry.text_at(&["NtryRef"]))
        .and_then(clean::reference);
    let mut parts = Vec::with_capacity(details.len());
    for detail in details {
        // Fees go the other way, and what has no amount cannot be parted.
        let way = detail
            .child("CdtDbtInd")
            .map_or(Ok(base.direction), |_| direction(detail))?;
        let stated = detail.child("Amt").map(|_| *detail);
        let stated = stated
            .or_else(|| detail.at(&["AmtDtls", "TxAmt"]))
            .or_else(|| detail.at(&["AmtDtls", "InstdAmt"]));
        match stated.map(amount_of) {
            Some(Ok(amount)) if way == base.direction => parts.push(amount),
            _ => break,
        }
    }
    let currency = base.amount.currency();
    let sum = Money::sum(currency, parts.iter().copied());
    let whole = !parts.is_empty()
        && parts.len() == details.len()
        && parts.iter().all(Money::is_positive)
        && sum == Ok(base.amount);
    if !whole {
        let collective = !details.is_empty() || says_several(entry);
        let texts = details
            .iter()
            .flat_map(|detail| unstructured(detail).chain(references(detail)));
        let more = entry.text_at(&["AddtlNtryInf"]);
        return Ok(vec![Entry {
            text: clean::joined(texts.chain(more)),
            batch: reference.filter(|_| collective),
            collective,
            ..base
        }]);
    }
    let id = match &base.bank_id {
        Some(BankId::Own(id)) => Some(id.clone()),
        _ => None,
    };
    let split = details
        .iter()
        .zip(parts)
        .enumerate()
        .map(|(place, (detail, amount))| {
            let own = detail
                .text_at(&["Refs", "AcctSvcrRef"])
                .and_then(clean::bank_id);
            // The batch's own reference is that of each of its parts only with their place.
            let own = own
                .filter(|own| id.as_ref() != Some(own))
                .or_else(|| id.as_ref().map(|id| format!("{id}/{}", place + 1)));
            Entry {
                bank_id: own.map(BankId::Own),
                amount,
                batch: reference.clone(),
                place: Place::Line(detail.line),
                ..with_details(base.clone(), detail)
            }
        });
    Ok(split.collect())
}

/// Whether the bank says that the booking is of several transfers, stated or not.
fn says_several(entry: &Element) -> bool {
    entry
        .children_named("NtryDtls")
        .filter_map(|details| details.text_at(&["Btch", "NbOfTxs"]))
        .any(|count| count.trim_start_matches('0') != "1")
}

/// What a transfer says of its payer and its purpose.
fn with_details(base: Entry, detail: &Element) -> Entry {
    // What the other side's bank gave back.
    let reversal = base.reversal || detail.child("RtrInf").is_some();
    // A reversal names the parties of what it takes back.
    let credited = (base.direction == Direction::Credit) != reversal;
    let (party, ultimate, account) = if credited {
        ("Dbtr", "UltmtDbtr", "DbtrAcct")
    } else {
        ("Cdtr", "UltmtCdtr", "CdtrAcct")
    };
    let parties = detail.child("RltdPties");
    let name = |role: &str| {
        parties.and_then(|parties| {
            parties
                .text_at(&[role, "Nm"])
                .or_else(|| parties.text_at(&[role, "Pty", "Nm"]))
        })
    };
    let number = parties.and_then(|parties| {
        parties
            .text_at(&[account, "Id", "IBAN"])
            .or_else(|| parties.text_at(&[account, "Id", "Othr", "Id"]))
    });
    let reference = references(detail).next();
    let additional = structured(detail)
        .flat_map(|one| one.children_named("AddtlRmtInf"))
        .map(|one| one.text.as_str());
    let numbers = structured(detail)
        .flat_map(|one| one.children_named("RfrdDocInf"))
        .filter_map(|one| one.text_at(&["Nb"]));
    // One transfer may be for several: all of them are told.
    let others = references(detail).skip(1);
    let texts = unstructured(detail).chain(additional).chain(numbers);
    let texts = texts.chain(others);
    let mut text = clean::joined(texts);
    if text.is_empty() {
        text = clean::joined(detail.text_at(&["AddtlTxInf"]));
    }
    Entry {
        payer_name: name(party).or_else(|| name(ultimate)).and_then(clean::name),
        payer_account: number.and_then(clean::account),
        end_to_end_id: detail
            .text_at(&["Refs", "EndToEndId"])
            .and_then(clean::reference),
        structured_reference: reference.and_then(clean::reference),
        text,
        reversal,
        ..base
    }
}

fn unstructured(detail: &Element) -> impl Iterator<Item = &str> {
    let remittances = detail.children_named("RmtInf");
    let texts = remittances.flat_map(|remittance| remittance.children_named("Ustrd"));
    texts.map(|text| text.text.as_str())
}

fn structured(detail: &Element) -> impl Iterator<Item = &Element> {
    let remittances = detail.children_named("RmtInf");
    remittances.flat_map(|remittance| remittance.children_named("Strd"))
}

fn references(detail: &Element) -> impl Iterator<Item = &str> {
    structured(detail).filter_map(|one| one.text_at(&["CdtrRefInf", "Ref"]))
}
