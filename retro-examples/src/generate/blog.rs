//! The blog in memory: what is published when, and who reads it.
//!
//! It draws from numbers of its own, so that the store's year is the same however much is read.

use chrono::{NaiveDateTime, TimeDelta};
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use uuid::Uuid;

use super::articles::{AUTHORS, LANGUAGES, ORIGINALS};
use super::calendar::{CLOSING_DAY, busy_times, publication_time};
use super::random::{StoreRng, Weighted, chance, pick};
use super::store::Order;

/// Of a hundred visits, those of somebody who was there before.
const RETURNING_PERCENT: u32 = 58;
/// Of a hundred readers, those that are known to be a customer.
const CUSTOMER_PERCENT: u32 = 30;
/// Of a hundred articles read, those that were among the newest.
const NEWS_PERCENT: u32 = 35;
/// How many articles are news.
const NEWS: usize = 3;
/// Visits in which one, two, .. articles are read.
const VISIT_SIZES: [u64; 6] = [46, 24, 13, 8, 5, 4];

/// Everything that was written and read.
pub(super) struct Blog {
    /// Each original is followed by its translations.
    pub(super) articles: Vec<Article>,
    pub(super) readers: Vec<Reader>,
    /// The earliest first.
    pub(super) views: Vec<View>,
}

/// An article in one language.
pub(super) struct Article {
    pub(super) title: &'static str,
    pub(super) author: &'static str,
    pub(super) timestamp: NaiveDateTime,
    pub(super) product: &'static str,
    pub(super) language: &'static str,
    /// The title of the original, empty if this is it.
    pub(super) translation_of: &'static str,
}

/// Somebody who reads.
pub(super) struct Reader {
    pub(super) id: Uuid,
    /// An index into the store's customers.
    pub(super) customer: Option<usize>,
    language: &'static str,
}

/// An article read in a visit, with indexes into [`Blog::articles`] and [`Blog::readers`].
pub(super) struct View {
    pub(super) timestamp: NaiveDateTime,
    pub(super) visit: Uuid,
    pub(super) article: u32,
    pub(super) reader: u32,
}

impl Blog {
    /// Lives through the year; a pure function of its arguments.
    pub(super) fn simulate(seed: u64, count: usize, orders: &[Order]) -> Self {
        let mut rng = StoreRng::seed_from_u64(seed);
        rng.set_stream(1);
        let (articles, originals) = publish(&mut rng);
        let favours = Favours::new(&mut rng, originals.len());
        let mut blog = Blog { articles, readers: Vec::new(), views: Vec::with_capacity(count) };

        let sizes = visit_sizes(&mut rng, count);
        let mut readers_of_visits: Vec<usize> = Vec::with_capacity(sizes.len());
        for (begin, size) in busy_times(&mut rng, sizes.len()).into_iter().zip(sizes) {
            let reader = if !readers_of_visits.is_empty() && chance(&mut rng, RETURNING_PERCENT) {
                // By visit, not by reader: who has come often comes again.
                readers_of_visits[rng.random_range(0..readers_of_visits.len())]
            } else {
                blog.readers.push(reader(&mut rng, orders));
                blog.readers.len() - 1
            };
            readers_of_visits.push(reader);
            let visit = random_id(&mut rng);
            let mut timestamp = begin;
            for _ in 0..size {
                let published = originals.partition_point(|at| blog.articles[*at].timestamp <= timestamp);
                let original = originals[favours.pick(&mut rng, published)];
                let article = blog.version(original, blog.readers[reader].language, timestamp) as u32;
                blog.views.push(View { timestamp, visit, article, reader: reader as u32 });
                timestamp = last_second().min(timestamp + TimeDelta::seconds(rng.random_range(20..600)));
            }
        }
        blog.views.sort_by_key(|view| view.timestamp);
        blog
    }

    /// The translation of an original into a language, if it is published, or else the original.
    fn version(&self, original: usize, language: &str, now: NaiveDateTime) -> usize {
        let translations = self.articles.iter().enumerate().skip(original + 1);
        translations
            .take_while(|(_, article)| !article.translation_of.is_empty())
            .find(|(_, article)| article.language == language && article.timestamp <= now)
            .map_or(original, |(index, _)| index)
    }
}

/// The articles, and which of them are originals, the earliest first.
fn publish(rng: &mut StoreRng) -> (Vec<Article>, Vec<usize>) {
    let mut articles = Vec::new();
    let mut originals = Vec::new();
    for (number, original) in ORIGINALS.iter().enumerate() {
        let author = pick(rng, AUTHORS);
        let timestamp = publication_time(rng, number, ORIGINALS.len());
        let product = original.product;
        originals.push(articles.len());
        let (title, language) = (original.title, original.language);
        articles.push(Article { title, author, timestamp, product, language, translation_of: "" });
        for (language, translated) in original.translations {
            // Translators need weeks.
            let timestamp = timestamp + TimeDelta::seconds(rng.random_range(3 * 86_400..28 * 86_400));
            articles.push(Article {
                title: translated,
                author,
                timestamp,
                product,
                language,
                translation_of: original.title,
            });
        }
    }
    (articles, originals)
}

/// How many articles are read in each visit, `count` in all.
fn visit_sizes(rng: &mut StoreRng, count: usize) -> Vec<usize> {
    let sizes = Weighted::new(VISIT_SIZES);
    let mut left = count;
    let mut visits = Vec::new();
    while left > 0 {
        let size = left.min(sizes.pick(rng) + 1);
        left -= size;
        visits.push(size);
    }
    visits
}

fn reader(rng: &mut StoreRng, orders: &[Order]) -> Reader {
    let id = random_id(rng);
    // By order: good customers read much.
    let is_customer = !orders.is_empty() && chance(rng, CUSTOMER_PERCENT);
    let customer = is_customer.then(|| orders[rng.random_range(0..orders.len())].customer);
    let (language, _) = LANGUAGES[Weighted::new(LANGUAGES.map(|(_, readers)| readers)).pick(rng)];
    Reader { id, customer, language }
}

fn random_id(rng: &mut StoreRng) -> Uuid {
    uuid::Builder::from_random_bytes(rng.random()).into_uuid()
}

/// The year ends, whoever is still reading.
fn last_second() -> NaiveDateTime {
    NaiveDateTime::from(CLOSING_DAY) - TimeDelta::seconds(1)
}

/// Which originals are read: the newest, and those that are always read.
struct Favours {
    classics: Weighted,
}

impl Favours {
    fn new(rng: &mut StoreRng, originals: usize) -> Self {
        // Zipf's law, with ranks that have nothing to do with age.
        let mut ranks: Vec<u64> = (1..=originals as u64).collect();
        ranks.shuffle(rng);
        Self { classics: Weighted::new(ranks.into_iter().map(|rank| 1_000_000 / rank)) }
    }

    /// One of the first `published` originals, which are one at least.
    fn pick(&self, rng: &mut StoreRng, published: usize) -> usize {
        match chance(rng, NEWS_PERCENT) {
            true => rng.random_range(published.saturating_sub(NEWS)..published),
            false => self.classics.pick_below(rng, published),
        }
    }
}
