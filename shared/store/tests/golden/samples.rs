//! One value of every stored type with everything in it, and one for each shape that it can have.
//!
//! Every field is written out, so that a new field of the domain does not compile here before
//! somebody has decided how it is stored.

mod agency;
mod audit;
mod banking;
mod credits;
mod due;
mod erasures;
mod estimates;
mod exports;
mod late_fees;
mod money;
mod operating;
mod portal;
mod sending;
mod statements;
mod subscriptions;
mod transmissions;
mod work;

use std::fmt::Debug;
use std::str::FromStr;

use remit_billing::event::{Event, EventKind};
use remit_billing::ids::{
    AccountId, ApiKeyId, AttemptId, BankEntryId, ClientId, DeliveryId, EventId, InvoiceId,
    LedgerId, MemberId, PaymentId, ProjectId, TypedId,
};
use remit_billing::money::Money;
use remit_store::record::to_item;
use remit_store::{Item, Record, Versioned, from_item, stated_events};
use uuid::Uuid;

/// A value as it is stored, and how to read one of its type.
pub struct Sample {
    /// The type of the record.
    pub record: &'static str,
    /// The name of its file: the type, or the type and which shape of it.
    pub file: String,
    /// What the present code writes.
    pub item: Item,
    /// Reads an item back and holds it against the value.
    pub reads_back: Box<dyn Fn(Item)>,
    /// Reads an item of this type that earlier code wrote, and writes it again.
    pub rewrites: fn(Item) -> Item,
}

/// Every sample.
pub fn all() -> Vec<Sample> {
    let samples = [
        agency::samples(),
        audit::samples(),
        banking::samples(),
        credits::samples(),
        due::samples(),
        erasures::samples(),
        estimates::samples(),
        exports::samples(),
        sending::samples(),
        late_fees::samples(),
        portal::samples(),
        statements::samples(),
        subscriptions::samples(),
        transmissions::samples(),
        money::samples(),
        operating::samples(),
        work::samples(),
    ];
    samples.into_iter().flatten().collect()
}

/// The sample that has everything in it.
fn whole<T: Record + PartialEq + Debug + 'static>(value: T, events: Vec<Event>) -> Sample {
    sample(T::TYPE.to_owned(), value, 3, events)
}

/// A sample of another shape.
fn shape<T: Record + PartialEq + Debug + 'static>(name: &str, value: T) -> Sample {
    sample(format!("{}.{name}", T::TYPE), value, 1, Vec::new())
}

fn sample<T: Record + PartialEq + Debug + 'static>(
    file: String,
    value: T,
    version: u64,
    events: Vec<Event>,
) -> Sample {
    let item = to_item(&value, version, &events).unwrap();
    let reads_back = move |item: Item| {
        assert_eq!(stated_events(None, Some(&item)).unwrap(), events);
        let read = from_item::<T>(item).unwrap();
        assert_eq!(read, Versioned::new(value.clone(), version));
    };
    let rewrites = |item: Item| {
        let events = stated_events(None, Some(&item)).unwrap();
        let read = from_item::<T>(item).unwrap();
        to_item(&read.value, read.version, &events).unwrap()
    };
    Sample {
        record: T::TYPE,
        file,
        item,
        reads_back: Box::new(reads_back),
        rewrites,
    }
}

/// A value of the domain from its text.
fn of<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

fn money(text: &str) -> Money {
    of(text)
}

fn id<T: TypedId>(number: u128) -> T {
    // The version and variant of a UUIDv7, as real ids have them.
    let uuid = 0x019b_0000_0000_7000_8000_0000_0000_0000 + number;
    T::from_uuid(Uuid::from_u128(uuid))
}

fn account_id() -> AccountId {
    id(0xa1)
}

fn client_id() -> ClientId {
    id(0xc1)
}

fn project_id() -> ProjectId {
    id(0xb1)
}

fn invoice_id() -> InvoiceId {
    id(0x11)
}

fn payment_id() -> PaymentId {
    id(0x21)
}

fn bank_entry_id() -> BankEntryId {
    id(0x44)
}

fn delivery_id() -> DeliveryId {
    id(0xd1)
}

fn attempt_id() -> AttemptId {
    id(0x31)
}

fn ledger_id() -> LedgerId {
    id(0xe1)
}

fn api_key_id() -> ApiKeyId {
    id(0xf1)
}

fn member_id() -> MemberId {
    id(0xf2)
}

fn event_id() -> EventId {
    id(0xe7)
}

fn event(kind: EventKind, data: serde_json::Value) -> Event {
    Event {
        id: event_id(),
        kind,
        account_id: account_id(),
        occurred_at: of("2026-03-17T05:00:00.123456Z"),
        version: 1,
        data,
    }
}
