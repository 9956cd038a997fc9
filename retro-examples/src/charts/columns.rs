//! Columns: a value for each name, the series on each other.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::Chart;
use super::axes::{Plane, names_below, upright};
use super::draw::{Area, Drawn, Sizes};
use super::style::{colour, text};

pub(super) fn draw<DB: DrawingBackend>(chart: &Chart, area: &Area<'_, DB>, sizes: &Sizes) -> Drawn<DB> {
    let (least, most) = chart.range();
    // A tenth more than the highest column needs is for the number on it.
    let top = least + (most - least) * 1.1;
    let context = upright(chart, area, sizes, least..top)?;

    let mut heights = vec![least.max(0.0); chart.names.len()];
    for (number, series) in chart.series.iter().enumerate() {
        for (place, value) in series.values.iter().enumerate() {
            let Some(value) = value else { continue };
            let (bottom, left) = (heights[place], place as f64 + 0.15);
            heights[place] = (bottom + value).clamp(least, top);
            let corners = [(left, bottom), (left + 0.7, heights[place])];
            context.plotting_area().draw(&Rectangle::new(corners, colour(number).filled()))?;
        }
    }
    names_below(chart, context.plotting_area(), sizes, least)?;
    numbers(chart, context.plotting_area(), sizes, &heights)
}

/// The numbers on top of the columns, if there is room for all.
fn numbers<DB: DrawingBackend>(
    chart: &Chart,
    plot: &DrawingArea<DB, Plane>,
    sizes: &Sizes,
    heights: &[f64],
) -> Drawn<DB> {
    let style = text(sizes.label).pos(Pos::new(HPos::Center, VPos::Bottom));
    let (width, _) = plot.dim_in_pixel();
    let mut texts = Vec::with_capacity(heights.len());
    for &height in heights {
        let text = chart.look.scale.value(height);
        if plot.estimate_text_size(&text, &style)?.0 as usize + 4 > width as usize / heights.len() {
            return Ok(());
        }
        texts.push(text);
    }
    for (place, (text, &height)) in texts.into_iter().zip(heights).enumerate() {
        let at = EmptyElement::at((place as f64 + 0.5, height));
        plot.draw(&(at + Text::new(text, (0, -4), style.clone())))?;
    }
    Ok(())
}
