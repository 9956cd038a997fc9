//! `retrofun report`: reports in the format that is asked for.

use std::error::Error;
use std::io::{self, BufWriter, Write, stderr, stdout};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use retro_core::prelude::*;

use super::store::Store;
use crate::charts::{Chart, FileKind, Look};
use crate::models::Product;
use crate::reports::{Report, Sheet, catalog, find, further};

/// The arguments of `retrofun report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Which reports: names as `--list` shows them, their numbers or beginnings, or `all` that are numbered.
    #[arg(value_name = "ID", default_value = "all", conflicts_with = "list")]
    pub ids: Vec<String>,

    /// How to write them.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,

    /// Draw one report to this file instead, which ends in .svg or .png.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["list", "format"])]
    pub chart: Option<PathBuf>,

    /// Only print which reports there are, and which of them have a chart.
    #[arg(long)]
    pub list: bool,
}

/// How reports are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Tables to be read
    Table,
    /// An array with an object for each report, with its `id`, `columns` and `rows`
    Json,
    /// One report as comma-separated values
    Csv,
}

pub(super) fn list() -> Result<(), Box<dyn Error>> {
    let reports = || catalog().into_iter().chain(further());
    let width = reports().map(|report| report.id().len()).max().unwrap_or(0);
    for report in reports() {
        let chart = if report.look().is_some() { " [chart]" } else { "" };
        writeln!(stdout(), "{:width$}  {}{chart}", report.id(), report.title())?;
    }
    Ok(())
}

pub(super) async fn run(store: &Store, args: &ReportArgs, stats: bool) -> Result<(), Box<dyn Error>> {
    let reports = match args.ids.iter().any(|id| id == "all") {
        true => catalog(),
        false => args.ids.iter().map(|id| find(id)).collect::<Result<_, _>>()?,
    };
    // Before the database is asked, which may take long.
    let drawn = args.chart.as_deref().map(|file| drawn(file, &reports).map(|look| (file, look))).transpose()?;
    if args.format == Format::Csv && reports.len() > 1 {
        return Err("CSV has the rows of one report; name it, or ask for JSON".into());
    }
    let mut session = store.session();
    if !session.exists(select(Product)).await? {
        return Err("the database is empty; `retrofun import` fills it with the sample data".into());
    }
    let mut sheets = Vec::with_capacity(reports.len());
    for report in reports {
        sheets.push(report.run(&mut session).await.map_err(|error| format!("{}: {error}", report.id()))?);
    }
    match drawn {
        Some((file, look)) => sheets.iter().try_for_each(|sheet| Chart::new(sheet, look).write(file))?,
        None => write(&sheets, args.format)?,
    }
    if stats {
        // Not among the rows, which may be on their way to a program.
        store.print_statements(&mut stderr())?;
    }
    Ok(())
}

/// How the report looks that is to be drawn to a file.
fn drawn(file: &Path, reports: &[Report]) -> Result<Look, Box<dyn Error>> {
    FileKind::of(file)?;
    let [report] = reports else { return Err("a chart is of one report; name it".into()) };
    let with_chart = || catalog().into_iter().chain(further()).filter(|report| report.look().is_some());
    Ok(report.look().ok_or_else(|| {
        let names: Vec<_> = with_chart().map(|report| report.id()).collect();
        format!("{} has no chart; these have one: {}", report.id(), names.join(", "))
    })?)
}

fn write(sheets: &[Sheet], format: Format) -> io::Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    match format {
        Format::Table => {
            for (number, sheet) in sheets.iter().enumerate() {
                write!(out, "{}{}", if number == 0 { "" } else { "\n" }, sheet.table())?;
            }
        }
        Format::Csv => sheets.iter().try_for_each(|sheet| sheet.write_csv(&mut out))?,
        Format::Json => {
            for (number, sheet) in sheets.iter().enumerate() {
                write!(out, "{}", if number == 0 { "[" } else { ",\n" })?;
                sheet.write_json(&mut out)?;
            }
            writeln!(out, "]")?;
        }
    }
    out.flush()
}
