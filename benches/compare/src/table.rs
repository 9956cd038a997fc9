//! Tables in Markdown: medians of the times and of the ratios to the floor, processor time, and what was counted.

use std::fmt::Write;

use crate::Rows;
use crate::job::Job;
use crate::measure::Measure;

const MEGABYTE: f64 = 1e6;

/// All tables of one database.
pub(crate) fn render(title: &str, rounds: usize, names: &[&str], timed: &Rows, counted: &Rows) -> String {
    let floor = names.first().copied().unwrap_or_default();
    let mut tables = vec![
        medians(&format!("{title}, median of {rounds} rounds in ms"), names, timed, 1, elapsed),
        ratios(&format!("{title}, median of the ratios to {floor} in {rounds} rounds"), names, timed),
        medians(&format!("{title}, processor time of the program, median in ms"), names, timed, 1, processor),
        medians(&format!("{title}, statements"), names, counted, 0, |measure| measure.statements as f64),
        medians(&format!("{title}, allocations in thousands"), names, counted, 1, |measure| {
            measure.allocations as f64 / 1e3
        }),
        medians(&format!("{title}, allocated in MB"), names, counted, 2, |measure| measure.bytes as f64 / MEGABYTE),
        medians(&format!("{title}, peak in MB"), names, counted, 2, peak),
    ];
    tables.extend(memory(title, names, counted));
    tables.join("\n")
}

fn elapsed(measure: &Measure) -> f64 {
    measure.elapsed.as_secs_f64() * 1e3
}

fn processor(measure: &Measure) -> f64 {
    measure.processor.as_secs_f64() * 1e3
}

fn peak(measure: &Measure) -> f64 {
    measure.peak as f64 / MEGABYTE
}

fn medians(title: &str, names: &[&str], rows: &Rows, digits: usize, of: impl Fn(&Measure) -> f64) -> String {
    let mut text = head(title, names);
    for (job, sides) in rows {
        let cells = sides.iter().map(|side| cell(side.iter().flatten().map(&of).collect(), digits));
        line(&mut text, &job.name(), cells);
    }
    text
}

fn ratios(title: &str, names: &[&str], rows: &Rows) -> String {
    let mut text = head(title, names);
    for (job, sides) in rows {
        let millis = |side: &[Option<Measure>]| -> Vec<f64> { side.iter().flatten().map(elapsed).collect() };
        let floor = sides.first().map(|side| millis(side)).unwrap_or_default();
        let cells = sides.iter().map(|side| {
            let ratios = millis(side).into_iter().zip(&floor).map(|(time, floor)| time / floor).collect();
            cell(ratios, 2)
        });
        line(&mut text, &job.name(), cells);
    }
    text
}

/// The peaks of retro and of plain sqlx, whose structs are the least that there must be, where they load many rows.
fn memory(title: &str, names: &[&str], rows: &Rows) -> Option<String> {
    let side = |name| names.iter().position(|at| *at == name);
    let (plain, retro) = (side("sqlx")?, side("retro")?);
    let mut lines = String::new();
    for (job, sides) in rows {
        let Job::Load(_) = job else { continue };
        let (plain, retro) = (sides[plain].first()?.as_ref()?, sides[retro].first()?.as_ref()?);
        let (plain, retro) = (peak(plain), peak(retro));
        let cells = [plain, retro, retro / plain].map(|number| format!("{number:.2}"));
        line(&mut lines, &job.name(), cells.into_iter());
    }
    let head = head(&format!("{title}, peak of a load in MB"), &["sqlx", "retro", "ratio"]);
    (!lines.is_empty()).then(|| head + &lines)
}

fn head(title: &str, names: &[&str]) -> String {
    let mut text = format!("{title}\n\n");
    line(&mut text, "job", names.iter().map(|name| (*name).to_owned()));
    _ = writeln!(text, "|---|{}", "---:|".repeat(names.len()));
    text
}

fn line(text: &mut String, job: &str, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.collect();
    _ = writeln!(text, "| {job} | {} |", cells.join(" | "));
}

/// A dash where there is nothing.
fn cell(mut of: Vec<f64>, digits: usize) -> String {
    of.sort_unstable_by(f64::total_cmp);
    of.get(of.len() / 2).map_or_else(|| "-".to_owned(), |median| format!("{median:.digits$}"))
}
