//! What holds of whatever a statement's reader takes: shared by the targets.

use remit_payments::statement::identity::identities;
use remit_payments::statement::{MAX_ENTRIES, MAX_FAULTS, Source, detect, read};

/// Reads, and checks what is read.
///
/// # Panics
/// Where something does not hold: that is a finding.
pub fn check(bytes: &[u8], source: Source<'_>) {
    detect(bytes);
    let statements = match read(bytes, source) {
        Ok(statements) => statements,
        Err(refused) => {
            assert!((1..=MAX_FAULTS).contains(&refused.faults().len()));
            return;
        }
    };
    assert!(!statements.is_empty());
    let entries: usize = statements.iter().map(|one| one.entries.len()).sum();
    assert!(entries <= MAX_ENTRIES);
    for statement in &statements {
        for entry in &statement.entries {
            assert!(entry.amount.is_positive());
            assert_eq!(entry.amount.currency(), statement.currency);
            assert!(!entry.text.contains(['\n', '\r', '\0']));
            entry.incoming();
        }
    }
    let identities = identities(&statements).expect("identities are references");
    let mut all: Vec<_> = identities.into_iter().flatten().collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), entries, "no two entries are one");
    assert_eq!(
        read(bytes, source),
        Ok(statements),
        "the same file reads the same"
    );
}
