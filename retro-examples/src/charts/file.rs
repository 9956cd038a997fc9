//! Charts as text and as files.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use plotters::prelude::*;

use super::Chart;
use super::draw::draw;

/// How wide a chart in a file is.
const WIDTH: u32 = 960;

/// What kinds of files there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Lines and letters.
    Svg,
    /// Pixels.
    Png,
}

/// Why a chart was not written.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// The name of the file does not say what it is to be.
    #[error("a chart is an .svg or a .png file, and `{}` is neither", .0.display())]
    UnknownKind(PathBuf),
    /// The file cannot be written.
    #[error("cannot write {}: {cause}", .path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why not.
        cause: io::Error,
    },
}

impl FileKind {
    /// What a file with this name is.
    ///
    /// # Errors
    ///
    /// [`ChartError::UnknownKind`] unless it ends in `.svg` or `.png`.
    pub fn of(path: &Path) -> Result<FileKind, ChartError> {
        match path.extension() {
            Some(ending) if ending.eq_ignore_ascii_case("svg") => Ok(FileKind::Svg),
            Some(ending) if ending.eq_ignore_ascii_case("png") => Ok(FileKind::Png),
            _ => Err(ChartError::UnknownKind(path.to_owned())),
        }
    }
}

impl Chart {
    /// As an SVG document of so many pixels, which may stand in HTML.
    pub fn svg(&self, width: u32) -> String {
        let mut text = String::new();
        let size = (width, self.height(width));
        // Writing to memory does not fail.
        let _ = draw(self, &SVGBackend::with_string(&mut text, size).into_drawing_area());
        text
    }

    /// Writes it to a file.
    ///
    /// # Errors
    ///
    /// [`ChartError`] if the name of the file ends in neither `.svg` nor `.png`, or it cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), ChartError> {
        let cause = |cause| ChartError::Write { path: path.to_owned(), cause };
        match FileKind::of(path)? {
            FileKind::Svg => std::fs::write(path, self.svg(WIDTH)).map_err(cause),
            FileKind::Png => {
                // What the backend says of a file that cannot be made is less clear.
                std::fs::File::create(path).map_err(cause)?;
                let area = BitMapBackend::new(path, (WIDTH, self.height(WIDTH))).into_drawing_area();
                draw(self, &area).map_err(|error| cause(io::Error::other(error.to_string())))
            }
        }
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FileKind::Svg => "SVG",
            FileKind::Png => "PNG",
        })
    }
}
