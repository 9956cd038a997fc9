//! Lines: how values go from name to name. A line has a gap where there is no value.

use plotters::prelude::*;

use super::Chart;
use super::axes::{names_below, upright};
use super::draw::{Area, Drawn, Sizes};
use super::style::colour;

pub(super) fn draw<DB: DrawingBackend>(chart: &Chart, area: &Area<'_, DB>, sizes: &Sizes) -> Drawn<DB> {
    let (least, most) = chart.range();
    // So that a point at the top is seen as a whole.
    let top = most + (most - least) * 0.05;
    let mut context = upright(chart, area, sizes, least..top)?;

    for (number, series) in chart.series.iter().enumerate() {
        let points = series
            .values
            .iter()
            .enumerate()
            .map(|(place, value)| value.map(|value| (place as f64 + 0.5, value.clamp(least, most))));
        let points: Vec<_> = points.collect();
        for run in points.split(Option::is_none) {
            let run = run.iter().flatten().copied();
            context.draw_series(LineSeries::new(run.clone(), colour(number).stroke_width(2)))?;
            context.draw_series(run.map(|point| Circle::new(point, 4, colour(number).filled())))?;
        }
    }
    names_below(chart, context.plotting_area(), sizes, least)
}
