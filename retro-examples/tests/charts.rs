//! Charts of sheets that are unlike the sample: empty, with long names, with names that are markup.

use retro_examples::charts::{Chart, Look, Scale, Shape};
use retro_examples::reports::{Cell, Column, Kind, Sheet};

const VIEWS: Look = Look {
    shape: Shape::Bars,
    of: "title",
    values: &["views"],
    by: None,
    of_label: "",
    value_label: "Views",
    scale: Scale::Count,
};

fn sheet(rows: &[(&str, f64)]) -> Sheet {
    Sheet {
        id: "articles",
        title: "Most viewed articles",
        columns: vec![Column { name: "title", kind: Kind::Text }, Column { name: "views", kind: Kind::Float(0) }],
        rows: rows.iter().map(|(title, views)| vec![Cell::Text((*title).into()), Cell::Float(*views)]).collect(),
    }
}

fn svg(shape: Shape, width: u32, rows: &[(&str, f64)]) -> String {
    Chart::new(&sheet(rows), Look { shape, ..VIEWS }).svg(width)
}

#[test]
fn every_shape_has_title_label_names_and_numbers_with_separators() {
    for shape in [Shape::Bars, Shape::Columns, Shape::Lines] {
        let svg = svg(shape, 800, &[("One", 12_345.0), ("Two", 20_000.0)]);
        for text in ["Most viewed articles", "Views", "One", "Two", "20,000"] {
            assert!(svg.contains(&format!("\n{text}\n")), "{text} is missing in {shape:?}: {svg}");
        }
    }
}

#[test]
fn an_empty_chart_says_so() {
    for shape in [Shape::Bars, Shape::Columns, Shape::Lines] {
        let svg = svg(shape, 800, &[]);
        assert!(svg.contains("Most viewed articles") && svg.contains("There is nothing to show yet."), "{svg}");
    }
}

#[test]
fn names_are_text_and_never_markup() {
    let svg = svg(Shape::Bars, 800, &[("<script>alert(1)</script> & \"more\"", 1.0)]);
    assert!(!svg.contains("<script") && svg.contains("&lt;script&gt;"), "{svg}");
}

#[test]
fn a_long_name_is_shortened() {
    let long = "The story of a machine that nobody remembers ".repeat(5);
    let svg = svg(Shape::Bars, 340, &[(&long, 1.0)]);
    assert!(svg.contains("\u{2026}\n") && !svg.contains(long.trim()), "{svg}");
}

#[test]
fn there_is_a_chart_for_whatever_numbers_there_are() {
    let rows = [("a", 0.0), ("b", -5.0), ("c", 1e300), ("d", f64::INFINITY), ("e", f64::NAN), ("", 1e-9)];
    for shape in [Shape::Bars, Shape::Columns, Shape::Lines] {
        for scale in [Scale::Count, Scale::Dollars, Scale::Stars] {
            for rows in [&rows[..], &rows[..1], &rows[..2], &rows[5..]] {
                for width in [1, 60, 340, 2000] {
                    let svg = Chart::new(&sheet(rows), Look { shape, scale, ..VIEWS }).svg(width);
                    assert!(svg.ends_with("</svg>\n"), "{svg}");
                }
            }
        }
    }
}
