//! The charts of the store's year.

use maud::{Markup, PreEscaped, html};
use retro_core::prelude::*;

use super::layout::page;
use super::{Failure, RequestSession};
use crate::charts::{Chart, Look};
use crate::reports::{self, Cell, Sheet};

/// The reports that are shown.
const SHOWN: [&str; 5] =
    ["Q31-monthly-sales", "store-ratings", "Q41-views-per-month", "views-by-language", "Q40-top-articles"];

/// How wide a chart is drawn, and how wide for a small screen.
const WIDTHS: [(&str, u32); 2] = [("wide", 1000), ("narrow", 344)];

/// `GET /dashboard`
///
/// One statement for each chart. Rows become months and names in the database, so that a page does not
/// grow with the business.
pub(super) async fn show(mut session: RequestSession) -> Result<Markup, Failure> {
    let mut charts = Vec::with_capacity(SHOWN.len());
    for (look, mut sheet, query) in asked() {
        sheet.rows = session.0.all(query).await?;
        charts.push(Chart::new(&sheet, look));
    }
    Ok(page(
        "Dashboard",
        html! {
            div.charts { @for chart in &charts { (figure(chart)) } }
        },
    ))
}

/// The reports that are shown, without their rows, and the queries that find these.
fn asked() -> Vec<(Look, Sheet, Select<Vec<Cell>>)> {
    let shown = SHOWN.iter().filter_map(|name| reports::find(name).ok());
    shown.filter_map(|report| Some((report.look()?, report.sheet(Vec::new()), report.select()?))).collect()
}

/// A chart, and its numbers for those who cannot see it.
fn figure(chart: &Chart) -> Markup {
    html! {
        figure {
            @for (class, width) in WIDTHS {
                // All names in it are escaped by whoever has drawn it.
                div class={ "chart " (class) } role="img" aria-label=(chart.title) { (PreEscaped(chart.svg(width))) }
            }
            @if !chart.is_empty() {
                figcaption { details {
                    summary { "Numbers: " (chart.title) }
                    (numbers(chart))
                } }
            }
        }
    }
}

fn numbers(chart: &Chart) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label={ "Numbers: " (chart.title) } {
            table {
                thead { tr {
                    th scope="col" { (chart.look.of) }
                    @for series in &chart.series { th.number scope="col" { (series.name) } }
                } }
                tbody {
                    @for (place, name) in chart.names.iter().enumerate() {
                        tr {
                            th scope="row" { (name) }
                            @for series in &chart.series {
                                td.number { @match series.values[place] { Some(value) => (chart.look.scale.value(value)), None => "-" } }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chart_is_one_query() {
        assert_eq!(asked().len(), SHOWN.len());
    }
}
