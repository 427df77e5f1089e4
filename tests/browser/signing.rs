//! A client reads an offer, picks an option, signs or declines.

use crate::agency::Agency;
use crate::tab::{Screen, Tab};

const NOBODY_COMPLAINS: [String; 0] = [];

pub async fn a_client_signs_without_scripts() {
    let mut agency = Agency::open().await;
    let offer = agency.offer("en").await;
    let mut tab = Tab::open().await;
    tab.set_screen(Screen::PHONE).await;
    tab.forbid_scripts().await;
    tab.visit(&offer.address).await;
    assert!(tab.text().await.contains("€1,190.00"));
    tab.keep_picture("signing-1-open-390-light").await;
    tab.fill("A shop with twenty products", "").await;
    tab.follow("Update the total").await;
    assert!(tab.text().await.contains("€1,785.00"));
    let visit = tab.follow("Send me the code").await;
    assert_eq!(visit.complaints, NOBODY_COMPLAINS);
    tab.keep_picture("signing-2-code-390-light").await;
    let code = agency.code().await;
    tab.fill("Code", &code).await;
    tab.fill("I accept estimate", "").await;
    let visit = tab.follow("Sign for €1,785.00").await;
    assert_eq!(visit.complaints, NOBODY_COMPLAINS);
    let text = tab.text().await;
    assert!(text.contains("Accepted on"), "{text}");
    assert!(text.contains("Signatures"), "{text}");
    tab.keep_picture("signing-3-signed-390-light").await;
    tab.close().await;
    agency.host.stop().await;
}

pub async fn a_client_signs_by_keyboard() {
    let mut agency = Agency::open().await;
    let offer = agency.offer("ko").await;
    let mut tab = Tab::open().await;
    tab.set_screen(Screen::DESKTOP).await;
    tab.visit(&offer.address).await;
    tab.keep_picture("signing-1-open-1280-light").await;
    // The way to the signature is the first thing that the Tab key comes to; the option is ticked
    // on the way down.
    tab.fill_by_keyboard("A shop with twenty products", " ")
        .await;
    tab.follow_by_keyboard("코드 받기").await;
    let code = agency.code().await;
    tab.keep_picture("signing-2-code-1280-light").await;
    assert!(tab.text().await.contains("€1,785.00"));
    tab.fill_by_keyboard("코드", &code).await;
    tab.fill_by_keyboard("본인은", " ").await;
    tab.follow_by_keyboard("€1,785.00에 서명하기").await;
    let text = tab.text().await;
    assert!(text.contains("서명이 기록되었습니다"), "{text}");
    tab.keep_picture("signing-3-signed-1280-light").await;
    tab.close().await;
    agency.host.stop().await;
}

pub async fn a_client_declines() {
    let mut agency = Agency::open().await;
    let offer = agency.offer("en").await;
    let mut tab = Tab::open().await;
    tab.set_screen(Screen::DESKTOP).await;
    tab.visit(&offer.address).await;
    tab.press_on("I would rather decline").await;
    tab.fill("What does not fit?", "The budget was cut.").await;
    let visit = tab.follow("Decline the estimate").await;
    assert_eq!(visit.complaints, NOBODY_COMPLAINS);
    let text = tab.text().await;
    assert!(text.contains("Declined on"), "{text}");
    assert!(!text.contains("Send me the code"), "{text}");
    tab.keep_picture("signing-4-declined-1280-light").await;
    tab.close().await;
    agency.host.stop().await;
}
