//! Rows that contradict each other unless every transaction is there as a whole.

use retro_core::prelude::*;

use crate::Db;

/// What all batches together must come to.
#[derive(Model, Debug, Clone)]
#[retro(table = "ledgers")]
pub struct Ledger {
    #[retro(primary_key, generated = false)]
    pub id: i32,
    pub batches: i32,
    pub parts: i32,
}

/// What one transaction adds: so many parts. Only the last one is open.
#[derive(Model, Debug, Clone)]
#[retro(table = "batches")]
pub struct Batch {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(unique)]
    pub number: i32,
    pub size: i32,
    pub open: bool,
    #[retro(back_populates = batch)]
    pub parts: HasMany<Part>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "parts")]
pub struct Part {
    #[retro(primary_key)]
    pub id: i32,
    pub position: i32,
    #[retro(foreign_key = Batch::id)]
    pub batch_id: i32,
    #[retro(key = batch_id, back_populates = parts)]
    pub batch: BelongsTo<Batch>,
}

/// Takes room.
#[derive(Model, Debug, Clone)]
#[retro(table = "ballast")]
pub struct Ballast {
    #[retro(primary_key)]
    pub id: i32,
    pub body: String,
}

/// The ledger's tables.
pub fn metadata() -> MetaData {
    metadata![Ledger, Batch, Part, Ballast]
}

/// Adds the next batch, closes the one before, and corrects the ledger, in one transaction with a
/// savepoint. Gives the batch's number.
pub async fn add_batch(session: &mut Session, size: i32) -> Result<i32, Error> {
    let ledger = match session.get::<Ledger>(1).await? {
        Some(ledger) => ledger,
        None => session.add(Ledger { id: 1, batches: 0, parts: 0 }),
    };
    for before in session.all(select(Batch).filter(Batch::open)).await? {
        session[before].open = false;
    }
    let number = session[ledger].batches + 1;
    session[ledger].batches = number;
    session[ledger].parts += size;
    session
        .nested(async |session| {
            let parts = (0..size).map(|position| new!(Part { position }));
            session.add(Batch {
                number,
                size,
                open: true,
                parts: parts.collect::<Vec<_>>().into(),
                ..Default::default()
            });
            session.flush().await.map(drop)
        })
        .await?;
    session.commit().await?;
    Ok(number)
}

/// Looks for a transaction that is there in part. Gives the number of batches.
///
/// # Panics
/// If there is one.
pub async fn audit(db: &Db) -> i32 {
    let batches = db
        .rows(
            "SELECT b.number, b.size, CASE WHEN b.open THEN 1 ELSE 0 END, COUNT(p.id), COUNT(DISTINCT p.position) \
             FROM batches b LEFT JOIN parts p ON p.batch_id = b.id GROUP BY b.id, b.number, b.size, b.open \
             ORDER BY b.number",
        )
        .await;
    let mut parts = 0;
    for (n, row) in batches.iter().enumerate() {
        let values: Vec<i32> = row.split('|').map(|value| value.parse().unwrap()).collect();
        let [number, size, open, members, positions] = values[..] else { panic!("{row}") };
        assert_eq!(number, n as i32 + 1, "a batch is missing: {batches:?}");
        assert_eq!((members, positions), (size, size), "batch {number} is not whole");
        assert_eq!(open == 1, n + 1 == batches.len(), "batch {number} of {} is open: {open}", batches.len());
        parts += size;
    }
    let count = batches.len() as i32;
    let expected = format!("{count}|{parts}");
    let ledger = db.rows("SELECT batches, parts FROM ledgers").await;
    assert!(ledger == [expected.clone()] || ledger.is_empty() && count == 0, "{ledger:?}, and not {expected}");
    assert_eq!(db.rows("SELECT COUNT(*) FROM parts").await, [parts.to_string()], "parts of no batch");
    count
}
