//! Draws a [`Chart`]: title, legend, and what its shape asks for.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::style::{colour, text};
use super::{Chart, Shape, bars, columns, lines};

pub(super) type Area<'a, DB> = DrawingArea<DB, Shift>;
pub(super) type Failed<DB> = DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>;
pub(super) type Drawn<DB> = Result<(), Failed<DB>>;

const MARGIN: i32 = 12;

/// Below this a chart is for a small screen, with smaller letters.
const NARROW: u32 = 500;

/// The sizes of letters in pixels.
pub(super) struct Sizes {
    title: u32,
    pub(super) label: u32,
}

impl Sizes {
    pub(super) fn of(width: u32) -> Sizes {
        match width < NARROW {
            true => Sizes { title: 20, label: 15 },
            false => Sizes { title: 24, label: 17 },
        }
    }
}

impl Chart {
    /// How high it is if it is so wide: bars need as much as there are, and more than that is only
    /// empty.
    pub(super) fn height(&self, width: u32) -> u32 {
        match self.look.shape {
            Shape::Bars if !self.is_empty() => 110 + bars::HEIGHT * self.names.len() as u32,
            _ => (width / 2).clamp(320, 440),
        }
    }
}

pub(super) fn draw<DB: DrawingBackend>(chart: &Chart, area: &Area<'_, DB>) -> Drawn<DB> {
    area.fill(&WHITE)?;
    let (width, height) = area.dim_in_pixel();
    let sizes = Sizes::of(width);
    let mut below = MARGIN;
    for line in wrapped(area, &chart.title, &text(sizes.title), width as i32 - 2 * MARGIN)? {
        area.draw(&Text::new(line, (MARGIN, below), text(sizes.title)))?;
        below += sizes.title as i32 + 4;
    }
    if chart.is_empty() {
        let style = text(sizes.label).pos(Pos::new(HPos::Center, VPos::Center));
        let middle = (width as i32 / 2, height as i32 / 2);
        area.draw(&Text::new("There is nothing to show yet.", middle, style))?;
        return area.present();
    }
    if chart.series.len() > 1 {
        below = legend(chart, area, &sizes, below)?;
    }
    let (_, plot) = area.split_vertically(below);
    match chart.look.shape {
        Shape::Columns => columns::draw(chart, &plot, &sizes)?,
        Shape::Lines => lines::draw(chart, &plot, &sizes)?,
        Shape::Bars => bars::draw(chart, &plot, &sizes)?,
    }
    area.present()
}

/// The names of the series beside their colours, in as many rows as they need. Gives where it ends.
fn legend<DB: DrawingBackend>(chart: &Chart, area: &Area<'_, DB>, sizes: &Sizes, top: i32) -> Result<i32, Failed<DB>> {
    let (width, _) = area.dim_in_pixel();
    let (square, row) = (sizes.label as i32 - 4, sizes.label as i32 + 6);
    let (mut x, mut y) = (MARGIN, top + 4);
    for (number, series) in chart.series.iter().enumerate() {
        let name = shortened(area, &series.name, &text(sizes.label), width as i32 - 2 * MARGIN - square - 6)?;
        let wide = square + 6 + area.estimate_text_size(&name, &text(sizes.label))?.0 as i32;
        if x > MARGIN && x + wide > width as i32 - MARGIN {
            (x, y) = (MARGIN, y + row);
        }
        area.draw(&Rectangle::new([(x, y), (x + square, y + square)], colour(number).filled()))?;
        let middle = Pos::new(HPos::Left, VPos::Center);
        area.draw(&Text::new(name, (x + square + 6, y + square / 2), text(sizes.label).pos(middle)))?;
        x += wide + 18;
    }
    Ok(y + row)
}

/// The lines in which a text stands if it is not to be wider.
fn wrapped<DB: DrawingBackend>(
    area: &Area<'_, DB>,
    words: &str,
    style: &TextStyle<'_>,
    width: i32,
) -> Result<Vec<String>, Failed<DB>> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        let longer = lines.last().map(|line| format!("{line} {word}"));
        match (longer, lines.last_mut()) {
            (Some(longer), Some(line)) if area.estimate_text_size(&longer, style)?.0 as i32 <= width => *line = longer,
            _ => lines.push(word.to_owned()),
        }
    }
    Ok(lines)
}

/// A text with so much of its end left out that it is not wider.
pub(super) fn shortened<DB: DrawingBackend>(
    area: &Area<'_, DB>,
    whole: &str,
    style: &TextStyle<'_>,
    width: i32,
) -> Result<String, Failed<DB>> {
    let mut shown = whole.to_owned();
    let mut rest = whole;
    while area.estimate_text_size(&shown, style)?.0 as i32 > width {
        let Some((last, _)) = rest.char_indices().next_back() else { break };
        rest = &rest[..last];
        shown = format!("{}\u{2026}", rest.trim_end());
    }
    Ok(shown)
}
