//! How often somebody may ask, as a token bucket: pure, with the time as an argument.
//!
//! A bucket is one instant, that at which it is full again (the generic cell rate algorithm). Of
//! whoever waited long enough nothing has to be known, so what is full is forgotten.

use std::collections::HashMap;
use std::hash::Hash;

use jiff::{SignedDuration, Timestamp};

const MICROSECONDS_OF_SECOND: i64 = 1_000_000;
/// Buckets that are known at one time, some hundred bytes each.
pub const ENTRIES_MAX: usize = 10_000;

/// So many in a second, and so many at once after a while without any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// What one of them takes of the time.
    interval: SignedDuration,
    burst: i32,
}

impl Rate {
    /// A rate; none where nothing at all would be let through.
    pub fn new(per_s: u32, burst: u32) -> Option<Self> {
        // Rounded up, so that never more than the rate is let through; at most one a microsecond.
        let interval = MICROSECONDS_OF_SECOND.checked_div(per_s.into())?;
        let left = MICROSECONDS_OF_SECOND.checked_rem(per_s.into())?;
        let burst = i32::try_from(burst).ok().filter(|burst| *burst > 0)?;
        Some(Self {
            interval: SignedDuration::from_micros(interval + i64::from(left > 0)),
            burst,
        })
    }

    /// How long an empty bucket takes to be full.
    fn whole(self) -> SignedDuration {
        self.interval.saturating_mul(self.burst)
    }
}

/// Nothing is left; there is something after this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("nothing is left for {} ms", .0.as_millis())]
pub struct Empty(pub SignedDuration);

impl Empty {
    /// Whole seconds to wait, one at least.
    pub fn retry_after_s(self) -> u32 {
        let begun = i64::from(self.0.subsec_nanos() > 0);
        u32::try_from(self.0.as_secs() + begun).unwrap_or(1).max(1)
    }
}

/// One bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    full_at: Timestamp,
}

impl Bucket {
    /// A full one.
    pub fn full(now: Timestamp) -> Self {
        Self { full_at: now }
    }

    /// Takes one out.
    ///
    /// # Errors
    /// [`Empty`], and the bucket is as it was.
    pub fn take(self, rate: Rate, now: Timestamp) -> Result<Self, Empty> {
        // A clock that was set back must not lock anybody out for as long.
        let missing = self.full_at.duration_since(now);
        let missing = missing.clamp(SignedDuration::ZERO, rate.whole());
        let then = missing.saturating_add(rate.interval);
        match then.saturating_sub(rate.whole()) {
            over if over > SignedDuration::ZERO => Err(Empty(over)),
            _ => Ok(Self {
                full_at: now.saturating_add(then).unwrap_or(Timestamp::MAX),
            }),
        }
    }

    fn is_full(self, now: Timestamp) -> bool {
        self.full_at <= now
    }
}

/// Buckets of one rate, by whom they are of.
#[derive(Debug)]
pub struct Buckets<K> {
    rate: Rate,
    known: HashMap<K, Bucket>,
}

impl<K: Eq + Hash> Buckets<K> {
    /// All of them full.
    pub fn new(rate: Rate) -> Self {
        Self {
            rate,
            known: HashMap::new(),
        }
    }

    /// Takes one out of somebody's.
    ///
    /// # Errors
    /// [`Empty`].
    pub fn take(&mut self, whose: K, now: Timestamp) -> Result<(), Empty> {
        let after = self.look(&whose, now)?;
        if self.known.len() >= ENTRIES_MAX && !self.known.contains_key(&whose) {
            self.known.retain(|_, bucket| !bucket.is_full(now));
            if self.known.len() >= ENTRIES_MAX {
                // Memory is bounded first; the gateway's rates hold whatever is forgotten here.
                self.known.clear();
            }
        }
        self.known.insert(whose, after);
        Ok(())
    }

    /// Whether there is something left, taking nothing; what the bucket would be after it.
    ///
    /// # Errors
    /// [`Empty`].
    pub fn look(&self, whose: &K, now: Timestamp) -> Result<Bucket, Empty> {
        let bucket = self.known.get(whose).copied();
        let bucket = bucket.unwrap_or_else(|| Bucket::full(now));
        bucket.take(self.rate, now)
    }

    /// How many are not known to be full.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn start() -> Timestamp {
        "2026-11-24T10:00:00Z".parse().unwrap()
    }

    fn after(at: Timestamp, ms: i64) -> Timestamp {
        at + SignedDuration::from_millis(ms)
    }

    proptest! {
        /// In no stretch of time more than the burst and the rate of that time is let through.
        #[test]
        fn no_stretch_of_time_lets_more_through(
            per_s in 1_u32..200,
            burst in 1_u32..50,
            gaps in prop::collection::vec(0_i64..400, 1..200),
        ) {
            let rate = Rate::new(per_s, burst).unwrap();
            let (mut bucket, mut now, mut let_through) = (Bucket::full(start()), start(), Vec::new());
            for gap in gaps {
                now = after(now, gap);
                if let Ok(next) = bucket.take(rate, now) {
                    bucket = next;
                    let_through.push(now);
                }
            }
            for (first, from) in let_through.iter().enumerate() {
                for (count, to) in let_through[first..].iter().enumerate() {
                    let ms = to.duration_since(*from).as_millis();
                    let most = i128::from(burst) * 1_000 + i128::from(per_s) * ms;
                    prop_assert!((i128::try_from(count).unwrap() + 1) * 1_000 <= most + 1_000);
                }
            }
        }

        /// Who waits as long as was said is let through, and a moment before not.
        #[test]
        fn the_time_to_wait_is_the_time_to_wait(
            per_s in 1_u32..200,
            burst in 1_u32..50,
            gaps in prop::collection::vec(0_i64..20, 1..200),
        ) {
            let rate = Rate::new(per_s, burst).unwrap();
            let (mut bucket, mut now) = (Bucket::full(start()), start());
            for gap in gaps {
                now = after(now, gap);
                match bucket.take(rate, now) {
                    Ok(next) => bucket = next,
                    Err(Empty(wait)) => {
                        prop_assert!(wait <= rate.interval);
                        prop_assert!(bucket.take(rate, now + wait).is_ok());
                        let early = now + wait - SignedDuration::from_micros(1);
                        prop_assert!(bucket.take(rate, early).is_err());
                    }
                }
            }
        }

        /// Whoever keeps to the rate is never refused, however long that goes on.
        #[test]
        fn who_keeps_to_the_rate_is_never_refused(per_s in 1_u32..1_000, burst in 1_u32..50) {
            let rate = Rate::new(per_s, burst).unwrap();
            let (mut bucket, mut now) = (Bucket::full(start()), start());
            for _ in 0..500 {
                bucket = bucket.take(rate, now).unwrap();
                now += rate.interval;
            }
        }

        /// A clock that goes back locks nobody out for longer than one takes.
        #[test]
        fn a_clock_that_goes_back_locks_nobody_out(back_s in 0_i64..1_000_000) {
            let rate = Rate::new(5, 10).unwrap();
            let mut bucket = Bucket::full(start());
            while let Ok(next) = bucket.take(rate, start()) {
                bucket = next;
            }
            let before = start() - SignedDuration::from_secs(back_s);
            let Err(Empty(wait)) = bucket.take(rate, before) else {
                return Err(TestCaseError::fail("it was empty"));
            };
            prop_assert!(wait <= rate.interval);
        }
    }

    #[test]
    fn a_rate_of_nothing_is_none() {
        assert_eq!(Rate::new(0, 5), None);
        assert_eq!(Rate::new(5, 0), None);
    }

    #[test]
    fn seconds_to_wait_are_whole_ones() {
        for (ms, seconds) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (59_500, 60)] {
            let wait = SignedDuration::from_millis(ms);
            assert_eq!(Empty(wait).retry_after_s(), seconds, "{ms}");
        }
    }

    #[test]
    fn each_has_a_bucket_of_its_own_and_memory_has_an_end() {
        let mut buckets = Buckets::new(Rate::new(1, 2).unwrap());
        for whose in ["a", "b"] {
            for _ in 0..2 {
                buckets.take(whose.to_owned(), start()).unwrap();
            }
            assert!(buckets.take(whose.to_owned(), start()).is_err());
        }
        for one in 0..3 * ENTRIES_MAX {
            buckets.take(one.to_string(), start()).unwrap();
            assert!(buckets.len() <= ENTRIES_MAX);
        }
        // What is full again is forgotten, and nothing else where that makes room.
        let later = after(start(), 2_000);
        let mut buckets = Buckets::new(Rate::new(1, 2).unwrap());
        for one in 1..ENTRIES_MAX {
            buckets.take(one, start()).unwrap();
        }
        for _ in 0..2 {
            buckets.take(0, later).unwrap();
        }
        buckets.take(ENTRIES_MAX, later).unwrap();
        assert_eq!(buckets.len(), 2);
        assert!(buckets.take(0, later).is_err());
    }
}
