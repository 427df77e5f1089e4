//! A client pays, from the page of the invoice to the page that says paid.

use crate::agency::Agency;
use crate::tab::{Screen, Tab};

pub async fn a_client_pays_without_scripts() {
    let mut agency = Agency::open().await;
    let page = agency.plain("en").await;
    let mut tab = Tab::open().await;
    tab.set_screen(Screen::PHONE).await;
    tab.forbid_scripts().await;
    tab.visit(&page).await;
    let checkout = tab.follow("Pay €1,130.50 by card").await;
    assert_eq!(checkout.complaints, Vec::<String>::new());
    let address = tab.address().await;
    assert!(address.contains("/_local/stripe/checkout/"), "{address}");
    tab.keep_picture("payment-1-checkout-390-light").await;

    let back = tab.follow("Pay 1130.50 EUR").await;
    assert_eq!(back.complaints, Vec::<String>::new());
    let text = tab.text().await;
    assert!(text.contains("Paid on"), "{text}");
    assert!(!text.contains("Pay €"), "{text}");
    assert!(tab.address().await.starts_with(&page));
    tab.keep_picture("payment-2-paid-390-light").await;

    // The page says so to whoever opens it, not only to who comes back from the checkout.
    tab.visit(&page).await;
    assert!(tab.text().await.contains("Paid on"));
    tab.close().await;
    agency.host.stop().await;
}

pub async fn a_client_pays_by_keyboard() {
    let mut agency = Agency::open().await;
    let page = agency.plain("ko").await;
    let mut tab = Tab::open().await;
    tab.set_screen(Screen::DESKTOP).await;
    tab.visit(&page).await;
    // The pay button is the first thing that the Tab key comes to.
    assert_eq!(tab.follow_by_keyboard("카드로 €1,130.50 결제하기").await, 1);
    tab.keep_picture("payment-1-checkout-1280-light").await;
    tab.follow_by_keyboard("Pay 1130.50 EUR").await;
    let text = tab.text().await;
    assert!(text.contains("결제 완료"), "{text}");
    tab.close().await;
    agency.host.stop().await;
}

pub async fn a_client_leaves_the_checkout_and_comes_back() {
    let mut agency = Agency::open().await;
    let page = agency.plain("en").await;
    let mut tab = Tab::open().await;
    tab.set_screen(Screen::DESKTOP).await;
    tab.visit(&page).await;
    tab.follow("Pay €1,130.50 by card").await;
    let checkout = tab.address().await;
    tab.follow("Back without paying").await;
    let text = tab.text().await;
    assert!(text.contains("nothing was charged"), "{text}");
    // The same page is open still, and no second one is made.
    tab.follow("Pay €1,130.50 by card").await;
    assert_eq!(tab.address().await, checkout);
    tab.follow("Have the card declined").await;
    assert_eq!(tab.address().await, checkout);
    tab.follow("Pay 1130.50 EUR").await;
    assert!(tab.text().await.contains("Paid on"));
    tab.close().await;
    agency.host.stop().await;
}
