//! Two tables in Markdown: the medians of the times, and the medians of the ratios to the floor.

use std::fmt::Write;
use std::time::Duration;

use crate::job::Job;

/// Of each job, and in it of each peer, the times of the rounds.
pub(crate) fn render(title: &str, rounds: usize, names: &[&str], rows: &[(Job, Vec<Vec<Option<Duration>>>)]) -> String {
    let mut text = format!("{title}, median of {rounds} rounds in ms\n\n");
    head(&mut text, names);
    for (job, times) in rows {
        let cells = times.iter().map(|times| cell(millis(times), 1));
        line(&mut text, &job.name(), cells);
    }
    let floor = names.first().copied().unwrap_or_default();
    _ = write!(text, "\n{title}, median of the ratios to {floor} in {rounds} rounds\n\n");
    head(&mut text, names);
    for (job, times) in rows {
        let floor = times.first().map(|times| millis(times)).unwrap_or_default();
        let cells = times.iter().map(|times| {
            let ratios = millis(times).into_iter().zip(&floor).map(|(time, floor)| time / floor).collect();
            cell(ratios, 2)
        });
        line(&mut text, &job.name(), cells);
    }
    text
}

fn head(text: &mut String, names: &[&str]) {
    line(text, "job", names.iter().map(|name| (*name).to_owned()));
    _ = writeln!(text, "|---|{}", "---:|".repeat(names.len()));
}

fn line(text: &mut String, job: &str, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.collect();
    _ = writeln!(text, "| {job} | {} |", cells.join(" | "));
}

fn millis(times: &[Option<Duration>]) -> Vec<f64> {
    times.iter().flatten().map(|time| time.as_secs_f64() * 1e3).collect()
}

/// A dash where there is nothing.
fn cell(mut of: Vec<f64>, digits: usize) -> String {
    of.sort_unstable_by(f64::total_cmp);
    of.get(of.len() / 2).map_or_else(|| "-".to_owned(), |median| format!("{median:.digits$}"))
}
