//! Starts a function again and again, and tells how long it took and what it held.

use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde_json::{Value, json};

use crate::asked::Site;
use crate::aws::Aws;
use crate::lambda::{Lambda, Outcome};

/// What so many starts of one function came to; the middle one of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Starts {
    /// The folder.
    pub name: String,
    /// From its start to its first answer.
    pub first_answer: Duration,
    /// The longest of them.
    pub longest: Duration,
    /// From its start to its first call to the table; none where it made none.
    pub first_call: Option<Duration>,
    /// The processor's time until the first answer, where the machine tells.
    pub processor: Option<Duration>,
    /// Memory after the first answer, where the machine tells.
    pub memory_kb: Option<u64>,
    /// The next answer of a process that is there.
    pub next_answer: Duration,
    /// The binary.
    pub bytes: u64,
    /// The same, deflated as in a zip.
    pub zipped_bytes: u64,
    /// Whether what it was asked failed.
    pub failed: bool,
}

/// The function of a folder, as the binary of this name in a folder of programs.
pub async fn function(site: &Site, aws: &Aws, programs: &Path, name: &str, times: u32) -> Starts {
    let environment = aws.environment(&site.cloud, name);
    // Where the story has nothing for it, it is started all the same, and says that it cannot read this.
    let asked = site.asked(name).await.unwrap_or_else(|| json!({}));
    let program = programs.join(name);
    starts(&program, name, &environment, &asked, Some(aws), times).await
}

/// What functions are compared with.
pub async fn hello(programs: &Path, times: u32) -> Starts {
    let asked = json!({"name": "Ada"});
    let program = programs.join("hello");
    starts(&program, "hello", &Default::default(), &asked, None, times).await
}

async fn starts(
    program: &Path,
    name: &str,
    environment: &std::collections::BTreeMap<String, String>,
    asked: &Value,
    aws: Option<&Aws>,
    times: u32,
) -> Starts {
    let (mut answers, mut nexts, mut calls) = (Vec::new(), Vec::new(), Vec::new());
    let (mut processors, mut memories) = (Vec::new(), Vec::new());
    let mut failed = false;
    let first_call = || aws.and_then(Aws::take_first_call);
    for _ in 0..times.max(1) {
        first_call();
        let mut lambda = Lambda::start(program, name, environment).await;
        let outcome = lambda.invoke(asked.clone()).await;
        failed |= matches!(outcome, Outcome::Error(_));
        answers.push(lambda.first_answer().unwrap());
        calls.extend(first_call().map(|at| at - lambda.started()));
        processors.extend(lambda.processor_time());
        memories.extend(lambda.memory_kb());
        let begun = std::time::Instant::now();
        lambda.invoke(asked.clone()).await;
        nexts.push(begun.elapsed());
        lambda.stop().await;
    }
    let longest = answers.iter().max().copied().unwrap();
    Starts {
        name: name.to_owned(),
        first_answer: middle(&mut answers).unwrap(),
        longest,
        first_call: middle(&mut calls),
        processor: middle(&mut processors),
        memory_kb: middle(&mut memories),
        next_answer: middle(&mut nexts).unwrap(),
        bytes: program.metadata().unwrap().len(),
        zipped_bytes: zipped(program),
        failed,
    }
}

/// The lower one of the two in the middle.
fn middle<T: Ord + Copy>(values: &mut [T]) -> Option<T> {
    values.sort_unstable();
    let last = values.len().checked_sub(1)?;
    values.get(last / 2).copied()
}

fn zipped(program: &Path) -> u64 {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&std::fs::read(program).unwrap()).unwrap();
    encoder.finish().unwrap().len().try_into().unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_one_that_was_there() {
        assert_eq!(middle(&mut [3, 1, 2]), Some(2));
        assert_eq!(middle(&mut [4, 3, 1, 2]), Some(2));
        assert_eq!(middle::<u8>(&mut []), None);
    }
}
