//! An estimate as the contract shows it.

use jiff::Timestamp;
use remit_billing::estimate::{
    Acceptance, Accepted, Draft, Estimate, EstimateContent, Offer, OfferState, PastVersion,
    SentEstimate, Signature,
};
use remit_billing::money::Money;
use remit_billing::scope::Amendment;
use remit_runtime::{Problem, shown};
use serde_json::{Map, Value, json};

/// An estimate: where it stands, the version that is written, and the one that the client has.
pub fn estimate(estimate: &Estimate, now: Timestamp) -> Value {
    json!({
        "id": estimate.id,
        "number": estimate.number,
        "state": estimate.state(now).as_str(),
        "client_id": estimate.client_id,
        "project_id": estimate.project_id,
        "currency": estimate.currency,
        "kind": estimate.kind().as_str(),
        "amends": estimate.amends,
        "title": estimate.title,
        "draft": estimate.draft.as_ref().map(draft),
        "offer": estimate.offer.as_ref().map(|of| offer(of, now)),
        "past_versions": estimate.past.iter().map(past).collect::<Vec<_>>(),
        "created_at": estimate.created_at,
        "updated_at": estimate.updated_at,
    })
}

/// An estimate in a list: without what its versions say.
pub fn entry(of: &Estimate, now: Timestamp) -> Value {
    let mut view = estimate(of, now);
    if let Some(draft) = view["draft"].as_object_mut() {
        draft.remove("content");
    }
    view
}

fn draft(draft: &Draft) -> Value {
    let mut view = json!({
        "version": draft.version,
        "content": Value::Object(fields(&draft.content)),
        "content_hash": draft.content_hash,
        "totals": shown::totals(&draft.totals),
        "line_totals": shown::line_totals(&draft.totals),
        "total": draft.total().amount_text(),
        "amendment": draft.content.amendment.as_ref().map(amendment),
        "written_at": draft.written_at,
    });
    for (name, value) in shown::review(&draft.review) {
        view[name] = value;
    }
    view
}

fn offer(offer: &Offer, now: Timestamp) -> Value {
    let mut view = Map::new();
    let mut put = |name: &str, value: Value| {
        view.insert(name.to_owned(), value);
    };
    put("version", json!(offer.version));
    put("total", json!(offer.total.amount_text()));
    put("sent_at", json!(offer.sent_at));
    put("valid_until", json!(offer.valid_until));
    let (state, rest) = match &offer.state {
        OfferState::Open { .. } if offer.is_expired(now) => ("expired", json!({})),
        OfferState::Open { signing } => {
            let signed = signing.iter().flat_map(|signing| &signing.signatures);
            let signed: Vec<Value> = signed
                .map(|found| json!({"signer_id": found.signer_id, "signed_at": found.signed_at}))
                .collect();
            ("open", json!({ "signed": signed }))
        }
        OfferState::Accepted {
            at,
            document_hash,
            total,
        } => (
            "accepted",
            json!({"at": at, "document_hash": document_hash, "accepted_total": total.amount_text()}),
        ),
        OfferState::Declined { at, reason } => ("declined", json!({"at": at, "reason": reason})),
        OfferState::Withdrawn { at, by, reason } => {
            ("withdrawn", json!({"at": at, "by": by, "reason": reason}))
        }
    };
    put("state", json!(state));
    if let Value::Object(rest) = rest {
        view.extend(rest);
    }
    Value::Object(view)
}

/// A version as it was sent.
pub fn sent(sent: &SentEstimate) -> Result<Value, Problem> {
    let choice = sent.content.preselected();
    let (document, offered) = sent.document(&choice).map_err(Problem::internal)?;
    Ok(json!({
        "estimate_id": sent.estimate_id,
        "number": sent.number,
        "version": sent.version,
        "content": Value::Object(fields(&sent.content)),
        "totals": shown::totals(&sent.totals),
        "line_totals": shown::line_totals(&sent.totals),
        "total": sent.total().amount_text(),
        "amendment": sent.content.amendment.as_ref().map(amendment),
        "milestone_amounts": amounts(&offered.milestones),
        "deposit_amount": offered.deposit.map(|amount| amount.amount_text()),
        "signers": sent.signers,
        "all_sign": sent.all_sign,
        "approved": shown::checked(&sent.checked),
        "sent_at": sent.sent_at,
        "sent_by": sent.sent_by,
        "valid_until": sent.valid_until,
        "document_hash": document.hash,
    }))
}

/// What a change order makes of what was accepted: before and after, net but for the totals.
fn amendment(of: &Amendment) -> Value {
    let lines = of.lines.iter().map(|line| {
        json!({
            "scope_line_id": line.scope_line_id,
            "estimate_id": line.estimate_id,
            "description": line.description,
            "quantity_before": line.quantity_before,
            "quantity_after": line.quantity_after,
            "agreed_before": line.agreed_before.amount_text(),
            "agreed_after": line.agreed_after.amount_text(),
        })
    });
    let offers = of.offers.iter().map(|offer| {
        json!({
            "estimate_id": offer.estimate_id,
            "number": offer.number,
            "total_before": offer.total_before.amount_text(),
            "total_after": offer.total_after.amount_text(),
        })
    });
    let milestones = of.milestones.iter().map(|found| {
        json!({
            "milestone_id": found.milestone_id,
            "title": found.title,
            "amount_before": found.amount_before.amount_text(),
            "amount_after": found.amount_after.amount_text(),
        })
    });
    json!({
        "estimate_id": of.estimate_id,
        "number": of.number,
        "total_before": of.total_before.amount_text(),
        "lines": lines.collect::<Vec<_>>(),
        "offers": offers.collect::<Vec<_>>(),
        "milestones": milestones.collect::<Vec<_>>(),
    })
}

fn amounts(amounts: &[Money]) -> Vec<String> {
    amounts.iter().map(Money::amount_text).collect()
}

fn past(past: &PastVersion) -> Value {
    json!({
        "version": past.version,
        "sent_at": past.sent_at,
        "outcome": past.outcome,
        "ended_at": past.ended_at,
    })
}

/// What was accepted, and whether it is still what was signed.
pub fn verified(estimate: &Estimate, acceptance: &Acceptance, sent: &SentEstimate) -> Value {
    let checks = acceptance.verify(estimate, sent);
    let (signatures, elsewhere) = match &acceptance.accepted {
        Accepted::Signed(signatures) => (signatures.as_slice(), None),
        Accepted::Elsewhere(elsewhere) => (&[][..], Some(elsewhere)),
    };
    json!({
        "estimate_id": estimate.id,
        "number": sent.number,
        "version": acceptance.version,
        "intact": checks.is_intact(),
        "checks": checks,
        "currency": acceptance.total.currency(),
        "accepted_total": acceptance.total.amount_text(),
        "accepted_at": acceptance.accepted_at,
        "chosen_options": acceptance.choice,
        "document_hash": acceptance.document_hash,
        "document": acceptance.document,
        "signatures": signatures.iter().map(signature).collect::<Vec<_>>(),
        "elsewhere": elsewhere,
    })
}

fn signature(signature: &Signature) -> Value {
    json!({
        "signer_id": signature.signer_id,
        "name": signature.name,
        "email": signature.email,
        "statement": signature.statement,
        "document_hash": signature.document_hash,
        "signed_at": signature.signed_at,
        "ip": signature.ip,
        "user_agent": signature.user_agent,
    })
}

/// The fields of a body that says the same: what is shown can be sent back.
pub fn fields(content: &EstimateContent) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| {
        fields.insert(name.to_owned(), value);
    };
    put("project_id", json!(content.project_id));
    put("amends", json!(content.amends()));
    put("changes", changes(content));
    put("title", json!(content.title));
    put("introduction", json!(content.introduction));
    put("lines", json!(content.lines));
    put("discount", json!(content.discount));
    put("charges", json!(content.charges));
    put("deliverables", dated(&json!(content.deliverables)));
    put("assumptions", json!(content.assumptions));
    put("exclusions", json!(content.exclusions));
    put("schedule", scheduled(content));
    put("terms", json!(content.terms));
    put("late_fee", json!(content.late_fee));
    put("late_fee_rule", json!(content.late_fee_rule));
    put("conditions", json!(content.conditions));
    put("valid_until", json!(content.valid_until));
    put("signers", json!(content.signers));
    fields
}

/// What a change order changes, as a body says it.
fn changes(content: &EstimateContent) -> Value {
    let lines = content.amendment.iter().flat_map(|found| &found.lines);
    let changes = lines.map(|line| {
        let mut change = json!(line.to);
        change["scope_line_id"] = json!(line.scope_line_id);
        change
    });
    changes.collect()
}

fn scheduled(content: &EstimateContent) -> Value {
    if content.schedule.is_empty() {
        return Value::Null;
    }
    let mut schedule = Map::new();
    if let Some(deposit) = content.schedule.deposit {
        schedule.insert("deposit".to_owned(), json!(deposit));
    }
    let milestones = dated(&json!(content.schedule.milestones));
    schedule.insert("milestones".to_owned(), milestones);
    Value::Object(schedule)
}

/// The contract's `due_date` for the domain's `due_on`.
fn dated(list: &Value) -> Value {
    let entries = list.as_array().into_iter().flatten();
    entries
        .map(|entry| {
            let mut entry = entry.clone();
            if let Some(fields) = entry.as_object_mut()
                && let Some(day) = fields.remove("due_on")
            {
                fields.insert("due_date".to_owned(), day);
            }
            entry
        })
        .collect()
}
