//! The axes of what stands upright: names below, numbers on the left.

use std::ops::Range;

use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::Chart;
use super::draw::{Area, Drawn, Failed, Sizes};
use super::style::{GRID, INK, text};

pub(super) type Plane = Cartesian2d<RangedCoordf64, RangedCoordf64>;

/// A chart with a place of width one for each name, and the values in a range.
pub(super) fn upright<'a, 'b, DB: DrawingBackend>(
    chart: &Chart,
    area: &'a Area<'b, DB>,
    sizes: &Sizes,
    values: Range<f64>,
) -> Result<ChartContext<'a, DB, Plane>, Failed<DB>> {
    let scale = chart.look.scale;
    // No tick has more digits than the largest value.
    let longest = scale.tick(values.end.ceil());
    let tick = area.estimate_text_size(&longest, &text(sizes.label))?.0;
    let mut builder = ChartBuilder::on(area);
    builder.margin(12).x_label_area_size(below(sizes)).y_label_area_size(tick + sizes.label + 22);
    let mut context = builder.build_cartesian_2d(0.0..chart.names.len() as f64, values)?;
    let format = |value: &f64| scale.tick(*value);
    let mut mesh = context.configure_mesh();
    mesh.disable_x_mesh().x_labels(0).y_labels(6).y_label_formatter(&format);
    mesh.bold_line_style(GRID).light_line_style(TRANSPARENT).axis_style(INK.stroke_width(1));
    mesh.label_style(text(sizes.label)).x_desc(chart.look.of_label).y_desc(chart.look.value_label);
    mesh.draw()?;
    Ok(context)
}

/// The height of what is below an axis: names or numbers, and what they are.
pub(super) fn below(sizes: &Sizes) -> u32 {
    2 * sizes.label + 20
}

/// The names below the axis, each at the middle of its place; some are left out if there is no room
/// for all.
pub(super) fn names_below<DB: DrawingBackend>(
    chart: &Chart,
    plot: &DrawingArea<DB, Plane>,
    sizes: &Sizes,
    bottom: f64,
) -> Drawn<DB> {
    let style = text(sizes.label).pos(Pos::new(HPos::Center, VPos::Top));
    let mut widest = 1;
    for name in &chart.names {
        widest = widest.max(plot.estimate_text_size(name, &style)?.0);
    }
    let (width, _) = plot.dim_in_pixel();
    let room = (width as usize / chart.names.len().max(1)).max(1);
    let step = (widest as usize + 3).div_ceil(room);
    for (number, name) in chart.names.iter().enumerate().step_by(step) {
        let at = EmptyElement::at((number as f64 + 0.5, bottom));
        plot.draw(&(at + Text::new(name.clone(), (0, 7), style.clone())))?;
    }
    Ok(())
}
