//! The list of orders: sorted by clicking, searched, paged, and what is shown where the mouse is.

use fantoccini::actions::{InputSource, MouseActions, PointerAction};
use fantoccini::{Locator, elements::Element};

use super::{Visit, WIDE};

#[tokio::test(flavor = "multi_thread")]
async fn orders_are_sorted_searched_and_paged_by_clicking() {
    let visit = Visit::begin(WIDE).await;
    visit.goto("/").await;
    assert_eq!(visit.page().title().await.unwrap(), "Orders - RetroFun");
    assert_eq!(visit.text(".pages span").await, "1 to 10 of 1,000");
    let dates = visit.texts("tbody time").await;
    assert!(dates.len() == 10 && dates.is_sorted_by(|a, b| a > b), "latest first: {dates:?}");

    visit.follow("th:last-child a").await;
    assert!(ascending(&totals(&visit).await));
    visit.follow("th:last-child a").await;
    let mut largest = totals(&visit).await;
    largest.reverse();
    assert!(ascending(&largest), "{largest:?}");
    assert_eq!(
        visit.page().find(Locator::Css("th[aria-sort]")).await.unwrap().attr("aria-sort").await.unwrap(),
        Some("descending".into())
    );
    assert_eq!(visit.texts(".arrow sub").await, ["2", "1"], "by total, and then by date as before");

    visit.follow("a[rel=next]").await;
    assert_eq!(visit.text(".pages span").await, "11 to 20 of 1,000");
    let next = totals(&visit).await;
    assert!(next[0] <= largest[0], "the order goes on on the next page");

    let search = visit.page().find(Locator::Css("#search")).await.unwrap();
    search.send_keys("amiga").await.unwrap();
    visit.follow("form button").await;
    assert!(visit.text(".pages span").await.starts_with("1 to 10 of "), "a search begins at the first page");
    assert!(visit.texts("tbody tr").await.iter().all(|row| row.contains("Amiga")));
    visit.follow("a[rel=next]").await;
    assert!(visit.texts("tbody tr").await.iter().all(|row| row.contains("Amiga")), "the search goes on");

    visit.goto("/?search=nobody+at+all").await;
    assert_eq!(visit.text(".empty").await, "No order is of such a customer or product.");
    visit.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_and_origins_are_shown_where_the_mouse_is() {
    let visit = Visit::begin(WIDE).await;
    visit.goto("/").await;
    for (hint, shown) in [("#customer-0", "td:nth-child(2) .hint a"), ("#item-0-0", "td:nth-child(3) .hint a")] {
        assert!(!visit.is_displayed(hint).await);
        point_at(&visit, visit.page().find(Locator::Css(shown)).await.unwrap()).await;
        assert!(visit.is_displayed(hint).await, "{hint}");
        assert!(
            visit.text(hint).await.contains(", "),
            "{hint}: an address and a phone, or a manufacturer and a country"
        );
        // Into the text itself, which stays.
        point_at(&visit, visit.page().find(Locator::Css(hint)).await.unwrap()).await;
        assert!(visit.is_displayed(hint).await, "{hint}");
        point_at(&visit, visit.page().find(Locator::Css("h1")).await.unwrap()).await;
        assert!(!visit.is_displayed(hint).await, "{hint}");
    }
    visit.end().await;
}

async fn point_at(visit: &Visit, element: Element) {
    let there = PointerAction::MoveToElement { element, duration: None, x: 0.0, y: 0.0 };
    visit.page().perform_actions(MouseActions::new("mouse".into()).then(there)).await.unwrap();
}

async fn totals(visit: &Visit) -> Vec<f64> {
    let texts = visit.texts("td.number").await;
    texts.iter().map(|text| text.trim_start_matches('$').replace(',', "").parse().unwrap()).collect()
}

fn ascending(totals: &[f64]) -> bool {
    totals.len() == 10 && totals.is_sorted()
}
