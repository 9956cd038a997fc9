//! How the reports that are better seen look as charts.

use crate::charts::{Look, Scale, Shape};

const MONTH: &str = "Month of 2022";
const SALES: &str = "Sales in US$";
const VIEWS: &str = "Views";

/// A column for each month.
const fn monthly(value: &'static [&'static str], value_label: &'static str, scale: Scale) -> Look {
    Look { shape: Shape::Columns, of: "month", values: value, by: None, of_label: MONTH, value_label, scale }
}

/// A bar for each name.
const fn ranking(of: &'static str, value: &'static [&'static str], value_label: &'static str, scale: Scale) -> Look {
    Look { shape: Shape::Bars, of, values: value, by: None, of_label: "", value_label, scale }
}

pub(super) const MONTHLY_SALES: Look = monthly(&["sales"], SALES, Scale::Dollars);
pub(super) const RATINGS: Look =
    Look { shape: Shape::Lines, ..monthly(&["rating"], "Average rating in stars", Scale::Stars) };
pub(super) const MONTHLY_VIEWS: Look =
    Look { shape: Shape::Lines, ..monthly(&["views", "sessions", "users"], "Number", Scale::Count) };
pub(super) const VIEWS_BY_LANGUAGE: Look = Look { by: Some("language"), ..monthly(&["views"], VIEWS, Scale::Count) };
pub(super) const COUNTRIES: Look = ranking("country", &["products"], "Machines", Scale::Count);
pub(super) const MANUFACTURERS: Look = ranking("manufacturer", &["sales"], SALES, Scale::Dollars);
pub(super) const CUSTOMERS: Look = ranking("customer", &["amount"], SALES, Scale::Dollars);
pub(super) const ARTICLES: Look = ranking("title", &["views"], VIEWS, Scale::Count);
pub(super) const LANGUAGES: Look = ranking("language", &["views"], VIEWS, Scale::Count);
