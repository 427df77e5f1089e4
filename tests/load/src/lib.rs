//! Load: several clients at once draft, issue and pay over HTTP, against a host on disk, which may be killed in between;
//! afterwards every answer that was given has to be there, the numbers without a gap, and the books at zero. And what a
//! life, a day and a month take and cost, counted by a host whose clock is moved.
//!
//! - [`host`]: the host, a process of its own, so that it can be killed;
//! - [`lives`]: what a client does, and how long it takes;
//! - [`books`]: what is looked at afterwards;
//! - [`units`]: what a life takes of the table, and of the functions;
//! - [`postgres`]: a schema written by hand, in the same run;
//! - [`agency`]: an agency on a host in this process;
//! - [`month`], [`day`]: what a month costs, and a day of an agency;
//! - [`prices`], [`deployment`]: what AWS asks, and what is deployed.

pub mod agency;
pub mod books;
pub mod day;
pub mod deployment;
pub mod host;
pub mod lives;
pub mod month;
pub mod postgres;
pub mod prices;
pub mod units;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use books::Answered;
use host::HostProcess;
use lives::{Caller, Lives};

/// How the load is.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The program that is the host; it is started as `PROGRAM serve ...`.
    pub program: PathBuf,
    /// Clients at once.
    pub clients: usize,
    /// For so long lives begin.
    pub time: Duration,
    /// Whether the host is killed at random moments.
    pub kills: bool,
    /// What those moments follow from.
    pub seed: u64,
}

/// What went wrong: the load is not as it has to be.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The host does not start, or is not there.
    #[error("the host: {0}")]
    Host(String),
    /// An answer that is none of those that a client can expect.
    #[error("{call}: {answer}")]
    Answer {
        /// What was asked.
        call: String,
        /// What came.
        answer: String,
    },
    /// The books are not as the answers were.
    #[error("the books: {0}")]
    Books(String),
    /// PostgreSQL, beside it.
    #[error("PostgreSQL: {0}")]
    Postgres(String),
}

/// What it came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Invoices that were drafted, issued and paid.
    pub lives: usize,
    /// How often the host was killed.
    pub deaths: u32,
    /// Requests that were sent again, as no answer came.
    pub unanswered: u64,
    /// Requests that were sent again, as the answer asked for that.
    pub asked_again: u64,
    /// For how long it ran.
    pub time: Duration,
    /// How long a life took: half of them less, and ninety-nine of a hundred.
    pub p50: Duration,
    /// See `p50`.
    pub p99: Duration,
    /// Processor time of the host, where it lived from beginning to end and the machine tells.
    pub processor: Option<Duration>,
}

/// Runs it, and looks at the books afterwards.
///
/// # Errors
/// [`LoadError`].
pub async fn run(settings: &Settings) -> Result<Outcome, LoadError> {
    let mut host = HostProcess::start(&settings.program)?;
    let caller = Caller::new(&host.url, &host.api_key)?;
    caller.wait().await?;
    let processor_before = host.processor_time();
    let begun = Instant::now();
    let goes_on = Arc::new(AtomicBool::new(true));
    let mut workers = Vec::new();
    for number in 0..settings.clients {
        let (caller, goes_on) = (caller.clone(), Arc::clone(&goes_on));
        workers.push(tokio::spawn(async move {
            Lives::new(caller, number).live(&goes_on).await
        }));
    }
    let mut deaths = 0;
    if settings.kills {
        let mut moments = Moments(settings.seed);
        while begun.elapsed() < settings.time {
            tokio::time::sleep(moments.next()).await;
            host.kill_and_start()?;
            caller.wait().await?;
            deaths += 1;
        }
    } else {
        tokio::time::sleep(settings.time).await;
    }
    goes_on.store(false, Ordering::Relaxed);
    let mut answered: Vec<Answered> = Vec::new();
    let mut times = Vec::new();
    let (mut unanswered, mut asked_again) = (0, 0);
    for worker in workers {
        let lived = worker.await.map_err(|e| LoadError::Host(e.to_string()))??;
        answered.extend(lived.answered);
        times.extend(lived.times);
        unanswered += lived.unanswered;
        asked_again += lived.asked_again;
    }
    let time = begun.elapsed();
    let processor = host.processor_time().zip(processor_before);
    let processor = processor.filter(|_| deaths == 0);
    books::check(&caller, &answered).await?;
    Ok(Outcome {
        lives: answered.len(),
        deaths,
        unanswered,
        asked_again,
        time,
        p50: at(&mut times, 50),
        p99: at(&mut times, 99),
        processor: processor.map(|(after, before)| after.saturating_sub(before)),
    })
}

/// So many hundredths of these took no longer; nothing of none.
fn at(times: &mut [Duration], hundredths: usize) -> Duration {
    times.sort_unstable();
    let place = times.len() * hundredths / 100;
    let last = times.len().saturating_sub(1);
    times.get(place.min(last)).copied().unwrap_or_default()
}

/// When the host is killed next: between a fifth of a second and two seconds after it answers, from a seed
/// (SplitMix64).
struct Moments(u64);

impl Moments {
    fn next(&mut self) -> Duration {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Duration::from_millis(200 + (z ^ (z >> 31)) % 1_800)
    }
}
