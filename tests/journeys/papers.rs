//! Documents as PDF: set when they are issued, brought by their mails, given to who may read them.

use remit_billing::canonical::ContentHash;
use serde_json::{Value, json};

use crate::client::{Api, text};
use crate::files::fetched;
use crate::house::House;
use crate::page::Browser;
use crate::reading;
use crate::webhooks::ADA;

const WORK: &str = "홈페이지 유지보수와 접근성 개선 작업";

/// The file of a document.
async fn file(api: &Api, document: &str) -> Vec<u8> {
    let shown = api.get(&format!("{document}/pdf")).await.ok();
    assert_eq!(text(&shown, "media_type"), "application/pdf");
    fetched(&shown["download"]).await
}

/// A Korean client with a draft.
async fn drafted(api: &Api, more: Value) -> Value {
    let client = json!({"name": "주식회사 가나다", "language": "ko", "time_zone": "Asia/Seoul"});
    let client = api.client(ADA, client).await;
    let mut draft = json!({
        "lines": [{"description": WORK, "quantity": "1.5", "unit": "HUR", "unit_price": "100.00"}],
    });
    draft
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    api.draft(text(&client, "id"), "0", draft).await
}

#[tokio::test]
async fn a_document_is_set_once_and_goes_with_its_mail() {
    let house = House::open().await;
    let api = &house.api;
    let draft = drafted(api, json!({})).await;
    let path = format!("/v1/invoices/{}", text(&draft, "id"));
    let early = api.get(&format!("{path}/pdf")).await;
    early.refused(409, "not_issued");
    let issued = api.issue(text(&draft, "id"), true).await;
    house.settle().await;

    let number = text(&issued, "number");
    let pdf = file(api, &path).await;
    let sheets = reading::sheets(&pdf);
    assert_eq!(sheets.len(), 1);
    for said in [
        number,
        WORK,
        "주식회사 가나다",
        "1.5시간",
        "€150.00",
        "1 / 1 쪽",
    ] {
        assert!(sheets[0].contains(said), "{said} is not in:\n{}", sheets[0]);
    }
    // The mail brought these very bytes.
    let mail = house.mails(ADA).await.pop().unwrap();
    let files = json!([format!("{number}.pdf"), format!("{number}.ics")]);
    assert_eq!(mail["attachments"], files);
    let hash = ContentHash::of(&pdf).to_string();
    assert_eq!(mail["attachments_sha256"][0], hash);

    // The client has it from the page.
    let page = text(&issued, "url");
    let opened = Browser::new(&house).open(page).await.expect(200).text;
    let link = page.strip_prefix(house.url()).unwrap();
    assert!(
        opened.contains(&format!("href=\"{link}/pdf\" download")),
        "{opened}"
    );
    let answer = Browser::new(&house)
        .open(&format!("{page}/pdf"))
        .await
        .expect(303);
    let way = json!({"method": "GET", "url": answer.header("location").unwrap(), "headers": {}});
    assert_eq!(fetched(&way).await, pdf);
    Browser::new(&house)
        .open(&format!("{page}x/pdf"))
        .await
        .expect(404);

    // What becomes of it later is not on it.
    api.record(text(&draft, "id"), "50.00").await;
    house.settle().await;
    assert_eq!(file(api, &path).await, pdf);
    let receipt = house.mails(ADA).await.pop().unwrap();
    assert_eq!(
        receipt["attachments"],
        json!([format!("receipt-{number}.pdf")])
    );

    let body = json!({"amount": "30.00", "reason": "약속보다 적게 했습니다"});
    let note = api
        .post(&format!("{path}/credit-notes"), &body)
        .await
        .expect(201)
        .ok();
    house.settle().await;
    let credit = format!("{path}/credit-notes/{}", text(&note, "id"));
    let credited = file(api, &credit).await;
    let said = reading::sheets(&credited).concat();
    for words in [
        text(&note, "number"),
        number,
        "약속보다 적게 했습니다",
        "€30.00",
    ] {
        assert!(said.contains(words), "{words} is not in:\n{said}");
    }
    let told = house.mails(ADA).await.pop().unwrap();
    assert_eq!(
        told["attachments"],
        json!([format!("{}.pdf", text(&note, "number"))])
    );
    let of_client = format!("{page}/credit-notes/{}/pdf", text(&note, "id"));
    Browser::new(&house).open(&of_client).await.expect(303);
    house.close().await;
}

/// Words, letters and amounts of each language are in the fonts, and broken into lines by its rules.
#[tokio::test]
async fn paper_speaks_the_clients_language() {
    let house = House::open().await;
    let api = &house.api;
    for (language, work, said) in [
        (
            "de",
            "Straßenführung, Größen und Übergänge: Donaudampfschifffahrtsgesellschaftskapitänsmütze",
            [
                "Rechnung",
                "Leistung",
                "1,5 Stunden",
                "1.875,00\u{a0}€",
                "Seite 1 von 1",
            ],
        ),
        (
            "fr",
            "L’œuvre complète : créations, façades, « Noël » à l’île",
            [
                "Facture",
                "Désignation",
                "1,5 heure",
                "1\u{202f}875,00\u{a0}€",
                "Page 1 sur 1",
            ],
        ),
        (
            "es",
            "Diseño de señalización, ¿qué más? Año 2040",
            [
                "Factura",
                "Concepto",
                "1,5 horas",
                "1875,00\u{a0}€",
                "Página 1 de 1",
            ],
        ),
        (
            "ja",
            "ウェブサイトの保守およびアクセシビリティの改善、「直」「骨」の字形と長い説明文の改行を確かめるための作業。",
            ["請求書", "品目", "1.5時間", "€1,875.00", "1 / 1 ページ"],
        ),
    ] {
        let client = api.client(ADA, json!({"language": language})).await;
        let line =
            json!({"description": work, "quantity": "1.5", "unit": "HUR", "unit_price": "1250.00"});
        let draft = api
            .draft(text(&client, "id"), "0", json!({"lines": [line]}))
            .await;
        api.issue(text(&draft, "id"), false).await;
        house.settle().await;
        let pdf = file(api, &format!("/v1/invoices/{}", text(&draft, "id"))).await;
        let sheets = reading::sheets(&pdf);
        assert_eq!(sheets.len(), 1);
        // Where a line ends is no matter here.
        let plain = |text: &str| -> String {
            let text = text
                .chars()
                .filter(|c| !c.is_whitespace() && *c != '\u{a0}');
            text.collect()
        };
        let sheet = plain(&sheets[0]);
        for words in said.into_iter().chain([work]) {
            assert!(
                sheet.contains(&plain(words)),
                "{words} is not in:\n{}",
                sheets[0]
            );
        }
        assert!(
            !sheet.contains('\u{25a1}'),
            "a character is missing: {sheet}"
        );
    }
    house.close().await;
}

#[tokio::test]
async fn an_agency_can_leave_documents_to_the_page() {
    let house = House::open().await;
    let api = &house.api;
    let off = json!({"notices": {"attach_documents": false, "attach_calendar": false}});
    let settings = api.change("/v1/settings", &off).await.expect(200).ok();
    assert_eq!(settings["notices"]["attach_documents"], false);
    let draft = drafted(api, json!({})).await;
    api.issue(text(&draft, "id"), true).await;
    house.settle().await;
    let mail = house.mails(ADA).await.pop().unwrap();
    assert_eq!(mail["attachments"], json!([]));
    let pdf = file(api, &format!("/v1/invoices/{}", text(&draft, "id"))).await;
    assert!(pdf.starts_with(b"%PDF"));
    house.close().await;
}
