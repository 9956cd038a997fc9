//! Everything can be reached and done by keyboard.

use fantoccini::Locator;
use fantoccini::key::Key;

use super::{Visit, WIDE};

#[tokio::test(flavor = "multi_thread")]
async fn tab_reaches_and_enter_works() {
    let visit = Visit::begin(WIDE).await;
    visit.goto("/").await;
    let first = tab(&visit).await;
    assert_eq!(first, "Skip to the content");
    let mut reached = vec![first];
    while !reached.iter().any(|text| text == "Customer") {
        reached.push(tab(&visit).await);
        assert!(reached.len() < 20, "{reached:?}");
    }
    assert_eq!(
        reached,
        ["Skip to the content", "Orders", "Products", "Dashboard", "", "Search", "Date\u{25bc}", "Customer"]
    );
    let focused = visit.page().active_element().await.unwrap();
    assert_eq!(focused.css_value("outline-style").await.unwrap(), "solid", "the focus is seen");
    visit.leave(async || focused.send_keys(&Key::Enter).await.unwrap()).await;
    let sorted = visit.page().find(Locator::Css("th[aria-sort=ascending]")).await.unwrap();
    assert!(sorted.text().await.unwrap().starts_with("Customer"));

    visit.page().find(Locator::Css("#search")).await.unwrap().send_keys("amiga").await.unwrap();
    let field = visit.page().active_element().await.unwrap();
    visit.leave(async || field.send_keys(&Key::Enter).await.unwrap()).await;
    assert!(visit.texts("tbody tr").await.iter().all(|row| row.contains("Amiga")));
    visit.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_mouse_shows_the_focus_shows_too() {
    let visit = Visit::begin(WIDE).await;
    visit.goto("/").await;
    for (hint, before) in [("#customer-0", "th:last-child a"), ("#item-0-0", "td:nth-child(2) .hint a")] {
        visit.page().execute(&format!("document.querySelector('{before}').focus()"), vec![]).await.unwrap();
        assert!(!visit.is_displayed(hint).await);
        tab(&visit).await;
        assert!(visit.is_displayed(hint).await, "{hint}");
        let focused = visit.page().active_element().await.unwrap();
        assert_eq!(focused.attr("aria-describedby").await.unwrap().as_deref(), hint.strip_prefix('#'));
    }
    visit.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_has_a_label() {
    let visit = Visit::begin(WIDE).await;
    for (address, fields) in [("/", 1), ("/products", 6)] {
        visit.goto(address).await;
        let script = "return [...document.querySelectorAll('input:not([type=hidden]), select')].map(field => field.labels.length)";
        let labels = visit.page().execute(script, vec![]).await.unwrap();
        assert_eq!(labels, serde_json::json!(vec![1; fields]), "{address}");
    }
    visit.end().await;
}

/// Goes on to what is next, and gives its text.
async fn tab(visit: &Visit) -> String {
    let focused = visit.page().active_element().await.unwrap();
    focused.send_keys(&Key::Tab).await.unwrap();
    visit.page().active_element().await.unwrap().text().await.unwrap()
}
