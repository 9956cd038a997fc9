//! The growth as a picture: for each piece of work the time per row against the number of rows.

use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, register_font};

use crate::Result;

/// A piece of work.
pub(super) struct Panel {
    pub(super) name: &'static str,
    /// Rows, and microseconds for each.
    pub(super) points: Vec<(f64, f64)>,
}

const COLUMNS: usize = 4;
const PANEL: (u32, u32) = (330, 165);
const HEAD: u32 = 46;
const MARGIN: i32 = 12;

const INK: RGBColor = RGBColor(0x1b, 0x1b, 0x1b);
const FAINT: RGBColor = RGBColor(0xbb, 0xbb, 0xbb);
const LINE: RGBColor = RGBColor(0x00, 0x72, 0xb2);

/// Writes an SVG document with a panel for each piece of work. Each has a scale of its own, from zero on, so
/// that what is linear is level.
pub(super) fn write(path: &Path, title: &str, panels: &[Panel]) -> Result<()> {
    // What plotters measures text with; who shows the picture takes a font of their own.
    let font = include_bytes!("../../../retro-examples/assets/DejaVuSans-subset.ttf");
    register_font("sans-serif", FontStyle::Normal, font).map_err(|_| "the font cannot be read")?;

    let rows = panels.len().div_ceil(COLUMNS);
    let size = (PANEL.0 * COLUMNS as u32, PANEL.1 * rows as u32 + HEAD);
    let root = SVGBackend::new(path, size).into_drawing_area();
    root.fill(&WHITE)?;
    root.draw(&Text::new(title.to_owned(), (MARGIN, MARGIN), text(20)))?;
    let (_, below) = root.split_vertically(HEAD);
    for (panel, area) in panels.iter().zip(below.split_evenly((rows, COLUMNS))) {
        draw(panel, &area)?;
    }
    root.present()?;
    Ok(())
}

fn draw(panel: &Panel, area: &DrawingArea<SVGBackend<'_>, Shift>) -> Result<()> {
    area.draw(&Text::new(panel.name, (MARGIN, 4), text(14)))?;
    let [first, .., last] = panel.points[..] else { return Err("a line needs two points".into()) };
    let most = panel.points.iter().map(|point| point.1).fold(0.0, f64::max);

    let mut builder = ChartBuilder::on(area);
    builder.margin_top(26).margin_right(48).margin_left(MARGIN).x_label_area_size(24).y_label_area_size(46);
    let mut context = builder.build_cartesian_2d(0.0..last.0 * 1.05, 0.0..most * 1.15)?;
    let ticks = |micros: &f64| micros_of(*micros, most);
    let mut mesh = context.configure_mesh();
    mesh.x_labels(0).y_labels(4).y_label_formatter(&ticks);
    mesh.disable_mesh().axis_style(INK.stroke_width(1)).label_style(text(12)).draw()?;
    for &(rows, _) in &panel.points {
        let below = text(12).pos(Pos::new(HPos::Center, VPos::Top));
        let label = EmptyElement::at((rows, 0.0)) + Text::new(thousands(rows), (0, 5), below);
        context.plotting_area().draw(&label)?;
    }

    // Where it would be if nothing grew.
    context.draw_series(LineSeries::new([(0.0, first.1), (last.0, first.1)], FAINT.stroke_width(1)))?;
    context.draw_series(LineSeries::new(panel.points.iter().copied(), LINE.stroke_width(2)))?;
    context.draw_series(panel.points.iter().map(|&point| Circle::new(point, 3, LINE.filled())))?;
    let growth = text(13).color(&LINE).pos(Pos::new(HPos::Left, VPos::Center));
    let beside = EmptyElement::at(last) + Text::new(format!("\u{d7} {:.2}", last.1 / first.1), (9, 0), growth);
    context.plotting_area().draw(&beside)?;
    Ok(())
}

fn text(size: u32) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&INK)
}

/// `250k`, `1M`
fn thousands(rows: f64) -> String {
    match rows {
        rows if rows >= 1e6 => format!("{}M", rows / 1e6),
        rows => format!("{}k", rows / 1e3),
    }
}

/// With so many digits as tell the ticks of a scale apart.
fn micros_of(micros: f64, most: f64) -> String {
    match most {
        most if most < 0.5 => format!("{micros:.2} \u{b5}s"),
        most if most < 4.0 => format!("{micros:.1} \u{b5}s"),
        _ => format!("{micros:.0} \u{b5}s"),
    }
}
