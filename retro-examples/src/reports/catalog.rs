//! The [`catalog`]: every report by its name; and [`further`] ones.

use super::web::{order_rows, orders_page, orders_total};
use super::{Report, blog, countries, customers, looks, manufacturers, orders, products, reviews};

/// The columns of a page of orders.
const ORDER: [&str; 6] = ["timestamp", "customer", "address", "phone", "total", "items"];

/// The numbered reports, in the order of their numbers: the queries of the book.
#[rustfmt::skip]
pub fn catalog() -> Vec<Report> {
    vec![
        Report::query("Q01-products-by-manufacturer", "Machines of Commodore",
            ["name", "year"], products::commodore),
        Report::query("Q02-count-products", "Number of machines",
            ["count"], products::how_many),
        Report::query("Q03-first-three-of-1983", "First three machines of 1983",
            ["name"], products::first_of_1983),
        Report::query("Q04-page-by-year-desc", "Machines, latest first: third page",
            ["name", "year"], products::third_page),
        Report::query("Q05-z80-or-6502-before-1990", "Machines before 1990 around a Z80 or a 6502",
            ["name", "cpu", "year"], products::z80_or_6502),
        Report::query("Q06-and-or-not", "Late machines without a Z80, and Sinclairs",
            ["year", "name", "cpu"], products::late_without_z80),
        Report::query("Q07-between-years", "Machines of the seventies",
            ["name", "year"], products::seventies),
        Report::query("Q08-cpu-in-list", "Machines with one of four processors",
            ["cpu", "name"], products::by_processor),
        Report::query("Q09-name-ilike", "Spectrums and larger Ataris",
            ["name"], products::spectrum_or_atari),
        Report::query("Q10-distinct-cpus", "Unusual processors of the middle eighties",
            ["cpu"], products::unusual_processors),
        Report::query("Q11-croatia-years", "Machines made in Croatia",
            ["first_year", "last_year", "count"], countries::croatia),
        Report::query("Q12-products-per-year", "Machines per year",
            ["year", "count"], products::products_per_year),
        Report::query("Q13-years-with-many-products", "Years with ten machines or more",
            ["year", "products", "manufacturers", "cpus"], products::busy_years),
        Report::query("Q14-ibm-and-ti", "Machines of IBM and Texas Instruments",
            ["manufacturer", "product", "year"], manufacturers::ibm_and_texas_instruments),
        Report::query("Q15-first-product-year", "First manufacturers on the market",
            ["manufacturer", "first_year"], manufacturers::pioneers),
        Report::query("Q16-three-to-five-products", "Manufacturers with three to five machines",
            ["manufacturer", "products"], manufacturers::three_to_five_products),
        Report::query("Q17-operated-over-five-years", "Manufacturers with machines of more than five years",
            ["manufacturer", "first_year", "last_year", "span"], manufacturers::long_lived),
        Report::query("Q18-manufacturers-without-z80-and-6502", "Manufacturers without Z80 and 6502",
            ["manufacturer"], manufacturers::without_z80_and_6502),
        Report::query("Q19-outer-join-with-condition", "Late machines of the manufacturers A to C",
            ["manufacturer", "products"], manufacturers::late_products),
        Report::query("Q20-uk-or-usa-count", "Machines made in the UK or the USA",
            ["products"], countries::british_or_american),
        Report::query("Q21-not-uk-not-usa", "Late machines made neither in the UK nor in the USA",
            ["name", "year"], products::neither_british_nor_american),
        Report::query("Q22-top-five-countries", "Countries with most machines",
            ["country", "products"], countries::top_countries).seen_as(looks::COUNTRIES),
        Report::query("Q23-products-in-several-countries", "Machines made in several countries",
            ["product", "manufacturer", "countries"], products::in_several_countries),
        Report::query("Q24-countries-of-the-seventies", "Countries of the seventies",
            ["country"], countries::countries_of_the_seventies),
        Report::code("Q25-products-with-country-lists", "Machines of Timex Sinclair and their countries",
            ["product", "countries"], async |session| Ok(products::timex_sinclair(session).await?)),
        Report::query("Q26-orders-above-400", "Orders above 400",
            ["timestamp", "customer", "items", "total"], orders::large_orders),
        Report::query("Q27-orders-with-amstrad-in-december", "Orders of Amstrads in December",
            ["timestamp", "customer"], orders::amstrad_in_december),
        Report::query("Q28-christmas-orders", "Larger orders of Christmas Day",
            ["timestamp", "customer", "items", "units"], orders::christmas_orders),
        Report::query("Q29-first-and-last-order", "First and last orders of customers with Z and V",
            ["customer", "first", "last", "orders"], customers::first_and_last_orders),
        Report::query("Q30-top-five-manufacturers", "Manufacturers with the highest sales",
            ["manufacturer", "units", "sales"], manufacturers::top_manufacturers).seen_as(looks::MANUFACTURERS),
        Report::query("Q31-monthly-sales", "Sales of each month",
            ["month", "orders", "units", "sales"], orders::monthly_sales).seen_as(looks::MONTHLY_SALES),
        Report::query("Q32-quarterly-product-sales", "Sales of each Commodore in each quarter",
            ["product", "quarter", "units", "sales"], products::quarterly_sales),
        Report::query("Q33-most-reviewed-products", "Most reviewed machines",
            ["product", "rating", "reviews", "comments"], reviews::most_reviewed).digits(4),
        Report::query("Q34-products-without-reviews", "Machines ordered and never reviewed",
            ["product", "orders"], reviews::never_reviewed),
        Report::query("Q35-ratings-by-month", "Ratings of the Commodore 64 in each month",
            ["month", "rating", "reviews"], reviews::commodore_64_by_month).digits(4).seen_as(looks::RATINGS),
        Report::query("Q36-country-ratings", "Ratings of the machines of each country",
            ["country", "rating", "reviews"], countries::ratings_by_country).digits(4),
        Report::query("Q37-top-customers", "Customers who spent most",
            ["customer", "orders", "units", "amount"], customers::top_customers).seen_as(looks::CUSTOMERS),
        Report::query("Q38-loyal-customers-without-reviews", "Loyal customers without a review",
            ["customer", "orders"], customers::loyal_and_silent),
        Report::query("Q39-above-average-orders", "Orders above the average in each month",
            ["month", "orders", "avg_total", "above"], orders::above_average),
        Report::query("Q40-top-articles", "Most viewed articles",
            ["title", "author", "views"], blog::top_articles).seen_as(looks::ARTICLES),
        Report::query("Q41-views-per-month", "Views of each month",
            ["month", "views", "sessions", "users"], blog::views_per_month).seen_as(looks::MONTHLY_VIEWS),
        Report::query("Q42-customers-versus-anonymous", "Views of customers and of others",
            ["kind", "views", "users", "views_per_user"], blog::customers_and_strangers).digits(4),
        Report::query("Q43-translated-articles", "Translations by Robert Bauer",
            ["original", "translation", "language"], blog::translations_by_robert_bauer),
        Report::query("Q44-articles-and-views-per-language", "Articles and views of each language",
            ["language", "articles", "originals", "translations", "views"], blog::languages).seen_as(looks::LANGUAGES),
        Report::query("Q45-top-readers", "Customers who read most",
            ["customer", "views", "sessions", "latest"], blog::top_readers),
        Report::query("Q46-union-of-names", "Everything called Sinclair, and Atari",
            ["tag", "name"], manufacturers::called_sinclair_or_atari),
        Report::query("Q47-rank-within-manufacturer", "Machines of Atari and Sinclair, ranked by sales",
            ["manufacturer", "rank", "product", "units"], manufacturers::ranked_by_units),
        Report::code("Q48-web-first-page", "Page of orders: latest first", ORDER,
            async |session| Ok(order_rows(session, orders_page(0, 10, "-timestamp", "")?).await?)),
        Report::query("Q49-web-total", "Number of orders",
            ["total"], || orders_total("")),
        Report::code("Q50-web-search-product", "Page of orders: those with an Amiga", ORDER,
            async |session| Ok(order_rows(session, orders_page(10, 8, "+customer,-timestamp", "amiga")?).await?)),
        Report::query("Q51-web-search-total", "Number of orders with an Amiga",
            ["total"], || orders_total("amiga")),
        Report::code("Q52-web-by-total", "Page of orders: largest first", ORDER,
            async |session| Ok(order_rows(session, orders_page(0, 10, "-total,+timestamp", "")?).await?)),
    ]
}

/// Reports that the book does not have, and that are best seen as charts.
#[rustfmt::skip]
pub fn further() -> Vec<Report> {
    vec![
        Report::query("store-ratings", "Ratings of all machines in each month",
            ["month", "rating", "reviews"], reviews::by_month).digits(4).seen_as(looks::RATINGS),
        Report::query("views-by-language", "Views of each month by language",
            ["month", "language", "views"], blog::views_by_language).seen_as(looks::VIEWS_BY_LANGUAGE),
    ]
}

/// How long each report of the overview is.
const OVERVIEW: u64 = 5;

/// What `retrofun` shows of its own accord: the best and the most of everything.
#[rustfmt::skip]
pub fn overview() -> Vec<Report> {
    vec![
        Report::query("best-customers", "Best customers",
            ["customer", "orders", "revenue"], || customers::best_customers(OVERVIEW)),
        Report::code("best-products", "Best selling products",
            ["product", "manufacturer", "made in", "units", "revenue"],
            async |session| Ok(products::best_products(session, OVERVIEW).await?)),
        Report::query("most-products", "Manufacturers with most products",
            ["manufacturer", "products"], || manufacturers::most_products(OVERVIEW)),
        Report::query("most-read", "Most read articles",
            ["article", "author", "language", "views", "readers"], || blog::most_read(OVERVIEW)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_run_through() {
        let numbers: Vec<usize> = catalog().iter().filter_map(Report::number).collect();
        assert_eq!(numbers, (1..=52).collect::<Vec<_>>());
        assert!(further().iter().all(|report| report.number().is_none()));
    }

    #[test]
    fn charts_are_of_columns_that_are_there() {
        let reports = catalog().into_iter().chain(further());
        let seen: Vec<_> = reports.filter_map(|report| report.look().map(|look| (report, look))).collect();
        assert_eq!(seen.len(), 10);
        for (report, look) in seen {
            let has = |name: &str| report.columns().iter().any(|column| column.name == name);
            assert!(has(look.of) && look.by.is_none_or(has) && look.values.iter().all(|name| has(name)), "{look:?}");
        }
    }
}
