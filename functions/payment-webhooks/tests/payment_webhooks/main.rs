//! The function as Stripe drives it through the gateway, with Stripe's own payloads.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod house;
mod money_back;
mod money_in;
mod signatures;

/// Every order of these.
fn orders<'a>(names: &[&'a str]) -> Vec<Vec<&'a str>> {
    let Some((first, rest)) = names.split_first() else {
        return vec![Vec::new()];
    };
    let mut found = Vec::new();
    for order in orders(rest) {
        for place in 0..=order.len() {
            let mut longer = order.clone();
            longer.insert(place, first);
            found.push(longer);
        }
    }
    found
}

/// Every order of these, each told twice over.
fn twice_in_every_order<'a>(names: &[&'a str]) -> Vec<Vec<&'a str>> {
    let twice = |order: Vec<&'a str>| [order.clone(), order].concat();
    orders(names).into_iter().map(twice).collect()
}
