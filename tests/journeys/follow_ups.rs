//! Follow-ups: a late client's story, promises, pauses, the hand-over, and why a step was not taken.

use serde_json::{Value, json};

use crate::client::{Answer, text};
use crate::house::{House, column, list, local_time};
use crate::page::{Browser, form};
use crate::scope::ADA;

const AGENCY: &str = "hello@northlight.example";

/// Day, what it does, where it stands, and why, of each step.
fn steps(answer: &Value) -> Vec<String> {
    let rows = list(&answer["steps"]);
    let rows = rows.iter().map(|row| {
        let reason = row["reason"].as_str().unwrap_or("-");
        let (does, state) = (text(row, "does"), text(row, "state"));
        format!("{} {does} {state} {reason}", row["day"])
    });
    rows.collect()
}

async fn follow_ups(house: &House, invoice: &str) -> Value {
    let path = format!("/v1/invoices/{invoice}/follow-ups");
    house.api.get(&path).await.ok()
}

async fn put_ladder(house: &House, invoice: &str, ladder: Value) -> Answer {
    let path = format!("/v1/invoices/{invoice}/follow-ups");
    let call = house.api.call("PUT", &path);
    let body = json!({ "reminder_ladder": ladder });
    call.json(&body).send().await
}

/// Promises a day on the page; the page that follows.
async fn promise(house: &House, url: &str, day: &str) -> String {
    let browser = Browser::new(house);
    let page = browser.open(url).await.expect(200).text;
    let mut form = form(&page, "/promise").expect("a form to promise");
    form.fields.retain(|(name, _)| name == "with");
    form.fields.push(("date".to_owned(), day.to_owned()));
    let back = browser.submit(&form.action, &form.fields).await;
    browser.open(&back).await.expect(200).text
}

#[tokio::test]
async fn a_late_client_is_reminded_asked_and_handed_over() {
    let house = House::open().await;
    let api = &house.api;
    let ladder = json!([
        -3, 0, 7, {"day": 14, "tone": "firm"}, {"day": 21, "tone": "final"},
        {"day": 30, "hand_over": true},
    ]);
    let body = json!({ "reminder_ladder": ladder });
    let settings = api.change("/v1/settings", &body).await.expect(200).ok();
    assert_eq!(settings["reminder_ladder"], ladder);
    let client = api.client(ADA, json!({})).await;
    let draft = api.draft(text(&client, "id"), "250.00", json!({})).await;
    let invoice = api.issue(text(&draft, "id"), true).await;
    let (id, url) = (text(&invoice, "id"), text(&invoice, "url"));
    assert_eq!(text(&invoice, "due_date"), "2040-03-19");
    let first = follow_ups(&house, id).await;
    assert_eq!(
        first["next"],
        json!({"at": "2040-03-16T09:00:00Z", "day": -3, "does": "remind"})
    );

    // Before, on, and after the due day.
    house.sleep_until("2040-03-16T09:05:00Z").await;
    house.sleep_until("2040-03-19T09:05:00Z").await;
    house.sleep_until("2040-03-26T09:05:00Z").await;
    let number = text(&invoice, "number");
    let said = house.subjects(ADA).await;
    assert_eq!(said.len(), 4, "{said:?}");
    for (said, word) in said[1..]
        .iter()
        .zip(["is due on", "is due today", "Reminder:"])
    {
        assert!(
            said.contains(word) && said.contains(number),
            "{word}: {said}"
        );
    }

    // It promises a day, and is left alone until that is over; the firm step falls into it.
    let page = promise(&house, url, "2040-04-04").await;
    for said in ["We have noted the day", "you will pay on 4 April 2040"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let shown = api.invoice(id).await;
    assert_eq!(shown["follow_ups"]["promised_on"], "2040-04-04");
    let open = follow_ups(&house, id).await;
    assert_eq!(open["promises"][0]["state"], "open");
    assert_eq!(
        open["next"],
        json!({"at": "2040-04-05T08:00:00Z", "day": 17, "does": "ask_about_promise"})
    );
    assert!(
        house
            .told_of(id)
            .await
            .contains(&"invoice.payment_promised".to_owned())
    );
    house.until("2040-04-04T22:30:00Z").await;
    assert_eq!(house.subjects(ADA).await.len(), 4);

    // It is not kept.
    house.until("2040-04-05T08:06:00Z").await;
    let mails = house.mails(ADA).await;
    assert_eq!(mails.len(), 5);
    let asked = &mails[4];
    assert!(
        text(asked, "subject").contains("you planned to pay on 4 April 2040"),
        "{asked}"
    );
    assert!(text(asked, "text").contains("€250.00"), "{asked}");
    assert!(local_time(text(asked, "at"), "Europe/London").starts_with("2040-04-05 09:0"));
    assert!(
        house
            .told_of(id)
            .await
            .contains(&"invoice.promise_broken".to_owned())
    );

    // The ladder goes on where it would be, and a person takes over.
    house.sleep_until("2040-04-09T09:05:00Z").await;
    assert!(house.subjects(ADA).await[5].contains("Our last reminder"));
    let browser = Browser::new(&house);
    let page = browser.open(url).await.expect(200).text;
    let mut question = form(&page, "/question").unwrap();
    question.fields.retain(|(name, _)| name == "with");
    let words = ("question".to_owned(), "Our bank was closed.".to_owned());
    question.fields.push(words);
    browser.submit(&question.action, &question.fields).await;
    house.settle().await;
    let before = house.subjects(ADA).await.len();
    house.sleep_until("2040-04-18T09:05:00Z").await;
    let handed = house.mails(AGENCY).await.pop().unwrap();
    assert!(
        text(&handed, "subject").starts_with("Please take over: invoice"),
        "{handed}"
    );
    for said in [
        "€250.00",
        "Friendly reminder",
        "Question about the promise",
        "Last reminder",
        "Promised for 4 April 2040",
        "not kept",
        "Our bank was closed.",
    ] {
        assert!(text(&handed, "text").contains(said), "{said}: {handed}");
    }
    assert_eq!(house.subjects(ADA).await.len(), before);
    let over = follow_ups(&house, id).await;
    assert_eq!(over["next"], json!(null));
    assert_eq!(
        steps(&over),
        [
            "-3 remind sent -",
            "0 remind sent -",
            "7 remind sent -",
            "14 remind skipped promised",
            "17 ask_about_promise sent -",
            "21 remind sent -",
            "30 hand_over sent -",
        ]
    );
    house.close().await;
}

#[tokio::test]
async fn a_promise_that_is_kept_is_the_end() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let draft = api.draft(text(&client, "id"), "80.00", json!({})).await;
    let invoice = api.issue(text(&draft, "id"), true).await;
    let (id, url) = (text(&invoice, "id"), text(&invoice, "url"));
    house.sleep_until("2040-03-20T09:05:00Z").await;
    let before = house.subjects(ADA).await.len();

    // Only days that the form offers, from the page itself, three times at most.
    let wrong = promise(&house, url, "2040-03-20").await;
    assert!(
        wrong.contains("choose a day that the form offers"),
        "{wrong}"
    );
    let wrong = promise(&house, url, "soon").await;
    assert!(
        wrong.contains("choose a day that the form offers"),
        "{wrong}"
    );
    let page = Browser::new(&house).open(url).await.expect(200).text;
    for said in ["min=\"2040-03-21\"", "max=\"2040-04-19\"", "type=\"date\""] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(page.find("/checkout\"").unwrap() < page.find("/promise\"").unwrap());
    let other = form(&page, "/question").unwrap();
    let stolen: Vec<_> = other
        .fields
        .into_iter()
        .filter(|of| of.0 == "with")
        .collect();
    let anonymous = house.api.without_key();
    let path = form(&page, "/promise").unwrap().action;
    let mut fields = stolen;
    fields.push(("date".to_owned(), "2040-03-28".to_owned()));
    anonymous
        .call("POST", &path)
        .form(&fields)
        .send()
        .await
        .expect(400);
    let foreign = form(&page, "/promise").unwrap();
    let mut fields: Vec<_> = foreign
        .fields
        .into_iter()
        .filter(|of| of.0 == "with")
        .collect();
    fields.push(("date".to_owned(), "2040-03-28".to_owned()));
    let call = anonymous.call("POST", &path).form(&fields);
    call.header("origin", "https://elsewhere.example")
        .send()
        .await
        .expect(400);
    assert_eq!(
        api.invoice(id).await["follow_ups"]["promised_on"],
        json!(null)
    );

    for day in ["2040-03-27", "2040-03-29", "2040-03-28"] {
        promise(&house, url, day).await;
    }
    let page = Browser::new(&house).open(url).await.expect(200).text;
    assert!(form(&page, "/promise").is_none(), "no fourth one");
    assert!(page.contains("you will pay on 28 March 2040"), "{page}");
    let states = column(&list(&follow_ups(&house, id).await["promises"]), "state");
    assert_eq!(states, ["replaced", "replaced", "open"]);

    Browser::new(&house).pay(url).await;
    house.settle().await;
    house.sleep_until("2040-06-20T09:05:00Z").await;
    let subjects = house.subjects(ADA).await;
    assert_eq!(subjects.len(), before + 1, "the receipt: {subjects:?}");
    let over = follow_ups(&house, id).await;
    assert_eq!(
        (&over["next"], text(&over, "status")),
        (&json!(null), "paid")
    );
    assert_eq!(text(&over["promises"][2], "state"), "settled");
    assert_eq!(
        steps(&over)[2..],
        [
            "7 remind skipped paid",
            "14 remind skipped paid",
            "30 remind skipped paid"
        ]
    );
    let path = format!("/v1/invoices/{id}/promises");
    let body = json!({"date": "2040-07-01"});
    api.post(&path, &body).await.refused(409, "nothing_due");
    house.close().await;
}

#[tokio::test]
async fn members_promise_pause_and_resume() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let client_id = text(&client, "id");
    let invoice = api.issued(client_id, "80.00", json!({})).await;
    let id = text(&invoice, "id");
    let path = |word: &str| format!("/v1/invoices/{id}/{word}");
    let past = json!({"until": "2040-03-05"});
    api.post(&path("follow-ups/pause"), &past)
        .await
        .refused(409, "not_a_day_to_pause_until");
    let until = json!({"until": "2040-04-10"});
    let paused = api
        .post(&path("follow-ups/pause"), &until)
        .await
        .expect(200);
    let tag = paused.etag();
    assert_eq!(
        paused.body["follow_ups"],
        json!({"paused": true, "paused_until": "2040-04-10", "promised_on": null})
    );
    assert_eq!(paused.body["reminders"]["next_at"], "2040-04-10T08:00:00Z");
    let again = api
        .post(&path("follow-ups/pause"), &until)
        .await
        .expect(200);
    assert_eq!(again.etag(), tag, "to pause it just so changes nothing");
    house.sleep_until("2040-04-09T12:00:00Z").await;
    assert!(house.mails(ADA).await.is_empty());
    house.until("2040-04-10T08:06:00Z").await;
    let subjects = house.subjects(ADA).await;
    assert_eq!(subjects.len(), 1, "one, not four: {subjects:?}");
    assert!(subjects[0].contains("overdue"), "{subjects:?}");
    let told = steps(&follow_ups(&house, id).await);
    assert_eq!(
        told[..4],
        [
            "-3 remind skipped paused",
            "0 remind skipped paused",
            "7 remind skipped paused",
            "14 remind sent -",
        ]
    );

    // What a client said on the phone.
    let promised = json!({"date": "2040-04-25"});
    let noted = api
        .post(&path("promises"), &promised)
        .await
        .expect(200)
        .ok();
    assert_eq!(noted["follow_ups"]["promised_on"], "2040-04-25");
    let by = &follow_ups(&house, id).await["promises"][0]["by"];
    assert!(by.as_str().is_some_and(|by| by != "client"), "{by}");

    // The whole client, for as long as it takes.
    let of_client = |word: &str| format!("/v1/clients/{client_id}/follow-ups/{word}");
    let paused = api
        .post(&of_client("pause"), &json!({}))
        .await
        .expect(200)
        .ok();
    assert_eq!(paused["follow_ups_pause"]["until"], json!(null));
    house.sleep_until("2040-05-20T12:00:00Z").await;
    assert_eq!(house.mails(ADA).await.len(), 1);
    let resumed = api.post(&of_client("resume"), &json!({})).await.expect(200);
    assert_eq!(resumed.body["follow_ups_pause"], json!(null));
    let again = api.post(&of_client("resume"), &json!({})).await.expect(200);
    assert_eq!(again.etag(), resumed.etag());
    house.sleep_until("2040-05-30T12:00:00Z").await;
    let subjects = house.subjects(ADA).await;
    assert_eq!(subjects.len(), 2, "{subjects:?}");
    assert!(
        subjects[1].contains("as promised for 25 April"),
        "{subjects:?}"
    );

    // Who did it stands in the log.
    let log = api
        .get(&format!("/v1/audit-log?document_id={id}"))
        .await
        .ok();
    assert!(list(&log["data"]).len() >= 4, "{log}");
    house.close().await;
}

#[tokio::test]
async fn mail_that_comes_back_stops_the_reminders_of_that_contact() {
    const GONE: &str = "bounce@simulator.amazonses.com";
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(GONE, json!({})).await;
    let client_id = text(&client, "id");
    let invoice = api.issued(client_id, "80.00", json!({})).await;
    let id = text(&invoice, "id");
    put_ladder(
        &house,
        id,
        json!([-3, 0, 7, {"day": 10, "hand_over": true}]),
    )
    .await
    .expect(200);
    house.sleep_until("2040-03-16T09:05:00Z").await;
    house.settle().await;
    let shown = api.get(&format!("/v1/clients/{client_id}")).await.ok();
    assert_eq!(column(&list(&shown["bounced_contacts"]), "email"), [GONE]);
    let alert = house.mails(AGENCY).await.pop().unwrap();
    let number = text(&invoice, "number");
    assert_eq!(
        text(&alert, "subject"),
        format!("Mail to Aurora Books came back: invoice {number}")
    );
    assert!(text(&alert, "text").contains(GONE), "{alert}");
    house.sleep_until("2040-03-19T09:05:00Z").await;
    house.sleep_until("2040-03-26T09:05:00Z").await;
    assert_eq!(house.mails(GONE).await.len(), 1);
    house.sleep_until("2040-03-29T09:05:00Z").await;
    let handed = house.mails(AGENCY).await.pop().unwrap();
    assert!(text(&handed, "text").contains("did not arrive"), "{handed}");
    assert_eq!(
        steps(&follow_ups(&house, id).await),
        [
            "-3 remind failed bounced",
            "0 remind skipped bounced",
            "7 remind skipped bounced",
            "10 hand_over sent -",
        ]
    );

    // Whoever sets the contacts anew vouches for them.
    let target = format!("/v1/clients/{client_id}");
    let contacts = json!({"contacts": [{"name": "Ada Marsh", "email": ADA}]});
    let mended = api.change(&target, &contacts).await.expect(200).ok();
    assert_eq!(mended["bounced_contacts"], json!([]));
    put_ladder(&house, id, json!([14])).await.expect(200);
    house.sleep_until("2040-04-02T09:05:00Z").await;
    assert_eq!(house.mails(ADA).await.len(), 1);
    house.close().await;
}

#[tokio::test]
async fn days_off_and_hours_are_the_clients() {
    let house = House::open().await;
    let api = &house.api;
    let rules = json!({"business_days_only": true, "days_off": ["2040-04-03"]});
    let changed = api
        .change("/v1/settings", &json!({"follow_ups": rules}))
        .await
        .expect(200)
        .ok();
    assert_eq!(
        changed["follow_ups"]["send_at"],
        json!({"from": "09:00", "until": "24:00"})
    );
    let more = json!({
        "time_zone": "Europe/Berlin",
        "language": "ko",
        "address": {"line1": "Ritterstr. 1", "city": "Berlin", "country": "DE"},
        "payment_terms": {"kind": "net", "days": 25},
        "follow_ups": {"send_at": {"from": "14:00", "until": "16:30"}},
    });
    let client = api.client(ADA, more).await;
    // Due on Good Friday; the next days are a weekend, Easter Monday, and the agency's own day off.
    let own = json!({"reminder_ladder": [0, 1, {"day": 6, "tone": "final"}]});
    let invoice = api.issued(text(&client, "id"), "80.00", own).await;
    let id = text(&invoice, "id");
    assert_eq!(text(&invoice, "due_date"), "2040-03-30");
    let told = follow_ups(&house, id).await;
    assert_eq!(
        (
            &told["ladder_of"],
            &told["holidays_of"],
            &told["holidays_known"]
        ),
        (&json!("invoice"), &json!("DE"), &json!(true))
    );
    assert_eq!(told["next"]["at"], "2040-04-04T12:00:00Z");
    assert_eq!(
        steps(&told),
        [
            "0 remind skipped merged",
            "1 remind ahead -",
            "6 remind ahead -"
        ]
    );
    // The machine sleeps through the afternoon, and says nothing in the evening.
    house.sleep_until("2040-04-04T18:00:00Z").await;
    assert!(house.mails(ADA).await.is_empty());
    house.until("2040-04-05T12:06:00Z").await;
    let mails = house.mails(ADA).await;
    assert_eq!(mails.len(), 1);
    assert!(
        text(&mails[0], "subject").contains("마지막 안내"),
        "{}",
        mails[0]
    );
    assert!(local_time(text(&mails[0], "at"), "Europe/Berlin").starts_with("2040-04-05 14:0"));
    house.close().await;
}

#[tokio::test]
async fn a_days_run_repeated_sends_what_one_run_sends() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    for _ in 0..6 {
        api.issued(text(&client, "id"), "80.00", json!({})).await;
    }
    house.sleep_until("2040-03-16T09:05:00Z").await;
    assert_eq!(house.mails(ADA).await.len(), 6);
    let stored = house.stored();
    let cloud = &house.host.cloud;
    let mut functions = cloud.template.functions.iter();
    let found = functions.find(|(_, spec)| spec.folder == "reminder-dispatch");
    let name = found.unwrap().0;
    for _ in 0..24 {
        let run = async || cloud.invoke(name, json!({})).await.unwrap();
        let (first, second) = tokio::join!(run(), run());
        assert_eq!((&first["seen"], &second["seen"]), (&json!(0), &json!(0)));
    }
    house.unchanged_since(&stored, "another run");
    house.settle().await;
    assert_eq!(house.mails(ADA).await.len(), 6);

    // Two that begin at the same moment share what is due.
    cloud
        .clock
        .move_to("2040-03-19T09:00:00Z".parse().unwrap())
        .unwrap();
    let run = async || cloud.invoke(name, json!({})).await.unwrap();
    tokio::join!(run(), run(), run());
    house.settle().await;
    assert_eq!(house.mails(ADA).await.len(), 12);
    house.close().await;
}

/// More than a run does itself: it hands them out to its own queue, and takes them in, with the rights of its
/// role. Another agency's few are done all the same.
#[tokio::test]
async fn many_that_are_due_at_once_go_through_the_queue() {
    let house = House::open().await;
    let other = house.agency("Studio Ost", "Europe/Berlin", "EUR").await;
    let client = house.api.client("many@client.example", json!({})).await;
    for _ in 0..60 {
        house
            .api
            .issued(text(&client, "id"), "10.00", json!({}))
            .await;
    }
    let few = other.api.client("few@client.example", json!({})).await;
    for _ in 0..3 {
        other.api.issued(text(&few, "id"), "10.00", json!({})).await;
    }
    house.settle().await;
    let reminders = async |to: &str| {
        let subjects = house.subjects(to).await.into_iter();
        let reminders = subjects.filter(|subject| subject.contains("due"));
        reminders.count()
    };
    let before = (
        reminders("many@client.example").await,
        reminders("few@client.example").await,
    );
    house.advance("P12D").await;
    let after = (
        reminders("many@client.example").await,
        reminders("few@client.example").await,
    );
    assert_eq!((after.0 - before.0, after.1 - before.1), (60, 3));
    // It was the queue: the mark says how far it was handed out, and nothing is left or dead.
    let marks = house.stored().into_iter();
    let marks = marks.filter(|item| item.contains("hand_out")).count();
    assert_eq!(marks, 1);
    let queues = house.queues().await;
    assert!(queues.iter().all(|queue| queue["depth"] == 0), "{queues:?}");
}
