//! Tax groups: what is taxed together.

use std::collections::{BTreeMap, BTreeSet};

use super::exact::{Ratio, split, to_step};
use super::{Position, TaxPart, TaxTotal, TooLarge};
use crate::money::{Currency, Money};
use crate::number::Rate;
use crate::tax::{Tax, TaxKind};

/// What makes two taxes the same group. The order is the order in which groups are listed, and
/// depends on nothing but the taxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct GroupKey<'a> {
    /// One group has one setting: `check` refuses others.
    compound: bool,
    name: &'a str,
    rate: Rate,
    kind: TaxKind,
    inclusive: bool,
}

impl<'a> GroupKey<'a> {
    pub(super) fn of(tax: &'a Tax) -> Self {
        Self {
            compound: tax.compound,
            name: tax.name.as_str(),
            rate: tax.rate,
            kind: tax.kind,
            // Withholding is always on the net, whatever the flag says.
            inclusive: tax.inclusive && !tax.kind.is_withholding(),
        }
    }

    /// The key without the setting: (name, rate, kind, inclusive).
    pub(super) fn identity(self) -> (&'a str, Rate, TaxKind, bool) {
        (self.name, self.rate, self.kind, self.inclusive)
    }
}

/// One group, in minor units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group<'a> {
    pub(super) tax: &'a Tax,
    pub(super) base: i128,
    pub(super) amount: i128,
}

/// Groups in the order in which they are listed.
pub(super) type Groups<'a> = BTreeMap<GroupKey<'a>, Group<'a>>;

impl Group<'_> {
    pub(super) fn stated(
        &self,
        key: &GroupKey<'_>,
        currency: Currency,
    ) -> Result<TaxTotal, TooLarge> {
        Ok(TaxTotal {
            name: self.tax.name.clone(),
            rate: self.tax.rate,
            kind: self.tax.kind,
            inclusive: key.inclusive,
            compound: key.compound,
            reason: self.tax.stated_reason().map(str::to_owned),
            base: Money::from_minor(self.base, currency)?,
            amount: Money::from_minor(self.amount, currency)?,
        })
    }
}

/// The taxes of a position that go into the total, in its order.
pub(super) fn charged(taxes: &[Tax]) -> impl Iterator<Item = &Tax> + Clone {
    taxes.iter().filter(|tax| !tax.kind.is_withholding())
}

/// What makes two positions the same set: their taxes, and for a compound tax those before it. In
/// the order of keys, so that lines which name the same taxes in another order are one set.
pub(super) type SetKey<'a> = Vec<(GroupKey<'a>, Vec<GroupKey<'a>>)>;

pub(super) fn set_key<'a>(taxes: &'a [Tax]) -> SetKey<'a> {
    let mut before: Vec<GroupKey<'a>> = Vec::new();
    let mut members: SetKey<'a> = Vec::new();
    for tax in charged(taxes) {
        let key = GroupKey::of(tax);
        let mut under = if tax.compound {
            before.clone()
        } else {
            Vec::new()
        };
        under.sort_unstable();
        members.push((key, under));
        before.push(key);
    }
    members.sort_unstable();
    members
}

/// Groups so that each comes after those it builds on; none if some build on each other in a
/// circle. What a compound tax builds on is the union over all sets.
pub(super) fn in_order<'a>(
    sets: &BTreeSet<SetKey<'a>>,
) -> Result<Vec<GroupKey<'a>>, Vec<GroupKey<'a>>> {
    let mut waiting: BTreeMap<GroupKey<'a>, BTreeSet<GroupKey<'a>>> = BTreeMap::new();
    for (key, under) in sets.iter().flatten() {
        waiting.entry(*key).or_default().extend(under);
    }
    let mut order = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let next = waiting
            .iter()
            .find(|(_, under)| under.iter().all(|key| order.contains(key)));
        let Some((&key, _)) = next else {
            return Err(waiting.into_keys().collect());
        };
        waiting.remove(&key);
        order.push(key);
    }
    Ok(order)
}

/// The groups of a document whose prices are without tax.
pub(super) fn add_on<'a>(positions: &[Position<'a>]) -> Result<Groups<'a>, TooLarge> {
    let mut bases: BTreeMap<SetKey<'a>, i128> = BTreeMap::new();
    let mut taxes: BTreeMap<GroupKey<'a>, &'a Tax> = BTreeMap::new();
    for position in positions {
        *bases.entry(set_key(position.taxes)).or_default() += position.base();
        for tax in charged(position.taxes) {
            taxes.entry(GroupKey::of(tax)).or_insert(tax);
        }
    }
    let sets: BTreeSet<SetKey<'a>> = bases.keys().cloned().collect();
    // `check` has refused circles.
    let order = in_order(&sets).map_err(|_| TooLarge)?;

    let mut groups = Groups::new();
    // What each tax amounts to in each set, for the compound taxes above it.
    let mut shares: BTreeMap<(GroupKey<'a>, usize), i128> = BTreeMap::new();
    for key in order {
        let mut members = Vec::new();
        let mut weights = Vec::new();
        for (index, (set, base)) in bases.iter().enumerate() {
            let Some((_, under)) = set.iter().find(|(member, _)| *member == key) else {
                continue;
            };
            let below: i128 = under
                .iter()
                .filter_map(|tax| shares.get(&(*tax, index)))
                .sum();
            members.push(index);
            weights.push(base + below);
        }
        let Some(&tax) = taxes.get(&key) else {
            continue;
        };
        let ratio = if tax.kind.is_charged() {
            Ratio::of_rate(tax.rate)
        } else {
            Ratio::new(0, 1)
        };
        let base = weights.iter().sum();
        let amount = ratio.of(base)?;
        for (index, share) in members.into_iter().zip(split(amount, &weights, ratio)?) {
            shares.insert((key, index), share);
        }
        groups.insert(key, Group { tax, base, amount });
    }
    Ok(groups)
}

/// The withholding groups: on the net of their lines, each cut as it asks.
pub(super) fn withhold<'a>(
    positions: &[Position<'a>],
    currency: Currency,
) -> Result<Groups<'a>, TooLarge> {
    let mut groups = Groups::new();
    for position in positions {
        for tax in position
            .taxes
            .iter()
            .filter(|tax| tax.kind.is_withholding())
        {
            let group = groups.entry(GroupKey::of(tax)).or_insert(Group {
                tax,
                base: 0,
                amount: 0,
            });
            group.base += position.base();
        }
    }
    for group in groups.values_mut() {
        let ratio = Ratio::of_rate(group.tax.rate);
        group.amount = match group.tax.round {
            Some(rule) => to_step(group.base, ratio, rule, currency)?,
            None => ratio.of(group.base)?,
        };
    }
    Ok(groups)
}

/// Adds what a tax comes to elsewhere to its group.
pub(super) fn add_part<'a>(groups: &mut Groups<'a>, part: &'a TaxPart) -> Result<(), TooLarge> {
    let group = groups.entry(GroupKey::of(&part.tax)).or_insert(Group {
        tax: &part.tax,
        base: 0,
        amount: 0,
    });
    group.base += i128::from(part.base.minor_units()?);
    group.amount += i128::from(part.amount.minor_units()?);
    Ok(())
}
