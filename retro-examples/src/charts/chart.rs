//! [`Chart`]: a sheet as what is drawn of it.

use super::{Look, Shape};
use crate::reports::{Cell, Kind, Sheet};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Beyond this, and if it is no number at all, a value is not drawn.
const DRAWN: f64 = 1e15;

/// What is drawn: names, and one or more series with a value for each of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What it is about.
    pub title: String,
    /// How it is drawn.
    pub look: Look,
    /// What the values are of.
    pub names: Vec<String>,
    /// The values. There is none if the sheet is empty.
    pub series: Vec<Series>,
}

/// Values that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What they are.
    pub name: String,
    /// One for each of the chart's names; nothing where the sheet has none.
    pub values: Vec<Option<f64>>,
}

impl Chart {
    /// A sheet as it looks.
    ///
    /// ```
    /// use retro_examples::charts::{Chart, Look, Scale, Shape};
    /// use retro_examples::reports::{Cell, Column, Kind, Sheet};
    ///
    /// let sheet = Sheet {
    ///     id: "sales",
    ///     title: "Sales of each month",
    ///     columns: vec![Column { name: "month", kind: Kind::Int }, Column { name: "sales", kind: Kind::Float(2) }],
    ///     rows: vec![vec![Cell::Int(2), Cell::Float(1234.5)]],
    /// };
    /// let chart = Chart::new(&sheet, Look {
    ///     shape: Shape::Columns,
    ///     of: "month",
    ///     values: &["sales"],
    ///     by: None,
    ///     of_label: "Month",
    ///     value_label: "Sales in US$",
    ///     scale: Scale::Dollars,
    /// });
    /// assert_eq!((chart.names.len(), chart.series[0].values[1]), (12, Some(1234.5)));
    /// assert!(chart.svg(800).contains("Sales of each month"));
    /// ```
    pub fn new(sheet: &Sheet, look: Look) -> Chart {
        let mut chart = Chart { title: sheet.title.to_owned(), look, names: Vec::new(), series: Vec::new() };
        let place = |name| sheet.columns.iter().position(|column| column.name == name);
        let Some(of) = place(look.of) else { return chart };
        if look.of == "month" && !sheet.rows.is_empty() {
            chart.names = MONTHS.map(str::to_owned).into();
        }
        let by = look.by.and_then(place);
        for row in &sheet.rows {
            let name = chart.name(&row[of], sheet.columns[of].kind);
            for &column in look.values {
                let Some(value) = place(column).and_then(|place| number(&row[place])) else { continue };
                let series = chart.series(by.map_or(column.to_owned(), |by| text(&row[by])));
                let values = &mut chart.series[series].values;
                values.resize(values.len().max(name + 1), None);
                values[name] = Some(value);
            }
        }
        let names = chart.names.len();
        chart.series.iter_mut().for_each(|series| series.values.resize(names, None));
        chart
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }

    /// From where to where the axis of the values goes.
    pub(super) fn range(&self) -> (f64, f64) {
        let (mut least, mut largest) = (0.0, 0.0);
        let mut reach = |value: f64| {
            least = f64::min(least, value);
            largest = f64::max(largest, value);
        };
        for name in 0..self.names.len() {
            let values = self.series.iter().filter_map(|series| series.values[name]);
            match self.look.shape {
                Shape::Columns => reach(values.sum()),
                Shape::Lines | Shape::Bars => values.for_each(&mut reach),
            }
        }
        self.look.scale.range(least, largest)
    }

    /// Where the name of a row is among the names; it is added if it is new.
    fn name(&mut self, cell: &Cell, kind: Kind) -> usize {
        let name = match (cell, kind) {
            (Cell::Int(month @ 1..=12), Kind::Int) if self.look.of == "month" => return *month as usize - 1,
            _ => text(cell),
        };
        position_or_push(&mut self.names, |known| *known == name, || name.clone())
    }

    fn series(&mut self, name: String) -> usize {
        let is_known = |series: &Series| series.name == name;
        position_or_push(&mut self.series, is_known, || Series { name: name.clone(), values: Vec::new() })
    }
}

fn position_or_push<T>(all: &mut Vec<T>, is_it: impl Fn(&T) -> bool, new: impl FnOnce() -> T) -> usize {
    all.iter().position(is_it).unwrap_or_else(|| {
        all.push(new());
        all.len() - 1
    })
}

fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Int(number) => Some(*number as f64),
        Cell::Float(number) => Some(*number).filter(|number| number.abs() < DRAWN),
        _ => None,
    }
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Null => "(none)".to_owned(),
        Cell::Int(number) => number.to_string(),
        Cell::Float(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Timestamp(at) => at.to_string(),
        Cell::Json(value) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::Scale;
    use crate::reports::Column;

    const VIEWS: Look = Look {
        shape: Shape::Columns,
        of: "month",
        values: &["views"],
        by: Some("language"),
        of_label: "Month",
        value_label: "Views",
        scale: Scale::Count,
    };

    fn sheet(rows: Vec<Vec<Cell>>) -> Sheet {
        let column = |name, kind| Column { name, kind };
        let columns = vec![column("month", Kind::Int), column("language", Kind::Text), column("views", Kind::Int)];
        Sheet { id: "views", title: "Views", columns, rows }
    }

    #[test]
    fn rows_become_series_with_a_value_for_each_month() {
        let row = |month, language: &str, views| vec![Cell::Int(month), Cell::Text(language.into()), Cell::Int(views)];
        let chart = Chart::new(&sheet(vec![row(2, "English", 7), row(2, "German", 3), row(12, "English", 1)]), VIEWS);
        let values = |series: usize, name: usize| chart.series[series].values[name];
        assert_eq!((values(0, 1), values(0, 11), values(0, 0)), (Some(7.0), Some(1.0), None));
        assert_eq!((values(1, 1), values(1, 11), chart.series[1].values.len()), (Some(3.0), None, 12));
        assert_eq!(chart.range(), (0.0, 10.0), "columns stand on each other");
    }

    #[test]
    fn what_is_missing_is_no_number() {
        let empty = Chart::new(&sheet(vec![]), VIEWS);
        assert!(empty.is_empty() && empty.names.is_empty());
        let nothing = vec![vec![Cell::Int(1), Cell::Null, Cell::Null]];
        assert!(Chart::new(&sheet(nothing), VIEWS).is_empty());
        let stranger = vec![vec![Cell::Int(13), Cell::Null, Cell::Float(f64::NAN)]];
        assert!(Chart::new(&sheet(stranger), VIEWS).is_empty());
    }
}
