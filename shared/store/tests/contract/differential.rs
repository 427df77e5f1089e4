//! The model in memory and the SDK on an engine, side by side: thousands of writes and queries made from a seed, each
//! answered the same by both. The embedded engine in any case; with `REMIT_TABLE_ENDPOINT` another one too, from the same
//! seeds.

use remit_store::{
    DynamoTable, Expect, Index, Item, Key, MemoryTable, Query, Range, Table, Write, WriteError,
};

use crate::engine::{embedded_table, endpoint_table, item, s};

const STEPS: u32 = 1_500;

/// A small generator (splitmix64): the same seed, the same run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }

    fn key(&mut self) -> Key {
        Key::new(format!("p{}", self.below(4)), format!("s{}", self.below(6)))
    }

    fn expect(&mut self, stored: Option<u64>) -> Expect {
        match (self.below(5), stored) {
            // Mostly right, so that the table fills and changes.
            (0, _) => Expect::Version(self.below(5)),
            (1, _) | (_, None) => Expect::Absent,
            (_, Some(version)) => Expect::Version(version),
        }
    }

    fn item(&mut self, key: &Key, version: u64) -> Item {
        let mut more = vec![("note", s(&"x".repeat(self.below(40) as usize)))];
        for index in Index::ALL {
            if self.below(2) == 0 {
                let partition = format!("i{}", self.below(3));
                // The key at the end: no two items share a place, as in every index of Remit.
                let sort = format!("{}#{}{}", self.below(5), key.pk, key.sk);
                more.push((index.partition_attribute(), s(&partition)));
                more.push((index.sort_attribute(), s(&sort)));
            }
        }
        item(&key.pk, &key.sk, version, &more)
    }

    async fn write(&mut self, table: &MemoryTable) -> Write {
        let key = self.key();
        let stored = table.get(&key).await.unwrap();
        let stored = stored.and_then(|item| remit_store::item::version_of(&item));
        let expect = self.expect(stored);
        match self.below(8) {
            0 => Write::Delete { key, expect },
            1 => Write::Check { key, expect },
            _ => {
                let item = self.item(&key, stored.unwrap_or(0) + 1);
                Write::Put { item, expect }
            }
        }
    }

    fn range(&mut self, prefix: &str) -> Range {
        let (a, b) = (self.below(6), self.below(6));
        let text = |n: u64| format!("{prefix}{n}");
        match self.below(8) {
            0 => Range::Prefix(text(a)),
            1 => Range::Between(text(a.min(b)), text(a.max(b))),
            2 => Range::From(text(a)),
            3 => Range::After(text(a)),
            4 => Range::UpTo(text(a)),
            5 => Range::Before(text(a)),
            _ => Range::All,
        }
    }

    fn query(&mut self) -> Query {
        let place = self.below(5) as usize;
        let (query, prefix) = match Index::ALL.get(place) {
            Some(index) => (Query::on(*index, format!("i{}", self.below(3))), ""),
            None => (Query::of(format!("p{}", self.below(4))).consistent(), "s"),
        };
        let mut query = query
            .range(self.range(prefix))
            .limit(1 + self.below(6) as u32);
        query.forward = self.below(2) == 0;
        query
    }
}

/// What is compared of a write: refusals say why in words of their own.
fn outcome(answer: Result<(), WriteError>) -> Result<(), Option<Vec<usize>>> {
    answer.map_err(|error| match error {
        WriteError::Conflict { failed } => Some(failed),
        WriteError::Table(_) => None,
    })
}

const SEEDS: [u64; 3] = [1, 2, 3];

#[tokio::test]
async fn the_model_and_the_engine_answer_alike() {
    for seed in SEEDS {
        let (engine, _) = embedded_table().await;
        answers_alike(&engine, seed).await;
    }
}

mod endpoint {
    use super::*;

    /// The same operations: what the embedded engine answers like the model, another one does too.
    #[tokio::test]
    async fn the_model_and_another_engine_answer_alike() {
        for seed in SEEDS {
            match endpoint_table().await {
                Some(engine) => answers_alike(&engine, seed).await,
                None => eprintln!("skipped: REMIT_TABLE_ENDPOINT is not set"),
            }
        }
    }
}

/// Runs what a seed makes up on the model and on an engine.
async fn answers_alike(engine: &DynamoTable, seed: u64) {
    let mut dice = Dice(seed);
    let memory = MemoryTable::new();
    for step in 0..STEPS {
        if dice.below(3) == 0 {
            let mut query = dice.query();
            for _ in 0..2 {
                let (ours, theirs) = (memory.query(&query).await, engine.query(&query).await);
                assert_eq!(ours, theirs, "seed {seed} step {step} {query:?}");
                query.start = ours.unwrap().next;
                if query.start.is_none() {
                    break;
                }
            }
            continue;
        }
        let mut writes = Vec::new();
        for _ in 0..=dice.below(4) {
            writes.push(dice.write(&memory).await);
        }
        let ours = outcome(memory.write(&writes, None).await);
        let theirs = outcome(engine.write(&writes, None).await);
        assert_eq!(ours, theirs, "seed {seed} step {step} {writes:?}");
    }
    for stored in memory.items() {
        let key = remit_store::item::key_of(&stored).unwrap();
        assert_eq!(engine.get(&key).await, Ok(Some(stored)));
    }
}
