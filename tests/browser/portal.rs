//! A client's contact signs in by the keyboard, in a browser that keeps the cookie, and looks around.

use jiff::SignedDuration;

use crate::agency::{Agency, Page};
use crate::look::{SCREENS, faults_of_page};
use crate::tab::{Screen, Tab};

/// Somebody who keeps the books of both clients.
const BOOKS: &str = "books@readers.example";

fn page(name: &str, language: &'static str, address: String) -> Page {
    Page {
        name: format!("portal-{name}-{language}"),
        language,
        address,
        status: 200,
        sum: "",
        button: None,
    }
}

async fn look_at(tab: &mut Tab, host: &str, pages: &[Page]) -> Vec<String> {
    let mut all = Vec::new();
    for screen in SCREENS {
        tab.set_screen(screen).await;
        for page in pages {
            all.extend(faults_of_page(tab, screen, page, host).await);
        }
    }
    all
}

pub async fn a_contact_signs_in_by_keyboard() {
    let mut agency = Agency::open().await;
    let url = agency.host.url.clone();
    let own = format!("{url}/portal/{}", agency.host.agency.account_id);
    let readers = agency.readers.clone();
    for (reader, language) in readers.iter().zip(["en", "ko"]) {
        agency.add_contact(reader, BOOKS).await;
        agency.plain(language).await;
        agency.plain(language).await;
    }
    let mut tab = Tab::open().await;
    let mut all = Vec::new();
    let steps = ["", "?step=sent", "?step=again", "?step=out", "?step=ended"];
    let outside: Vec<Page> = ["en", "ko"]
        .into_iter()
        .flat_map(|language| {
            let name = |step: &str| match step.split_once('=') {
                Some((_, name)) => name.to_owned(),
                None => "ask".to_owned(),
            };
            let step = |step: &&str| page(&name(step), language, format!("{own}{step}"));
            steps.iter().map(step).collect::<Vec<_>>()
        })
        .collect();
    all.extend(look_at(&mut tab, &url, &outside).await);

    tab.set_screen(Screen::DESKTOP).await;
    tab.set_language("en").await;
    tab.visit(&own).await;
    tab.fill_by_keyboard("E-mail address", BOOKS).await;
    tab.follow_by_keyboard("Send me the link").await;
    let text = tab.text().await;
    assert!(text.contains("Look into your mailbox"), "{text}");
    let link = agency.sign_in_link().await;
    let enter = [page("enter", "en", link.clone())];
    all.extend(look_at(&mut tab, &url, &enter).await);
    tab.visit(&link).await;
    tab.follow_by_keyboard("Sign in").await;
    assert_eq!(tab.address().await, own);
    let inside: Vec<Page> = readers
        .iter()
        .zip(["en", "ko"])
        .map(|(reader, language)| page("all", language, format!("{own}?client={reader}")))
        .collect();
    all.extend(look_at(&mut tab, &url, &inside).await);

    tab.set_screen(Screen::DESKTOP).await;
    tab.set_language("en").await;
    tab.visit(&format!("{own}?client={}", readers[0])).await;
    tab.fill_by_keyboard("Number, name or amount", "no such words")
        .await;
    tab.follow_by_keyboard("Show").await;
    let text = tab.text().await;
    assert!(text.contains("Nothing fits"), "{text}");
    tab.follow("Sign out everywhere").await;
    let text = tab.text().await;
    assert!(text.contains("You are signed out"), "{text}");

    // The link of an invoice, when it has ended.
    let (_, old) = agency.plain_with_id("en").await;
    let cloud = &agency.host.cloud;
    let ended = cloud.now() + SignedDuration::from_hours(24 * 450);
    cloud.clock.move_to(ended).unwrap();
    let ended = ["en", "ko"].map(|language| Page {
        status: 410,
        ..page("old-link", language, old.clone())
    });
    all.extend(look_at(&mut tab, &url, &ended).await);
    tab.set_screen(Screen::DESKTOP).await;
    tab.set_language("en").await;
    tab.visit(&old).await;
    tab.follow_by_keyboard("Sign in").await;
    assert_eq!(tab.address().await, own);
    tab.close().await;
    agency.host.stop().await;
    assert!(all.is_empty(), "{all:#?}");
}
