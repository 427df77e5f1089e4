//! Whole numbers and ratios: nothing here loses a digit or overflows in silence.

use rust_decimal::Decimal;

use super::TooLarge;
use crate::money::Currency;
use crate::number::{Percent, Rate};
use crate::tax::{RoundMode, RoundTo, Step};

/// An exact fraction, reduced, with a denominator above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ratio {
    num: i128,
    den: i128,
}

impl Ratio {
    pub(super) const ONE: Ratio = Ratio { num: 1, den: 1 };

    /// `den` is not zero.
    pub(super) fn new(num: i128, den: i128) -> Self {
        let (num, den) = if den < 0 { (-num, -den) } else { (num, den) };
        let divisor = gcd(num.unsigned_abs(), den.unsigned_abs());
        // The divisor divides `den`, which is a positive i128.
        match i128::try_from(divisor) {
            Ok(divisor) if divisor > 1 => Self {
                num: num / divisor,
                den: den / divisor,
            },
            _ => Self { num, den },
        }
    }

    fn percent(percent: Decimal) -> Self {
        // At most six decimals: the scale of every percentage here.
        Self::new(percent.mantissa(), power_of_ten(percent.scale() + 2))
    }

    pub(super) fn of_rate(rate: Rate) -> Self {
        Self::percent(rate.decimal())
    }

    pub(super) fn of_percent(percent: Percent) -> Self {
        Self::percent(percent.decimal())
    }

    /// The share of an amount, rounded half away from zero.
    pub(super) fn of(self, amount: i128) -> Result<i128, TooLarge> {
        let product = amount.checked_mul(self.num).ok_or(TooLarge)?;
        divide(product, self.den, RoundMode::HalfUp)
    }
}

pub(super) fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Ten to the power of a scale; scales here are at most twelve.
pub(super) fn power_of_ten(scale: u32) -> i128 {
    10_i128.saturating_pow(scale)
}

/// A quotient as a whole number. `den` is above zero.
fn divide(num: i128, den: i128, mode: RoundMode) -> Result<i128, TooLarge> {
    let (quotient, rest) = (num / den, num % den);
    let away = match mode {
        RoundMode::Down => false,
        RoundMode::Up => rest != 0,
        // Twice the rest without doubling it.
        RoundMode::HalfUp => rest.unsigned_abs() >= den.unsigned_abs() - rest.unsigned_abs(),
    };
    if away {
        quotient.checked_add(num.signum()).ok_or(TooLarge)
    } else {
        Ok(quotient)
    }
}

/// `mantissa / 10^scale` in units of `10^-digits`, rounded half away from zero.
pub(super) fn to_minor(mantissa: i128, scale: u32, digits: u32) -> Result<i128, TooLarge> {
    if scale <= digits {
        let missing = power_of_ten(digits - scale);
        return mantissa.checked_mul(missing).ok_or(TooLarge);
    }
    divide(mantissa, power_of_ten(scale - digits), RoundMode::HalfUp)
}

/// A step in minor units; none if it is not on the currency's grid.
pub(super) fn step_in_minor(step: Step, currency: Currency) -> Option<i128> {
    let (step, digits) = (step.decimal(), currency.minor_digits());
    let missing = digits.checked_sub(step.scale())?;
    step.mantissa().checked_mul(power_of_ten(missing))
}

/// `amount x ratio` rounded to a step, once.
pub(super) fn to_step(
    amount: i128,
    ratio: Ratio,
    rule: RoundTo,
    currency: Currency,
) -> Result<i128, TooLarge> {
    // `check` has refused steps off the grid.
    let step = step_in_minor(rule.to, currency).ok_or(TooLarge)?;
    let product = amount.checked_mul(ratio.num).ok_or(TooLarge)?;
    let den = ratio.den.checked_mul(step).ok_or(TooLarge)?;
    divide(product, den, rule.mode)?
        .checked_mul(step)
        .ok_or(TooLarge)
}

/// Splits a whole over parts whose exact values are `weight x ratio`, by largest remainder, ties
/// in order. The whole is the sum of the exact values, rounded either way.
///
/// A part gets its exact value rounded down or up, a part of exactly a whole number gets that, and
/// the parts add up to the whole.
pub(super) fn split(whole: i128, weights: &[i128], ratio: Ratio) -> Result<Vec<i128>, TooLarge> {
    let mut parts = Vec::with_capacity(weights.len());
    let mut rests = Vec::with_capacity(weights.len());
    for weight in weights {
        let exact = weight.checked_mul(ratio.num).ok_or(TooLarge)?;
        parts.push(exact.div_euclid(ratio.den));
        rests.push(exact.rem_euclid(ratio.den));
    }
    let given: i128 = parts.iter().sum();
    let mut order: Vec<usize> = (0..rests.len()).collect();
    // Stable: among equal rests the first comes first.
    order.sort_by_key(|&index| std::cmp::Reverse(rests[index]));
    let left = usize::try_from(whole - given).map_err(|_| TooLarge)?;
    if left > order.len() {
        return Err(TooLarge);
    }
    for &index in &order[..left] {
        parts[index] += 1;
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_is_away_from_zero() {
        for (num, den, half_up, down, up) in [
            (5, 2, 3, 2, 3),
            (-5, 2, -3, -2, -3),
            (4, 3, 1, 1, 2),
            (-4, 3, -1, -1, -2),
            (5, 3, 2, 1, 2),
            (6, 3, 2, 2, 2),
            (0, 3, 0, 0, 0),
            (1, 2, 1, 0, 1),
        ] {
            assert_eq!(
                divide(num, den, RoundMode::HalfUp),
                Ok(half_up),
                "{num}/{den}"
            );
            assert_eq!(divide(num, den, RoundMode::Down), Ok(down), "{num}/{den}");
            assert_eq!(divide(num, den, RoundMode::Up), Ok(up), "{num}/{den}");
        }
    }

    #[test]
    fn the_largest_remainder_gets_what_is_left_and_ties_go_in_order() {
        assert_eq!(
            split(100, &[1, 1, 1], Ratio::new(100, 3)),
            Ok(vec![34, 33, 33])
        );
        assert_eq!(
            split(10, &[333, 333, 334], Ratio::new(10, 1000)),
            Ok(vec![3, 3, 4])
        );
        assert_eq!(split(1, &[1, 1], Ratio::new(1, 2)), Ok(vec![1, 0]));
        assert_eq!(split(5, &[15, -5], Ratio::new(5, 10)), Ok(vec![8, -3]));
        assert_eq!(split(0, &[], Ratio::ONE), Ok(vec![]));
        assert_eq!(split(0, &[7, -7], Ratio::new(0, 1)), Ok(vec![0, 0]));
    }

    #[test]
    fn what_does_not_fit_is_told() {
        assert_eq!(Ratio::new(i128::MAX, 1).of(2), Err(TooLarge));
        assert_eq!(split(0, &[i128::MAX], Ratio::new(3, 2)), Err(TooLarge));
    }
}
