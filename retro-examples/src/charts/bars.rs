//! Bars to the right, each under its name, so that names may be long on small screens too.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::Chart;
use super::axes::below;
use super::draw::{Area, Drawn, Sizes, shortened};
use super::style::{GRID, INK, colour, text};

/// What one takes, with its name.
pub(super) const HEIGHT: u32 = 46;

pub(super) fn draw<DB: DrawingBackend>(chart: &Chart, area: &Area<'_, DB>, sizes: &Sizes) -> Drawn<DB> {
    let scale = chart.look.scale;
    let (least, most) = chart.range();
    let (width, _) = area.dim_in_pixel();
    // The number beside the longest bar needs room: as much of the axis as it is wide.
    let number = area.estimate_text_size(&scale.value(most), &text(sizes.label))?.0 as f64 + 14.0;
    let plot = (width as f64 - 48.0).max(number * 2.0);
    let right = least + (most - least) * plot / (plot - number);
    let names = chart.names.len() as f64;

    let mut builder = ChartBuilder::on(area);
    builder.margin(12).margin_right(24).x_label_area_size(below(sizes)).y_label_area_size(2);
    let mut context = builder.build_cartesian_2d(least..right, names..0.0)?;
    let format = |value: &f64| scale.tick(*value);
    let mut mesh = context.configure_mesh();
    mesh.disable_y_mesh().y_labels(0).x_labels((width as usize / 120).max(4)).x_label_formatter(&format);
    mesh.bold_line_style(GRID).light_line_style(TRANSPARENT).axis_style(INK.stroke_width(1));
    mesh.label_style(text(sizes.label)).x_desc(chart.look.value_label).draw()?;

    let area = context.plotting_area();
    let above = text(sizes.label).pos(Pos::new(HPos::Left, VPos::Bottom));
    let beside = text(sizes.label).pos(Pos::new(HPos::Left, VPos::Center));
    for (place, name) in chart.names.iter().enumerate() {
        let (top, bottom) = (place as f64 + 0.5, place as f64 + 0.95);
        let Some(value) = chart.series.first().and_then(|series| series.values[place]) else { continue };
        let (start, end) = (least.max(0.0), value.clamp(least, most));
        let room = area.dim_in_pixel().0 as i32 - 8;
        let pixels = area.strip_coord_spec();
        let name = shortened(&pixels, name, &above, room)?;
        area.draw(&Rectangle::new([(start, top), (end, bottom)], colour(0).filled()))?;
        area.draw(&(EmptyElement::at((least, top)) + Text::new(name, (4, -2), above.clone())))?;
        let middle = EmptyElement::at((end, (top + bottom) / 2.0));
        area.draw(&(middle + Text::new(scale.value(value), (6, 0), beside.clone())))?;
    }
    Ok(())
}
