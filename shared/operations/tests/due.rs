//! What a sweep tells of itself.

use remit_operations::due::Swept;

#[test]
fn the_oldest_of_all_that_is_due_is_told() {
    let mut swept = Swept::default();
    assert_eq!(swept.oldest, None);
    for place in [
        Some("2026-03-17T06:00:00Z#acc_1"),
        Some("2026-03-16T06:00:00Z#acc_2#stripe"),
        Some("2026-03-18T06:00:00Z#acc_3"),
        Some("soon"),
        None,
    ] {
        swept.found_at(place);
    }
    let oldest = swept.oldest.map(|at| at.to_string());
    assert_eq!(oldest.as_deref(), Some("2026-03-16T06:00:00Z"));
}
