//! Products: filtered, and one with its reviews; and the dashboard.

use fantoccini::Locator;

use super::{NARROW, Visit, WIDE};

#[tokio::test(flavor = "multi_thread")]
async fn products_are_filtered_and_shown() {
    let visit = Visit::begin(WIDE).await;
    visit.goto("/").await;
    visit.follow("header a[href='/products']").await;
    assert_eq!(visit.text("[aria-current]").await, "Products");
    let field = async |id: &str| visit.page().find(Locator::Id(id)).await.unwrap();
    field("manufacturer").await.select_by_label("Commodore").await.unwrap();
    field("from").await.send_keys("1985").await.unwrap();
    field("to").await.send_keys("1987").await.unwrap();
    field("cpu").await.send_keys("68000").await.unwrap();
    visit.follow("form button").await;
    assert_eq!(visit.texts("tbody th").await, ["Amiga 1000", "Amiga 2000", "Amiga 500"]);
    assert_eq!(field("manufacturer").await.prop("value").await.unwrap(), Some("Commodore".into()), "it is kept");

    visit.follow("tbody tr:last-child th a").await;
    assert_eq!((visit.text("h1").await, visit.text(".facts dd").await), ("Amiga 500".into(), "Commodore".into()));
    assert!(visit.text(".rating").await.contains(" of 5 on average, "));
    assert!(visit.count(".review").await > 0);

    visit.goto("/products?name=nothing+like+that").await;
    assert!(visit.text(".empty").await.starts_with("No product is like that."));
    visit.follow(".empty a").await;
    assert_eq!(visit.count("tbody tr").await, 25);
    visit.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dashboard_has_its_charts_on_wide_and_narrow_screens() {
    for (width, shown, hidden) in [(WIDE, ".wide", ".narrow"), (NARROW, ".narrow", ".wide")] {
        let visit = Visit::begin(width).await;
        visit.goto("/dashboard").await;
        assert_eq!(visit.count("figure").await, 5);
        for chart in visit.page().find_all(Locator::Css(shown)).await.unwrap() {
            let (_, _, width, height) = chart.rectangle().await.unwrap();
            assert!(chart.is_displayed().await.unwrap() && width > 300.0 && height > 200.0, "{width} x {height}");
        }
        assert!(!visit.is_displayed(hidden).await);
        visit.click("summary").await;
        assert_eq!(visit.texts("details[open] tbody tr").await.len(), 12);
        visit.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_store_has_pages_too() {
    let visit = Visit::to(WIDE, false).await;
    for (address, says) in [("/", "There are no orders yet."), ("/products", "There are no products yet.")] {
        visit.goto(address).await;
        assert_eq!(visit.text(".empty").await, says);
    }
    visit.goto("/dashboard").await;
    let charts = visit.texts("svg").await;
    assert_eq!(charts.iter().filter(|chart| chart.contains("There is nothing to show yet.")).count(), 5, "{charts:?}");
    visit.end().await;
}
