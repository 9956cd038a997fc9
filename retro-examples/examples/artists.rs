//! Artists and their tracks: a database made, used and dropped.
//!
//! `cargo run -p retro-examples --example artists [URL]`
//!
//! The database is one in memory; in one that a URL names, tables with these names are dropped first.

use retro_core::prelude::*;

#[derive(Model, Debug, Clone)]
#[retro(table = "music_artists")]
struct Artist {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 64, unique)]
    name: String,
    #[retro(back_populates = artist, cascade = "all, delete-orphan", order_by = Track::id)]
    tracks: HasMany<Track>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "music_tracks")]
struct Track {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 128)]
    title: String,
    #[retro(foreign_key = Artist::id)]
    artist_id: i32,
    #[retro(key = artist_id, back_populates = tracks)]
    artist: BelongsTo<Artist>,
}

/// Drops what there is and creates the tables anew.
async fn reset(engine: &Engine) -> Result<(), Error> {
    let metadata = metadata![Artist, Track];
    metadata.drop_all(engine).await?;
    metadata.create_all(engine).await
}

fn create(session: &mut Session, name: &str, titles: &[&str]) -> Entity<Artist> {
    let artist = session.add(new!(Artist { name }));
    for &title in titles {
        session.push(artist, Artist::tracks, new!(Track { title }));
    }
    artist
}

async fn find(session: &mut Session, name: &str) -> Result<Option<Entity<Artist>>, Error> {
    session.one_or_none(select(Artist).filter(Artist::name.eq(name)).options(selectin(Artist::tracks))).await
}

/// Renames an artist; whether there is one of the name.
async fn rename(session: &mut Session, from: &str, to: &str) -> Result<bool, Error> {
    let Some(artist) = find(session, from).await? else { return Ok(false) };
    session[artist].name = to.into();
    Ok(true)
}

/// Deletes an artist with all tracks; whether there was one.
async fn remove(session: &mut Session, name: &str) -> Result<bool, Error> {
    let Some(artist) = find(session, name).await? else { return Ok(false) };
    session.delete(artist);
    Ok(true)
}

/// All artists with their tracks, as text.
async fn listing(session: &mut Session) -> Result<Vec<String>, Error> {
    let artists = session.all(select(Artist).order_by(Artist::name).options(selectin(Artist::tracks))).await?;
    let line = |artist: ArtistView<'_>| {
        let titles: Vec<&str> = artist.tracks().map(|track| track.title()).collect();
        format!("{}: {}", artist.name(), titles.join(", "))
    };
    Ok(session.views(&artists).map(line).collect())
}

async fn run(engine: &Engine) -> Result<Vec<String>, Error> {
    reset(engine).await?;
    let mut session = Session::new(engine);
    create(&mut session, "Kraftwerk", &["Computerwelt", "Heimcomputer", "Nummern"]);
    create(&mut session, "Rob Hubard", &["Commando", "Monty on the Run"]);
    create(&mut session, "Nobody", &["Silence"]);
    session.commit().await?;

    rename(&mut session, "Rob Hubard", "Rob Hubbard").await?;
    remove(&mut session, "Nobody").await?;
    if let Some(kraftwerk) = find(&mut session, "Kraftwerk").await? {
        // A track is nothing without its artist: taken out of the collection, it is deleted.
        let last = session.entities(kraftwerk, Artist::tracks)[2];
        session.remove(kraftwerk, Artist::tracks, last);
    }
    session.commit().await?;

    let mut lines = listing(&mut session).await?;
    lines.push(format!("{} tracks", session.count(select(Track)).await?));
    Ok(lines)
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "sqlite::memory:".into());
    let engine = Engine::connect(&url).await?;
    for line in run(&engine).await? {
        println!("{line}");
    }
    metadata![Artist, Track].drop_all(&engine).await
}

#[tokio::test]
async fn tracks_go_with_their_artist() -> Result<(), Error> {
    let engine = Engine::connect("sqlite::memory:").await?;
    let expected = ["Kraftwerk: Computerwelt, Heimcomputer", "Rob Hubbard: Commando, Monty on the Run", "4 tracks"];
    assert_eq!(run(&engine).await?, expected);
    assert_eq!(run(&engine).await?, expected, "after a reset");
    assert!(!remove(&mut Session::new(&engine), "Nobody").await?);
    Ok(())
}
