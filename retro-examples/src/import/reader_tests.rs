use std::fs;

use super::super::rows::{OrderRow, ProductRow, ReviewRow};
use super::*;

const ORDERS: &str = "name,address,phone,timestamp,product1,unit_price1,quantity1,\
    product2,unit_price2,quantity2,product3,unit_price3,quantity3\n";
const REVIEWS: &str = "customer,product,timestamp,rating,comment\n";
const PRODUCTS: &str = "country,manufacturer,name,cpu,year\n";

/// Everything that a file of this name and content yields, an error of opening it included.
fn read<R: CsvRow>(file: &str, content: impl AsRef<[u8]>) -> Vec<Result<Located<R>, String>> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(file);
    fs::write(&path, content).unwrap();
    match read_rows::<R>(&path) {
        Ok(rows) => rows.map(|row| row.map_err(|error| error.to_string())).collect(),
        Err(error) => vec![Err(error.to_string())],
    }
}

fn error<R: CsvRow + std::fmt::Debug>(file: &str, content: impl AsRef<[u8]>) -> String {
    let mut rows = read::<R>(file, content);
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.remove(0).unwrap_err()
}

fn order(rest: &str) -> String {
    format!("{ORDERS}\"Ada\",\"1 Main St, X\",\"1-2\",{rest}\n")
}

#[test]
fn orders_are_read() {
    let content = order("\"2022-09-18 21:05:32\",\"PET\",84.24,1,\"\",0.00,0,\"KIM-1\",5.50,2");
    let rows = read::<OrderRow>("orders.csv", content);
    let Located { line, row } = rows[0].as_ref().unwrap();
    assert_eq!((*line, row.address.as_str()), (2, "1 Main St, X"));
    assert_eq!(row.timestamp.to_string(), "2022-09-18 21:05:32");
    let items: Vec<_> = row.items().map(|i| (i.product, i.unit_price, i.quantity)).collect();
    assert_eq!(items, [("PET", 84.24, 1), ("KIM-1", 5.5, 2)]);
}

#[test]
fn empty_cpu_and_comment_are_none() {
    let products = read::<ProductRow>("p.csv", format!("{PRODUCTS}USA/UK,Maker,It,,1980\n"));
    let product = &products[0].as_ref().unwrap().row;
    assert_eq!(product.cpu, None);
    assert_eq!(product.countries().collect::<Vec<_>>(), ["USA", "UK"]);
    let content = format!("{REVIEWS}\"A\",\"B\",\"2022-01-02 03:04:05\",5,\"\"\n");
    assert_eq!(read::<ReviewRow>("r.csv", content)[0].as_ref().unwrap().row.comment, None);
}

#[test]
fn columns_may_stand_in_any_order_among_others() {
    let content = "year,extra,name,cpu,manufacturer,country\n1980,?,It,Z80,Maker,USA\n";
    assert_eq!(read::<ProductRow>("p.csv", content)[0].as_ref().unwrap().row.year, 1980);
}

#[test]
fn a_byte_order_mark_is_skipped() {
    let content = format!("\u{feff}{PRODUCTS}USA,Maker,It,Z80,1980\n");
    assert!(read::<ProductRow>("p.csv", content)[0].is_ok());
}

#[test]
fn bad_values_name_the_column() {
    let time = "\"2022-09-18 21:05:32\"";
    let empty = "\"\",0.00,0";
    let cases = [
        (
            format!("{time},\"PET\",1.00,1,\"KIM-1\",2.00,x,{empty}"),
            "orders.csv line 2, column `quantity2`: `x` is not a whole number",
        ),
        (
            format!("{time},\"PET\",1.00,1.5,{empty},{empty}"),
            "orders.csv line 2, column `quantity1`: `1.5` is not a whole number",
        ),
        (format!("{time},\"PET\",1.00,-1,{empty},{empty}"), "orders.csv line 2, column `quantity1`: `-1` is negative"),
        (
            format!("{time},\"PET\",1.00,3000000000,{empty},{empty}"),
            "orders.csv line 2, column `quantity1`: `3000000000` is too large, \
             at most 2147483647 will do",
        ),
        (
            format!("{time},\"PET\",cheap,1,{empty},{empty}"),
            "orders.csv line 2, column `unit_price1`: `cheap` is not a price, such as 84.24",
        ),
        (
            format!("{time},\"PET\",NaN,1,{empty},{empty}"),
            "orders.csv line 2, column `unit_price1`: `NaN` is not a price, such as 84.24",
        ),
        (
            format!("\"2022-02-30 10:00:00\",\"PET\",1.00,1,{empty},{empty}"),
            "orders.csv line 2, column `timestamp`: `2022-02-30 10:00:00` is not a timestamp, \
             such as 1982-08-01 09:30:00",
        ),
    ];
    for (rest, message) in cases {
        assert_eq!(error::<OrderRow>("orders.csv", order(&rest)), message);
    }
}

#[test]
fn names_must_not_be_empty() {
    let message = error::<ProductRow>("products.csv", format!("{PRODUCTS}USA,Maker,,Z80,1980\n"));
    assert_eq!(message, "products.csv line 2, column `name`: must not be empty");
}

#[test]
fn ratings_are_from_one_to_five() {
    let content = format!("{REVIEWS}A,B,2022-01-02 03:04:05,6,\n");
    let message = error::<ReviewRow>("reviews.csv", content);
    assert_eq!(message, "reviews.csv line 2, column `rating`: `6` is not a rating from 1 to 5");
}

#[test]
fn long_values_are_cut_and_kept_on_one_line() {
    let year = "1\n".repeat(500);
    let message = error::<ProductRow>("p.csv", format!("{PRODUCTS}USA,Maker,It,Z80,\"{year}\"\n"));
    assert!(message.ends_with(" 1 1 …` is not a whole number"), "{message}");
    assert!(message.len() < 150 && !message.contains('\n'), "{message}");
}

#[test]
fn reading_goes_on_after_a_bad_row() {
    let content = format!("{PRODUCTS}USA,Maker,A,Z80,x\nUSA,Maker\nUSA,Maker,C,Z80,1980\n");
    let rows = read::<ProductRow>("p.csv", content);
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[1].as_ref().unwrap_err(), "p.csv line 3: 2 fields where the header has 5");
    assert_eq!(rows[2].as_ref().unwrap().line, 4);
}

#[test]
fn lines_are_those_of_the_file() {
    let rows = "A,B,2022-01-02 03:04:05,5,\"one\ntwo\n\"\n\n\nA,C,2022-01-02 03:04:05,5,\n\
        A,D,2022-01-02 03:04:05,5,\"three\nfour\"\nA,E,2022-01-02 03:04:05,5,";
    let unix = format!("{REVIEWS}{rows}");
    for content in [unix.clone(), format!("{unix}\n"), unix.replace('\n', "\r\n")] {
        let rows = read::<ReviewRow>("r.csv", &content);
        let lines: Vec<_> = rows.iter().map(|row| row.as_ref().unwrap().line).collect();
        assert_eq!(lines, [2, 7, 8, 10], "{content:?}");
    }
}

#[test]
fn lines_longer_than_the_buffers_are_counted_once() {
    let long = "x".repeat(100_000);
    let content = format!("{REVIEWS}A,B,2022-01-02 03:04:05,5,{long}\nA,C,?,5,\n");
    let rows = read::<ReviewRow>("r.csv", content);
    assert!(rows[0].is_ok());
    assert!(rows[1].as_ref().unwrap_err().starts_with("r.csv line 3, column `timestamp`: `?`"));
}

#[test]
fn missing_columns_are_named() {
    let message = error::<ProductRow>("products.csv", "country,name,year\nUSA,It,1980\n");
    assert_eq!(message, "products.csv line 1: the columns `manufacturer`, `cpu` are missing");
    let message = error::<ProductRow>("p.csv", "country,manufacturer,name,year\n");
    assert_eq!(message, "p.csv line 1: the column `cpu` is missing");
}

#[test]
fn a_column_that_stands_twice_is_refused() {
    let message = error::<ProductRow>("p.csv", "country,manufacturer,name,cpu,year,name\n");
    assert_eq!(message, "p.csv line 1: the column `name` stands there more than once");
}

#[test]
fn wrong_number_of_fields() {
    let message = error::<ProductRow>("p.csv", format!("{PRODUCTS}USA,Maker,It,Z80,1980,x\n"));
    assert_eq!(message, "p.csv line 2: 6 fields where the header has 5");
}

#[test]
fn a_quote_that_is_never_closed_is_an_error() {
    let good = "A,B,2022-01-02 03:04:05,5,\"\"\"Hi\"\", he said\"\n";
    let bad = "A,C,2022-01-02 03:04:05,5,\"oops\nA,D,2022-01-02 03:04:05,5,";
    for end in ["", "\n"] {
        let rows = read::<ReviewRow>("r.csv", format!("{REVIEWS}{good}{bad}{end}"));
        assert_eq!(rows.len(), 2);
        let comment = rows[0].as_ref().unwrap().row.comment.as_deref();
        assert_eq!(comment, Some("\"Hi\", he said"));
        assert_eq!(rows[1].as_ref().unwrap_err(), "r.csv line 3: a quotation mark is opened here and never closed");
    }
}

#[test]
fn invalid_utf8_names_the_column() {
    let content = [PRODUCTS.as_bytes(), b"USA,Maker,It,Z80,1980\nUSA,Ma\xffker,It,Z80,1980\n"];
    let rows = read::<ProductRow>("p.csv", content.concat());
    let message = rows[1].as_ref().unwrap_err();
    assert_eq!(message, "p.csv line 3, column `manufacturer`: not valid UTF-8");
}

#[test]
fn an_empty_file_is_not_a_file_without_rows() {
    let message = error::<ProductRow>("p.csv", "");
    assert_eq!(
        message,
        "p.csv line 1: the file is empty, its first line must be the header: \
         country,manufacturer,name,cpu,year"
    );
    assert!(read::<ProductRow>("p.csv", PRODUCTS).is_empty());
}

#[test]
fn a_missing_file_is_named_in_full() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("orders.csv");
    let Err(error) = read_rows::<OrderRow>(&path) else { panic!("there is no such file") };
    let expected = format!("cannot read {}: there is no such file", path.display());
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_directory_is_an_error_once() {
    let dir = tempfile::tempdir().unwrap();
    let Err(error) = read_rows::<OrderRow>(dir.path()) else { panic!("it is a directory") };
    assert!(error.to_string().ends_with("it is a directory"), "{error}");
}
