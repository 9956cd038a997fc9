//! What the pages look like: nothing reaches over the edge, and no text of a chart over another.

use std::path::Path;

use serde_json::{Value, json};

use super::{NARROW, Visit, WIDE};

const PAGES: [(&str, &str); 8] = [
    ("orders", "/"),
    ("orders-sorted", "/?sort=-total,%2Bcustomer&length=25&start=10"),
    ("orders-none", "/?search=nobody"),
    ("products", "/products"),
    ("products-filtered", "/products?manufacturer=Sinclair+Research&from=1980&to=1990&cpu=z80"),
    ("product", "/products/27"),
    ("dashboard", "/dashboard"),
    ("error", "/products?from=long+ago"),
];

/// Which texts of charts that are shown stand on each other, reach over the edge or are too small to read.
const UNREADABLE: &str = r#"
    const unreadable = [];
    for (const chart of [...document.querySelectorAll('svg')].filter(svg => svg.checkVisibility())) {
        const edge = chart.getBoundingClientRect();
        const texts = [...chart.querySelectorAll('text')].map(text => [text.textContent.trim(), text.getBoundingClientRect()]);
        const meet = (a, b) => a.left < b.right && b.left < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom;
        texts.forEach(([text, box], place) => {
            const outside = box.left < edge.left || box.right > edge.right || box.top < edge.top || box.bottom > edge.bottom;
            if (outside) unreadable.push(`${text} reaches over the edge`);
            if (Math.min(box.width, box.height) < 10 && text.length > 1) unreadable.push(`${text} is too small`);
            texts.slice(place + 1).filter(([, other]) => meet(box, other)).forEach(([other]) => unreadable.push(`${text} stands on ${other}`));
        });
    }
    return unreadable;
"#;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_overlaps_on_wide_and_narrow_screens() {
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
    std::fs::create_dir_all(&pictures).unwrap();
    for (screen, width) in [("wide", WIDE), ("narrow", NARROW)] {
        let visit = Visit::begin(width).await;
        for (name, address) in PAGES {
            visit.goto(address).await;
            if name == "orders" {
                // As it is while somebody looks at a customer's address.
                visit
                    .page()
                    .execute("document.querySelector('#customer-2').previousSibling.focus()", vec![])
                    .await
                    .unwrap();
            }
            let picture = visit.browser.picture().await;
            std::fs::write(pictures.join(format!("{name}-{screen}.png")), picture).unwrap();
            let script = "const page = document.documentElement; return [page.clientWidth, page.scrollWidth]";
            let widths = visit.page().execute(script, vec![]).await.unwrap();
            assert_eq!(widths, json!([width, width]), "{name} reaches over the edge of a {screen} screen");
            let unreadable = visit.page().execute(UNREADABLE, vec![]).await.unwrap();
            assert_eq!(unreadable, Value::Array(vec![]), "{name} on a {screen} screen");
        }
        // The last page is of an error, of which the browser tells.
        let complaints = visit.browser.complaints().await;
        assert!(complaints.len() == 1 && complaints[0].contains("400 (Bad Request)"), "{complaints:#?}");
        visit.end().await;
    }
    println!("pictures are in {}", pictures.display());
}
