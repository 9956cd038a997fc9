//! Rows whose keys are made here, into PostgreSQL: `COPY` beside the statement that a flush sends.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use retro_core::prelude::*;
use retro_examples::reports::Table;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use crate::Result;

const SIZES: [usize; 2] = [10_000, 100_000];

/// Rows of one INSERT, as in retro's flush.
const CHUNK: usize = 10_000;

/// Bytes after which what is copied so far is sent.
const BUFFER: usize = 64 * 1024;

#[derive(Model, Debug, Clone)]
#[retro(table = "bench_copies")]
struct Copied {
    #[retro(primary_key)]
    id: Uuid,
    #[retro(length = 64)]
    name: String,
    year: i32,
    price: f64,
    #[retro(length = 32)]
    note: Option<String>,
    stock: i64,
}

#[derive(Debug, Clone, Copy)]
enum Form {
    Unnest,
    CopyText,
    CopyBinary,
    Flush,
}

impl Form {
    const ALL: [Form; 4] = [Form::Unnest, Form::CopyText, Form::CopyBinary, Form::Flush];

    fn name(self) -> &'static str {
        match self {
            Form::Unnest => "INSERT .. UNNEST",
            Form::CopyText => "COPY, text",
            Form::CopyBinary => "COPY, binary",
            Form::Flush => "retro's flush",
        }
    }
}

/// What one form needed in one round.
#[derive(Debug, Clone, Copy)]
struct Took {
    elapsed: Duration,
    /// Of this process on a processor.
    here: Duration,
    /// Of the server's process for this connection, if it runs on this machine.
    there: Option<Duration>,
}

pub(crate) async fn run(url: &str, rounds: usize) -> Result<()> {
    if !url.starts_with("postgres") {
        return Err("COPY is PostgreSQL's: give --database postgres://..".into());
    }
    let engine = Engine::builder(url).max_connections(1).connect().await?;
    let metadata = MetaData::new().with::<Copied>();
    metadata.create_all(&engine).await?;
    if Session::new(&engine).exists(select(Copied)).await? {
        return Err("the database has data already, and this would delete it; give an empty one".into());
    }
    let mut connection = PgConnection::connect(url).await?;
    let mut lines = Vec::new();
    for rows in SIZES {
        let mut took: [Vec<Took>; 4] = Default::default();
        for round in 0..=rounds {
            for turn in 0..Form::ALL.len() {
                // Each goes first now and then.
                let place = (turn + round) % Form::ALL.len();
                let one = one(Form::ALL[place], &engine, &mut connection, copies(rows)).await?;
                // The first round warms up.
                if round > 0 {
                    took[place].push(one);
                }
            }
        }
        lines.extend(Form::ALL.iter().zip(&took).map(|(form, of)| line(rows, *form, of, &took[0])));
    }
    connection.close().await?;
    metadata.drop_all(&engine).await?;
    let title = format!("postgresql, median of {rounds} rounds in ms; ratio is to INSERT .. UNNEST");
    print!("{}", Table::new(&title, ["rows", "form", "ms", "ratio", "processor here", "server's"], lines));
    Ok(())
}

fn copies(rows: usize) -> Vec<Copied> {
    let copied = |number: usize| {
        let crate::item::Item { id: _, name, year, price, note, stock } = crate::item::item(number);
        Copied { id: Uuid::new_v4(), name, year, price, note, stock }
    };
    (0..rows).map(copied).collect()
}

async fn one(form: Form, engine: &Engine, connection: &mut PgConnection, rows: Vec<Copied>) -> Result<Took> {
    sqlx::query("TRUNCATE bench_copies").execute(&mut *connection).await?;
    let expected = rows.len() as i64;
    let mut session = Session::new(engine);
    let server: i32 = match form {
        Form::Flush => session.one(text("SELECT pg_backend_pid()").rows::<i32>()).await?,
        _ => sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut *connection).await?,
    };
    // The session's own transaction begins when it is used first, and the others' within what is timed.
    session.rollback().await?;
    let before = (of_process("self"), of_process(&server.to_string()));
    let started = Instant::now();
    match form {
        Form::Unnest => unnest(connection, &rows).await?,
        Form::CopyText => copy(connection, &rows, "text", b"", textual, b"").await?,
        Form::CopyBinary => {
            // The signature, flags, and the length of a header that there is not; then the end of rows.
            let head = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
            copy(connection, &rows, "binary", head, binary, &(-1_i16).to_be_bytes()).await?;
        }
        Form::Flush => {
            session.add_all(rows);
            session.commit().await?;
        }
    }
    let elapsed = started.elapsed();
    let after = (of_process("self"), of_process(&server.to_string()));
    let stored: (i64, Option<i64>) =
        sqlx::query_as("SELECT COUNT(*), SUM(stock)::int8 FROM bench_copies").fetch_one(&mut *connection).await?;
    assert_eq!(stored, (expected, Some(7 * expected * (expected - 1) / 2)), "{}", form.name());
    let between = |before: Option<Duration>, after: Option<Duration>| Some(after?.saturating_sub(before?));
    let here = between(before.0, after.0).unwrap_or_default();
    Ok(Took { elapsed, here, there: between(before.1, after.1) })
}

async fn unnest(connection: &mut PgConnection, rows: &[Copied]) -> Result<()> {
    let mut transaction = connection.begin().await?;
    for chunk in rows.chunks(CHUNK) {
        let insert = "INSERT INTO bench_copies (id, name, year, price, note, stock) SELECT c0, c1, c2, c3, c4, c5 \
            FROM UNNEST($1::uuid[], $2::text[], $3::int4[], $4::float8[], $5::text[], $6::int8[]) \
            WITH ORDINALITY AS v(c0, c1, c2, c3, c4, c5, n) ORDER BY n";
        sqlx::query(insert)
            .bind(chunk.iter().map(|row| row.id).collect::<Vec<_>>())
            .bind(chunk.iter().map(|row| row.name.as_str()).collect::<Vec<_>>())
            .bind(chunk.iter().map(|row| row.year).collect::<Vec<_>>())
            .bind(chunk.iter().map(|row| row.price).collect::<Vec<_>>())
            .bind(chunk.iter().map(|row| row.note.as_deref()).collect::<Vec<_>>())
            .bind(chunk.iter().map(|row| row.stock).collect::<Vec<_>>())
            .execute(&mut *transaction)
            .await?;
    }
    Ok(transaction.commit().await?)
}

/// Sends what `write` makes of each row, in pieces.
async fn copy(
    connection: &mut PgConnection,
    rows: &[Copied],
    format: &str,
    head: &[u8],
    write: fn(&mut Vec<u8>, &Copied),
    end: &[u8],
) -> Result<()> {
    let mut transaction = connection.begin().await?;
    let statement = format!("COPY bench_copies (id, name, year, price, note, stock) FROM STDIN (FORMAT {format})");
    let mut stream = transaction.copy_in_raw(&statement).await?;
    let mut buffer = head.to_vec();
    for row in rows {
        write(&mut buffer, row);
        if buffer.len() >= BUFFER {
            stream.send(&*buffer).await?;
            buffer.clear();
        }
    }
    buffer.extend_from_slice(end);
    stream.send(&*buffer).await?;
    stream.finish().await?;
    Ok(transaction.commit().await?)
}

/// A row as `COPY` takes it in text.
fn textual(buffer: &mut Vec<u8>, row: &Copied) {
    let mut line = String::with_capacity(128);
    // Writing to memory does not fail.
    let _ = write!(line, "{}\t", row.id);
    escape(&mut line, &row.name);
    let _ = write!(line, "\t{}\t{}\t", row.year, row.price);
    match &row.note {
        Some(note) => escape(&mut line, note),
        None => line.push_str("\\N"),
    }
    let _ = writeln!(line, "\t{}", row.stock);
    buffer.extend_from_slice(line.as_bytes());
}

fn escape(line: &mut String, value: &str) {
    for character in value.chars() {
        match character {
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\t' => line.push_str("\\t"),
            other => line.push(other),
        }
    }
}

/// A row as `COPY` takes it in binary: how many fields, then the length and the bytes of each.
fn binary(buffer: &mut Vec<u8>, row: &Copied) {
    let field = |buffer: &mut Vec<u8>, bytes: &[u8]| {
        buffer.extend_from_slice(&(bytes.len() as i32).to_be_bytes());
        buffer.extend_from_slice(bytes);
    };
    buffer.extend_from_slice(&6_i16.to_be_bytes());
    field(buffer, row.id.as_bytes());
    field(buffer, row.name.as_bytes());
    field(buffer, &row.year.to_be_bytes());
    field(buffer, &row.price.to_be_bytes());
    match &row.note {
        Some(note) => field(buffer, note.as_bytes()),
        None => buffer.extend_from_slice(&(-1_i32).to_be_bytes()),
    }
    field(buffer, &row.stock.to_be_bytes());
}

/// What a process has had of a processor, by Linux's count of its threads; nothing elsewhere.
fn of_process(process: &str) -> Option<Duration> {
    let mut nanos = 0;
    for thread in std::fs::read_dir(format!("/proc/{process}/task")).ok()? {
        let counted = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        nanos += counted.split_whitespace().next()?.parse::<u64>().ok()?;
    }
    Some(Duration::from_nanos(nanos))
}

fn line(rows: usize, form: Form, took: &[Took], first: &[Took]) -> [String; 6] {
    let millis = |duration: Duration| duration.as_secs_f64() * 1e3;
    let shown = |of: &dyn Fn(&Took) -> f64| format!("{:.1}", median(took.iter().map(of)));
    // In each round, so that what slows all of it cancels out.
    let ratios = took.iter().zip(first).map(|(one, first)| millis(one.elapsed) / millis(first.elapsed));
    [
        rows.to_string(),
        form.name().to_owned(),
        shown(&|took| millis(took.elapsed)),
        format!("{:.2}", median(ratios)),
        shown(&|took| millis(took.here)),
        shown(&|took| took.there.map_or(f64::NAN, millis)),
    ]
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
