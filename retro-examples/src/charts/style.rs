//! Fonts and colours of charts.

use std::sync::Once;

use plotters::prelude::*;
use plotters::style::{FontStyle, register_font};

/// The family that a browser has of its own; pictures are drawn with the font that is part of the
/// program.
const FAMILY: &str = "sans-serif";

pub(super) const INK: RGBColor = RGBColor(0x1b, 0x1b, 0x1b);
pub(super) const GRID: RGBColor = RGBColor(0xdd, 0xdd, 0xdd);

/// Okabe and Ito's palette, which those who do not see all colours can tell apart, without its yellow,
/// which is too light on white.
const COLOURS: [RGBColor; 7] = [
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0xe6, 0x9f, 0x00),
    RGBColor(0x00, 0x9e, 0x73),
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0x56, 0xb4, 0xe9),
    RGBColor(0xcc, 0x79, 0xa7),
    RGBColor(0x55, 0x55, 0x55),
];

pub(super) fn colour(series: usize) -> RGBColor {
    COLOURS[series % COLOURS.len()]
}

/// Text of so many pixels.
pub(super) fn text(size: u32) -> TextStyle<'static> {
    static FONT: Once = Once::new();
    FONT.call_once(|| {
        let font = include_bytes!("../../assets/DejaVuSans-subset.ttf");
        // A font that cannot be read would be told by the first text that is drawn with it.
        let _ = register_font(FAMILY, FontStyle::Normal, font);
    });
    (FAMILY, size).into_font().color(&INK)
}
