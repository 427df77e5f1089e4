//! The audit log.

use remit_billing::actor::ActorId;
use remit_billing::audit::{AuditEntry, AuditSeal, By, Provenance, Written};
use remit_billing::canonical::ContentHash;

use super::{Sample, account_id, id, of, shape, whole};

pub(super) fn samples() -> Vec<Sample> {
    vec![
        whole(entry(), vec![]),
        shape("first", first()),
        shape("by_client", by(By::Client)),
        shape("by_provider", by(By::Provider("stripe".to_owned()))),
        shape("by_remit", by(By::Remit)),
        shape("by_invited", by(By::Invited)),
        shape("by_operator", by(By::Operator)),
        whole(seal(Some(hash(7))), vec![]),
        shape("first", seal(None)),
    ]
}

fn hash(byte: u8) -> ContentHash {
    ContentHash::from_bytes([byte; 32])
}

fn entry() -> AuditEntry {
    AuditEntry {
        account_id: account_id(),
        document: "inv_01kc000000e00800000000000h".to_owned(),
        sequence: 2,
        at: of("2026-03-17T05:00:00.123Z"),
        by: By::Actor(ActorId::Member(id(0x41))),
        action: "POST /v1/invoices/{invoice_id}/issue".to_owned(),
        wrote: vec![
            Written {
                record: "invoice_document".to_owned(),
                place: "document".to_owned(),
                version: Some(2),
                sha256: Some(hash(1)),
            },
            Written {
                record: "invoice_standing".to_owned(),
                place: "standing".to_owned(),
                version: None,
                sha256: None,
            },
        ],
        facts: vec!["invoice.issued".to_owned()],
        from: Some(Provenance {
            ip: Some("192.0.2.7".to_owned()),
            user_agent: Some("curl/8".to_owned()),
            salt: "00112233445566778899aabbccddeeff".to_owned(),
        }),
        from_sha256: Some(hash(2)),
        previous: Some(hash(3)),
        hash: hash(4),
    }
}

fn first() -> AuditEntry {
    AuditEntry {
        sequence: 1,
        facts: Vec::new(),
        from: None,
        from_sha256: None,
        previous: None,
        ..entry()
    }
}

fn by(by: By) -> AuditEntry {
    AuditEntry { by, ..first() }
}

fn seal(previous: Option<ContentHash>) -> AuditSeal {
    AuditSeal {
        account_id: account_id(),
        day: of("2026-03-17"),
        documents: 12,
        heads_sha256: hash(5),
        previous,
        hash: hash(6),
        sealed_at: of("2026-03-18T00:20:00Z"),
    }
}
