//! The function as the bus drives it: one invitation, one mail, while it is the one that counts.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use remit_billing::account::{Account, Role};
use remit_billing::delivery::{CancelReason, Delivery, DeliveryState, LEASE};
use remit_billing::event::{Event, EventKind};
use remit_billing::ids::TypedId;
use remit_billing::member::{NewMember, Roster};
use remit_billing::party::Language;
use remit_invitation_sending::App;
use remit_notify::mail::Mail;
use remit_notify::mailer::SendError;
use remit_notify::model::ScriptedMailer;
use remit_operations::Ports;
use remit_operations::deliver::Postbox;
use remit_operations::links::Links;
use remit_runtime::http::Http;
use remit_runtime::model::{
    Answer, Call, MemorySecrets, SeededRandom, SetClock, account_id, agency, bus_event,
};
use remit_runtime::secrets::{Secret, Secrets as _};
use remit_runtime::{Clock as _, Function as _, Ids};
use remit_store::{Commit, MemoryTable, Store, from_item, stated_events, type_of};
use serde_json::{Value, json};

const NOW: &str = "2026-11-24T09:00:00Z";

struct House {
    table: Arc<MemoryTable>,
    clock: Arc<SetClock>,
    mails: Arc<ScriptedMailer>,
    team: Http<remit_team::App>,
    app: App,
}

impl House {
    /// An agency with its owner.
    async fn with(account: impl FnOnce(&mut Account)) -> Self {
        let table = Arc::new(MemoryTable::new());
        let now: Timestamp = NOW.parse().unwrap();
        let clock = Arc::new(SetClock::at(now));
        let ports = Ports {
            store: Store::new(Arc::clone(&table) as _),
            clock: Arc::clone(&clock) as _,
            ids: Ids::new(Arc::new(SeededRandom::of(1))),
        };
        let secrets = Arc::new(MemorySecrets::new());
        secrets.put("links", &Secret::new("s")).await.unwrap();
        let links = Links {
            secrets,
            secret_name: "links".to_owned(),
            public_base_url: "https://bills.example".to_owned(),
            reply_domain: String::new(),
        };
        let mails = Arc::new(ScriptedMailer::default());
        let mut founded = agency(account_id(1)).unwrap();
        account(&mut founded);
        let owner = NewMember {
            id: TypedId::from_uuid(account_id(1).uuid()),
            email: "owner@studio.example".parse().unwrap(),
            name: "Owner".parse().unwrap(),
            role: Role::Owner,
        };
        let commit = Commit::new()
            .create(&founded, Vec::new())
            .create(&Roster::founded(founded.id, owner, now), Vec::new());
        ports.store.commit(commit).await.unwrap();
        Self {
            table,
            clock,
            mails: Arc::clone(&mails),
            team: Http(remit_team::App {
                ports: ports.clone(),
                links: links.clone(),
                tokens: Arc::default(),
            }),
            app: App {
                ports,
                postbox: Postbox {
                    mailer: mails,
                    links,
                    from: "billing@agency.example".parse().unwrap(),
                    objects: Arc::new(remit_runtime::model::MemoryObjects::default()),
                },
            },
        }
    }

    async fn send(&self, call: Call) -> Answer {
        let call = call.by(account_id(1), Role::Owner);
        let answer = call.send(&self.team).await.unwrap();
        assert!(answer.status < 300, "{}", answer.text);
        answer
    }

    /// A request, and the fact that a mail is to be sent.
    async fn asks(&self, call: Call) -> (Answer, Event) {
        self.table.drain_changes();
        let answer = self.send(call).await;
        let changes = self.table.drain_changes();
        let mut stated = changes
            .iter()
            .flat_map(|change| stated_events(change.old.as_ref(), change.new.as_ref()).unwrap());
        let requested = stated.find(|event| event.kind == EventKind::DeliveryRequested);
        (answer, requested.unwrap())
    }

    async fn invite(&self) -> (Answer, Event) {
        let body = json!({"email": "min@studio.example", "name": "Min Kim", "role": "biller"});
        self.asks(Call::new("POST /v1/members", "/v1/members").json(&body))
            .await
    }

    /// What is done to the one who is invited.
    fn on(&self, member: &Answer, what: &str) -> Call {
        let id = member.body["id"].as_str().unwrap();
        let route = format!("POST /v1/members/{{member_id}}/{what}");
        Call::new(&route, &format!("/v1/members/{id}/{what}"))
    }

    async fn bring(&self, event: &Event) {
        let answer = self.app.invoke(bus_event(event)).await;
        assert_eq!(answer.unwrap(), Value::Null);
    }

    fn sent(&self) -> Vec<Mail> {
        self.mails.sent()
    }

    fn states(&self) -> Vec<DeliveryState> {
        let items = self.table.items().into_iter();
        items
            .filter(|item| type_of(item) == Some("delivery"))
            .map(|item| from_item::<Delivery>(item).unwrap().value.state)
            .collect()
    }
}

#[tokio::test]
async fn who_is_invited_gets_one_mail_with_the_way_in() {
    let house = House::with(|_| {}).await;
    let (member, event) = house.invite().await;
    assert_eq!(event.data["delivery_kind"], "invitation");
    assert_eq!(event.data["member_id"], member.body["id"]);
    assert_eq!(event.data.get("client_id"), None);
    for _ in 0..3 {
        house.bring(&event).await;
    }
    let mails = house.sent();
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(mail.to, ["min@studio.example".parse().unwrap()]);
    assert!(mail.cc.is_empty() && mail.unsubscribe.is_none());
    assert_eq!(
        mail.document.to_string(),
        member.body["id"].as_str().unwrap()
    );
    // It is the very token that the answer had, which stands nowhere else.
    let token = member.body["invitation_token"].as_str().unwrap();
    let url = format!("https://bills.example/join/{token}");
    assert!(mail.text.contains(&url) && mail.html.contains(&url));
    assert!(!format!("{:?}", house.table.items()).contains(token));
    assert!(!event.data.to_string().contains(token));
    assert!(matches!(house.states()[..], [DeliveryState::Sent { .. }]));
}

#[tokio::test]
async fn it_is_in_the_agencys_language() {
    for (language, word) in [(Language::En, "Your role"), (Language::Ko, "청구 담당자")] {
        let house = House::with(|account| account.language = language).await;
        let (_, event) = house.invite().await;
        house.bring(&event).await;
        let mail = house.sent().remove(0);
        assert!(
            mail.text.contains(word) && mail.html.contains(word),
            "{}",
            mail.text
        );
        assert!(mail.text.contains("Min Kim"));
    }
}

/// Between the request and the claim, the invitation may have stopped counting.
#[tokio::test]
async fn what_does_not_count_any_more_is_not_sent() {
    let house = House::with(|_| {}).await;
    let (member, first) = house.invite().await;
    let (_, second) = house.asks(house.on(&member, "invite")).await;
    house.bring(&first).await;
    assert_eq!(house.sent().len(), 0);
    house.bring(&second).await;
    assert_eq!(house.sent().len(), 1);
    let is_over = |state: &DeliveryState, why: CancelReason| match state {
        DeliveryState::Cancelled { reason, .. } => *reason == why,
        _ => false,
    };
    let superseded = |state: &DeliveryState| is_over(state, CancelReason::Superseded);
    assert_eq!(
        house
            .states()
            .iter()
            .filter(|state| superseded(state))
            .count(),
        1
    );

    // Withdrawn, accepted, too old.
    for over in 0..3 {
        let house = House::with(|_| {}).await;
        let (member, event) = house.invite().await;
        match over {
            0 => drop(house.send(house.on(&member, "disable")).await),
            1 => {
                let body = json!({"token": member.body["invitation_token"]});
                let call = Call::new("POST /v1/invitations/accept", "/v1/invitations/accept");
                house.send(call.json(&body)).await;
            }
            _ => {
                let later = house.clock.now() + SignedDuration::from_hours(7 * 24);
                house.clock.set(later);
            }
        }
        house.bring(&event).await;
        assert_eq!(house.sent().len(), 0, "{over}");
        let closed = |state: &DeliveryState| is_over(state, CancelReason::InvitationClosed);
        assert!(house.states().iter().all(closed), "{over}");
    }
}

/// In doubt it leaves again, as whoever waits for it would otherwise wait in vain.
#[tokio::test]
async fn in_doubt_it_leaves_again() {
    let house = House::with(|_| {}).await;
    let (_, event) = house.invite().await;
    let detail = "timed out".to_owned();
    let unknown = SendError::Unknown { detail };
    house.mails.fail_with([unknown]);
    house.bring(&event).await;
    house.bring(&event).await;
    assert_eq!(house.sent().len(), 1);
    house.clock.set(house.clock.now() + LEASE);
    house.bring(&event).await;
    house.bring(&event).await;
    let mails = house.sent();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].text, mails[1].text, "it is the same invitation");
}

#[tokio::test]
async fn what_is_no_invitation_fails() {
    let house = House::with(|_| {}).await;
    let (_, event) = house.invite().await;
    let mut unknown = event.clone();
    unknown.data["member_id"] = json!("mem_01k8000000e008000000000009");
    let mut other = event.clone();
    other.kind = EventKind::InvoicePaid;
    for bad in [
        bus_event(&unknown),
        bus_event(&other),
        json!({}),
        json!(null),
    ] {
        assert!(house.app.invoke(bad).await.is_err());
    }
    assert_eq!(house.sent().len(), 0);
}
