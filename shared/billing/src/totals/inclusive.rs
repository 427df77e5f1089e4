//! Documents whose prices hold their taxes: the gross of each set of taxes stands.

use std::collections::BTreeMap;

use super::exact::{Ratio, gcd, power_of_ten, split};
use super::groups::{Group, GroupKey, Groups, SetKey, charged, set_key};
use super::{Position, Role, TooLarge};
use crate::tax::Tax;

/// Takes the taxes out of the positions, which are gross before and net of tax after, and returns
/// the groups.
pub(super) fn take_out<'a>(positions: &mut [Position<'a>]) -> Result<Groups<'a>, TooLarge> {
    let mut sets: BTreeMap<SetKey<'a>, Vec<usize>> = BTreeMap::new();
    for (index, position) in positions.iter().enumerate() {
        sets.entry(set_key(position.taxes)).or_default().push(index);
    }
    let mut groups = Groups::new();
    for (set, members) in &sets {
        let Some(&first) = members.first() else {
            continue;
        };
        let factors = Factors::of(positions[first].taxes)?;
        let gross: i128 = members.iter().map(|&index| positions[index].base()).sum();
        let net = factors.net().of(gross)?;
        let amounts = factors.split_rest(gross, net, set)?;
        spread(net, members, positions, factors.net())?;

        for (key, under) in set {
            let Some(tax) = charged(positions[first].taxes).find(|tax| GroupKey::of(tax) == *key)
            else {
                continue;
            };
            let group = groups.entry(*key).or_insert(Group {
                tax,
                base: 0,
                amount: 0,
            });
            let below: i128 = under.iter().filter_map(|tax| amounts.get(tax)).sum();
            group.base += net + below;
            group.amount += amounts.get(key).copied().unwrap_or(0);
        }
    }
    Ok(groups)
}

/// What each tax of a set is of its net, over one denominator: `tax = net x num / den`.
struct Factors<'a> {
    nums: BTreeMap<GroupKey<'a>, i128>,
    den: i128,
    /// `1 + all taxes`, over the denominator.
    whole: i128,
}

impl<'a> Factors<'a> {
    fn of(taxes: &'a [Tax]) -> Result<Self, TooLarge> {
        let scale = charged(taxes).map(|tax| tax.rate.decimal().scale()).max();
        let step = power_of_ten(scale.unwrap_or(0) + 2);
        let mut den = step;
        let mut nums: Vec<(GroupKey<'a>, i128)> = Vec::new();
        for tax in charged(taxes) {
            let rate = tax.rate.decimal();
            // The rate over `step`.
            let rate = if tax.kind.is_charged() {
                step / power_of_ten(rate.scale() + 2) * rate.mantissa()
            } else {
                0
            };
            let num = if tax.compound {
                let taxed = with_taxes(den, &nums)?;
                den = den.checked_mul(step).ok_or(TooLarge)?;
                for (_, num) in &mut nums {
                    *num = num.checked_mul(step).ok_or(TooLarge)?;
                }
                taxed.checked_mul(rate).ok_or(TooLarge)?
            } else {
                (den / step).checked_mul(rate).ok_or(TooLarge)?
            };
            nums.push((GroupKey::of(tax), num));
        }
        let divisor = nums.iter().fold(den.unsigned_abs(), |divisor, (_, num)| {
            gcd(divisor, num.unsigned_abs())
        });
        let divisor = i128::try_from(divisor).map_err(|_| TooLarge)?;
        for (_, num) in &mut nums {
            *num /= divisor;
        }
        den /= divisor;
        let whole = with_taxes(den, &nums)?;
        Ok(Self {
            nums: nums.into_iter().collect(),
            den,
            whole,
        })
    }

    /// What the net is of the gross.
    fn net(&self) -> Ratio {
        Ratio::new(self.den, self.whole)
    }

    /// Splits what is left of the gross over the taxes, in the order of keys.
    fn split_rest(
        &self,
        gross: i128,
        net: i128,
        set: &SetKey<'a>,
    ) -> Result<BTreeMap<GroupKey<'a>, i128>, TooLarge> {
        let keys = set.iter().map(|(key, _)| *key);
        let weights: Vec<i128> = keys
            .clone()
            .map(|key| self.nums.get(&key).copied().unwrap_or(0))
            .collect();
        let parts = split(gross - net, &weights, Ratio::new(gross, self.whole))?;
        Ok(keys.zip(parts).collect())
    }
}

fn with_taxes(den: i128, nums: &[(GroupKey<'_>, i128)]) -> Result<i128, TooLarge> {
    nums.iter()
        .try_fold(den, |whole, (_, num)| whole.checked_add(*num))
        .ok_or(TooLarge)
}

/// Spreads a set's net over its lines, discounts and charges: first over the three sums, so that
/// the document's totals do not depend on the order of lines, then over each sum's parts.
fn spread(
    net: i128,
    members: &[usize],
    positions: &mut [Position<'_>],
    ratio: Ratio,
) -> Result<(), TooLarge> {
    let of_role = |role: Role| -> Vec<usize> {
        let all = members.iter().copied();
        all.filter(|&index| positions[index].role == role).collect()
    };
    let (lines, charges) = (of_role(Role::Line), of_role(Role::Charge));
    let owns = |indices: &[usize]| -> Vec<i128> {
        indices.iter().map(|&index| positions[index].own).collect()
    };
    let of_lines = owns(&lines);
    let of_charges = owns(&charges);
    // Taken off, so negative here.
    let of_discount: Vec<i128> = lines.iter().map(|&index| -positions[index].share).collect();

    let sums = [&of_lines, &of_discount, &of_charges].map(|parts| parts.iter().sum::<i128>());
    let nets = split(net, &sums, ratio)?;
    for (index, part) in lines.iter().zip(split(nets[0], &of_lines, ratio)?) {
        positions[*index].own = part;
    }
    for (index, part) in lines.iter().zip(split(nets[1], &of_discount, ratio)?) {
        positions[*index].share = -part;
    }
    for (index, part) in charges.iter().zip(split(nets[2], &of_charges, ratio)?) {
        positions[*index].own = part;
    }
    Ok(())
}
