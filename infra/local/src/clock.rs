//! The host's clock: the machine's time and an offset that a person moves forward.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use remit_runtime::{Clock, SystemClock};

use crate::shelf::{Shelf, ShelfError};

const KIND: &str = "clock";
const OFFSET: &str = "offset_ms";

/// The machine's time plus an offset that is kept, so that time never goes back at a restart.
/// Clones share the offset.
#[derive(Clone)]
pub struct HostClock {
    offset_ms: Arc<AtomicI64>,
    shelf: Shelf,
}

impl HostClock {
    /// The clock as it was left on this shelf.
    ///
    /// # Errors
    /// The shelf's.
    pub fn open(shelf: Shelf) -> Result<Self, ShelfError> {
        let offset_ms = shelf.get::<i64>(KIND, OFFSET)?.unwrap_or_default();
        Ok(Self {
            offset_ms: Arc::new(AtomicI64::new(offset_ms)),
            shelf,
        })
    }

    /// Moves the clock to an instant, if it is ahead; never back.
    ///
    /// # Errors
    /// The shelf's.
    pub fn move_to(&self, instant: Timestamp) -> Result<(), ShelfError> {
        // Rounded up: at least there.
        let ahead_ms = instant.as_millisecond() + 1 - SystemClock.now().as_millisecond();
        let before = self.offset_ms.fetch_max(ahead_ms, Ordering::SeqCst);
        if ahead_ms > before {
            self.shelf.put(KIND, OFFSET, &ahead_ms)?;
        }
        Ok(())
    }
}

impl Clock for HostClock {
    fn now(&self) -> Timestamp {
        let offset = SignedDuration::from_millis(self.offset_ms.load(Ordering::SeqCst));
        SystemClock
            .now()
            .checked_add(offset)
            .unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    #[test]
    fn it_moves_forward_only_and_stays_moved() {
        let shelf = Shelf::memory().unwrap();
        let clock = HostClock::open(shelf.clone()).unwrap();
        let later = clock.now() + 72.hours();
        clock.move_to(later).unwrap();
        clock.move_to(later - 48.hours()).unwrap();
        assert!(clock.now() >= later - 1.seconds());
        let again = HostClock::open(shelf).unwrap();
        assert!(again.now() >= later - 1.seconds());
    }
}
