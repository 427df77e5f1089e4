//! Lists: complete, without doubles, in order, by every filter, at every size of page.

use serde_json::{Value, json};

use crate::client::{Api, text};
use crate::house::{House, column};

/// One client in Seoul and one in London, with invoices of every status on several days.
struct Shelf {
    house: House,
    clients: [String; 2],
}

async fn shelf() -> Shelf {
    let house = House::open().await;
    let api = house.api.clone();
    let seoul = json!({"name": "Hanbit", "time_zone": "Asia/Seoul"});
    let one = api.client("one@c.example", json!({})).await;
    let two = api.client("two@c.example", seoul).await;
    let clients = [text(&one, "id").to_owned(), text(&two, "id").to_owned()];
    for day in ["2040-03-06", "2040-03-07", "2040-03-09"] {
        house.sleep_until(&format!("{day}T10:00:00Z")).await;
        for client in &clients {
            let days = json!({"terms": {"kind": "net", "days": 5}});
            api.issued(client, "10.00", days.clone()).await;
            let paid = api.issued(client, "20.00", days.clone()).await;
            api.record(text(&paid, "id"), "20.00").await;
            let void = api.issued(client, "30.00", days.clone()).await;
            api.void(text(&void, "id")).await;
            api.draft(client, "40.00", days).await;
        }
    }
    Shelf { house, clients }
}

fn ids(rows: &[Value]) -> Vec<String> {
    column(rows, "id")
}

/// The whole list, which is the same in small pages.
async fn every_page(api: &Api, target: &str) -> Vec<Value> {
    in_pages_of(&[3], api, target).await
}

async fn in_pages_of(sizes: &[usize], api: &Api, target: &str) -> Vec<Value> {
    let mark = if target.contains('?') { '&' } else { '?' };
    let whole = api.all(&format!("{target}{mark}limit=100")).await;
    for limit in sizes {
        let pages = api.all(&format!("{target}{mark}limit={limit}")).await;
        assert_eq!(ids(&pages), ids(&whole), "{target} in pages of {limit}");
    }
    let mut once = ids(&whole);
    once.sort();
    once.dedup();
    assert_eq!(once.len(), whole.len(), "{target} has doubles");
    whole
}

#[tokio::test]
async fn invoices_are_found_by_every_filter() {
    let Shelf { house, clients } = shelf().await;
    let api = &house.api;
    let all = in_pages_of(&[1, 2, 5], api, "/v1/invoices").await;
    assert_eq!(all.len(), 24);
    for status in ["draft", "open", "paid", "void"] {
        let found = every_page(api, &format!("/v1/invoices?status={status}")).await;
        assert_eq!(found.len(), 6, "{status}");
        assert!(found.iter().all(|invoice| invoice["status"] == status));
    }
    for client in &clients {
        let found = every_page(api, &format!("/v1/invoices?client_id={client}")).await;
        assert_eq!(found.len(), 12);
        assert!(
            found
                .iter()
                .all(|invoice| invoice["client_id"] == json!(client))
        );
        let target = format!("/v1/invoices?client_id={client}&status=open");
        let open = every_page(api, &target).await;
        assert_eq!(open.len(), 3);
    }
    // Whatever else is asked for, the days are those of issue, both ends in.
    for (query, count) in [
        ("from=2040-03-07", 16),
        ("to=2040-03-07", 16),
        ("from=2040-03-07&to=2040-03-08", 8),
        ("from=2040-03-08&to=2040-03-08", 0),
        ("from=2040-03-09&to=2040-03-06", 0),
        ("from=2040-03-07&status=open", 4),
        ("to=2040-03-07&status=paid", 4),
        ("from=2040-03-07&to=2040-03-07&status=void", 2),
        ("from=2040-03-09&status=draft", 2),
    ] {
        let found = every_page(api, &format!("/v1/invoices?{query}")).await;
        assert_eq!(found.len(), count, "{query}");
        let target = format!("/v1/invoices?{query}&client_id={}", clients[0]);
        let found = every_page(api, &target).await;
        assert_eq!(found.len(), count / 2, "{query} of a client");
    }
    house.close().await;
}

/// Overdue is so where the client is: a day that has ended in Seoul goes on in London.
#[tokio::test]
async fn overdue_invoices_come_oldest_first_and_are_so_where_the_client_is() {
    let Shelf { house, clients } = shelf().await;
    let api = &house.api;
    assert!(
        every_page(api, "/v1/invoices?overdue=true")
            .await
            .is_empty()
    );
    // Due on 11, 12 and 14 March. In Seoul the 11th ends at 15:00 UTC.
    house.sleep_until("2040-03-11T14:50:00Z").await;
    assert!(
        every_page(api, "/v1/invoices?overdue=true")
            .await
            .is_empty()
    );
    house.sleep_until("2040-03-11T15:10:00Z").await;
    let overdue = every_page(api, "/v1/invoices?overdue=true").await;
    assert_eq!(column(&overdue, "client_id"), [clients[1].clone()]);
    house.sleep_until("2040-03-16T00:00:00Z").await;
    let overdue = every_page(api, "/v1/invoices?overdue=true").await;
    let due = column(&overdue, "due_date");
    let days = ["2040-03-11", "2040-03-12", "2040-03-14"];
    let expected: Vec<&str> = days.iter().flat_map(|day| [*day, *day]).collect();
    assert_eq!(due, expected);
    let target = format!("/v1/invoices?overdue=true&client_id={}", clients[0]);
    assert_eq!(every_page(api, &target).await.len(), 3);
    api.record(text(&overdue[0], "id"), "10.00").await;
    assert_eq!(every_page(api, "/v1/invoices?overdue=true").await.len(), 5);
    house.close().await;
}

#[tokio::test]
async fn clients_payments_and_keys_are_listed_newest_first() {
    let house = House::open().await;
    let api = &house.api;
    let mut made = Vec::new();
    for number in 0..7 {
        let more = json!({"name": format!("Client {number}")});
        let client = api.client(&format!("c{number}@c.example"), more).await;
        made.push(text(&client, "id").to_owned());
    }
    let listed = every_page(api, "/v1/clients").await;
    let newest: Vec<String> = made.iter().rev().cloned().collect();
    assert_eq!(ids(&listed), newest);
    for id in &made[..2] {
        let target = format!("/v1/clients/{id}/archive");
        api.post(&target, &json!({})).await.expect(200);
    }
    let active = every_page(api, "/v1/clients?status=active").await;
    assert_eq!(ids(&active), newest[..5]);
    let archived = every_page(api, "/v1/clients?status=archived").await;
    assert_eq!(ids(&archived), newest[5..]);

    let mut payments = Vec::new();
    for (at, client) in made[2..].iter().enumerate() {
        let issued = api.issued(client, "5.00", json!({})).await;
        let payment = api
            .record(text(&issued, "id"), &format!("{}.00", at + 1))
            .await;
        payments.push(text(&payment, "id").to_owned());
    }
    payments.reverse();
    let listed = every_page(api, "/v1/payments").await;
    assert_eq!(ids(&listed), payments);
    let target = format!("/v1/payments?client_id={}", made[2]);
    assert_eq!(ids(&every_page(api, &target).await), payments[4..]);

    for role in ["viewer", "biller", "manager", "viewer"] {
        api.role(role).await;
    }
    let keys = every_page(api, "/v1/api-keys").await;
    assert_eq!(keys.len(), 5);
    house.close().await;
}

/// A cursor belongs to one query of one agency; what is no cursor is none.
#[tokio::test]
async fn a_cursor_belongs_to_its_query() {
    let Shelf { house, clients } = shelf().await;
    let api = &house.api;
    let cursor = async |target: &str| {
        let page = api.get(target).await.ok();
        text(&page, "next_cursor").to_owned()
    };
    let of_all = cursor("/v1/invoices?limit=2").await;
    let of_open = cursor("/v1/invoices?limit=2&status=open").await;
    let of_client = cursor(&format!("/v1/invoices?limit=2&client_id={}", clients[0])).await;
    let of_payments = cursor("/v1/payments?limit=2").await;
    let of_keys = {
        api.role("viewer").await;
        cursor("/v1/api-keys?limit=1").await
    };
    let refused = [
        ("/v1/invoices?", &of_payments),
        ("/v1/invoices?", &of_keys),
        ("/v1/invoices?", &of_client),
        ("/v1/invoices?status=open&", &of_all),
        ("/v1/invoices?status=paid&", &of_open),
        ("/v1/payments?", &of_all),
        ("/v1/clients?", &of_all),
        ("/v1/api-keys?", &of_all),
    ];
    for (target, cursor) in refused {
        let answer = api.get(&format!("{target}cursor={cursor}")).await;
        answer.refused(400, "invalid_cursor");
    }
    let target = format!("/v1/invoices?client_id={}&cursor={of_client}", clients[1]);
    api.get(&target).await.refused(400, "invalid_cursor");
    let (start, _) = of_all.split_at(of_all.len() - 2);
    for bad in [
        "x",
        "%00",
        "e30",
        start,
        &format!("{of_all}AA"),
        &"A".repeat(3_000),
    ] {
        let answer = api.get(&format!("/v1/invoices?cursor={bad}")).await;
        answer.refused(400, "invalid_cursor");
    }
    let other = house.agency("Other", "UTC", "EUR").await.api;
    let theirs = other.get(&format!("/v1/invoices?cursor={of_all}")).await;
    theirs.refused(400, "invalid_cursor");
    house.close().await;
}

#[tokio::test]
async fn a_query_is_read_strictly() {
    let house = House::open().await;
    for (target, fault) in [
        ("/v1/invoices?limit=0", "limit out_of_range"),
        ("/v1/invoices?limit=101", "limit out_of_range"),
        ("/v1/invoices?limit=ten", "limit out_of_range"),
        ("/v1/invoices?limit=-1", "limit out_of_range"),
        ("/v1/invoices?status=overdue", "status unknown_value"),
        ("/v1/invoices?status=", "status unknown_value"),
        ("/v1/invoices?overdue=yes", "overdue unknown_value"),
        ("/v1/invoices?from=2040-02-30", "from bad_date"),
        ("/v1/invoices?to=tomorrow", "to bad_date"),
        (
            "/v1/invoices?client_id=inv_01k8000000e008000000000009",
            "client_id bad_id",
        ),
        ("/v1/invoices?client_id=x", "client_id bad_id"),
        ("/v1/invoices?sort=number", "sort unknown_field"),
        ("/v1/clients?status=open", "status unknown_value"),
        ("/v1/clients?name=Ada", "name unknown_field"),
        ("/v1/payments?match_state=lost", "match_state unknown_value"),
        ("/v1/payments?invoice=x", "invoice unknown_field"),
        ("/v1/api-keys?role=owner", "role unknown_field"),
    ] {
        let answer = house.api.get(target).await.refused(400, "invalid_query");
        assert_eq!(answer.faults(), [fault], "{target}");
    }
    let all = "/v1/invoices?limit=0&status=x&from=y";
    let answer = house.api.get(all).await.refused(400, "invalid_query");
    assert_eq!(answer.faults().len(), 3, "all the faults at once");
    house.close().await;
}
