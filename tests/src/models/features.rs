//! Models that each have one thing that the others have not.

use retro_core::prelude::*;
use retro_core::value::{SqlType, Text, Value, ValueError};

/// Optimistic locking.
#[derive(Model, Debug, Clone)]
#[retro(table = "documents")]
pub struct Document {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 64)]
    pub title: String,
    #[retro(version)]
    pub version: i32,
    #[retro(foreign_key = Remark::id)]
    pub pinned_id: Option<i32>,
    #[retro(key = pinned_id, post_update)]
    pub pinned: BelongsTo<Option<Remark>>,
    #[retro(back_populates = document, foreign_key = Remark::document_id)]
    pub remarks: HasMany<Remark>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "remarks")]
pub struct Remark {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 64)]
    pub text: String,
    #[retro(foreign_key = Document::id)]
    pub document_id: Option<i32>,
    #[retro(key = document_id, back_populates = remarks)]
    pub document: BelongsTo<Option<Document>>,
}

/// A versioned row with a key of its own, for row switches.
#[derive(Model, Debug, Clone)]
#[retro(table = "settings")]
pub struct Setting {
    #[retro(primary_key, length = 32)]
    pub name: String,
    #[retro(length = 64)]
    pub value: String,
    #[retro(version)]
    pub version: i64,
}

/// The database deletes the files that are not loaded.
#[derive(Model, Debug, Clone)]
#[retro(table = "folders")]
pub struct Folder {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub name: String,
    #[retro(back_populates = folder, cascade = "all", passive_deletes)]
    pub files: HasMany<File>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "files")]
pub struct File {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub name: String,
    #[retro(foreign_key = Folder::id, on_delete = "cascade")]
    pub folder_id: Option<i32>,
    #[retro(key = folder_id, back_populates = files)]
    pub folder: BelongsTo<Option<Folder>>,
}

/// The database alone does what happens to books.
#[derive(Model, Debug, Clone)]
#[retro(table = "shelves")]
pub struct Shelf {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub name: String,
    #[retro(back_populates = shelf, passive_deletes = "all")]
    pub books: HasMany<Book>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "books")]
pub struct Book {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub title: String,
    #[retro(foreign_key = Shelf::id, on_delete = "set null")]
    pub shelf_id: Option<i32>,
    #[retro(key = shelf_id, back_populates = books)]
    pub shelf: BelongsTo<Option<Shelf>>,
}

/// Two relationships to one target.
#[derive(Model, Debug, Clone)]
#[retro(table = "teams")]
pub struct Team {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32, unique)]
    pub name: String,
    #[retro(back_populates = home)]
    pub home_games: HasMany<Game>,
    #[retro(back_populates = away)]
    pub away_games: HasMany<Game>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "games")]
pub struct Game {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(foreign_key = Team::id)]
    pub home_id: i32,
    #[retro(foreign_key = Team::id)]
    pub away_id: Option<i32>,
    #[retro(key = home_id, back_populates = home_games)]
    pub home: BelongsTo<Team>,
    #[retro(key = away_id, back_populates = away_games)]
    pub away: BelongsTo<Option<Team>>,
}

/// One-to-many without a way back.
#[derive(Model, Debug, Clone)]
#[retro(table = "albums")]
pub struct Album {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub title: String,
    #[retro(foreign_key = Track::album_id)]
    pub tracks: HasMany<Track>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "tracks")]
pub struct Track {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub title: String,
    #[retro(foreign_key = Album::id)]
    pub album_id: Option<i32>,
}

/// Many-to-one, and a target that goes when nobody refers to it any more.
#[derive(Model, Debug, Clone)]
#[retro(table = "users")]
pub struct User {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub name: String,
    #[retro(foreign_key = Preference::id)]
    pub preference_id: Option<i32>,
    #[retro(key = preference_id, cascade = "all, delete-orphan", single_parent)]
    pub preference: BelongsTo<Option<Preference>>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "preferences")]
pub struct Preference {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub theme: String,
}

/// Many-to-many, and members that go with the row that links them.
#[derive(Model, Debug, Clone)]
#[retro(table = "posts")]
pub struct Post {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub title: String,
    #[retro(secondary = "posts_images", cascade = "all, delete-orphan", single_parent)]
    pub images: ManyToMany<Image>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "images")]
pub struct Image {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub path: String,
    #[retro(back_populates = image, cascade = "all, delete-orphan")]
    pub captions: HasMany<Caption>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "captions")]
pub struct Caption {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub text: String,
    #[retro(foreign_key = Image::id)]
    pub image_id: i32,
    #[retro(key = image_id, back_populates = captions)]
    pub image: BelongsTo<Image>,
}

/// A child with two parents, each of which deletes its orphans.
#[derive(Model, Debug, Clone)]
#[retro(table = "agents")]
pub struct Agent {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(back_populates = agent, cascade = "all, delete-orphan")]
    pub accounts: HasMany<Contract>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "clients")]
pub struct Client {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(back_populates = client, cascade = "all, delete-orphan")]
    pub contracts: HasMany<Contract>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "contracts")]
pub struct Contract {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(foreign_key = Agent::id)]
    pub agent_id: Option<i32>,
    #[retro(foreign_key = Client::id)]
    pub client_id: Option<i32>,
    #[retro(key = agent_id, back_populates = accounts)]
    pub agent: BelongsTo<Option<Agent>>,
    #[retro(key = client_id, back_populates = contracts)]
    pub client: BelongsTo<Option<Client>>,
}

/// What the database and the UPDATE fill in, and what it checks.
#[derive(Model, Debug, Clone)]
#[retro(table = "jobs")]
#[retro(check(attempts_not_negative, "attempts >= 0"))]
pub struct Job {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub name: String,
    #[retro(length = 16, server_default = "'new'")]
    pub status: String,
    pub attempts: i32,
    #[retro(default = 0, on_update = next_revision())]
    pub revision: i32,
    pub payload: Option<Vec<u8>>,
}

/// Numbers that every UPDATE of a [`Job`] takes one of.
fn next_revision() -> i32 {
    use std::sync::atomic::{AtomicI32, Ordering};
    static NEXT: AtomicI32 = AtomicI32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// The children may not be loaded by a query or lazily, or only written.
#[derive(Model, Debug, Clone)]
#[retro(table = "heads")]
pub struct Head {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(back_populates = head, lazy = "raise")]
    pub hairs: HasMany<Hair>,
    #[retro(back_populates = head, lazy = "raise", cascade = "all, delete-orphan")]
    pub teeth: HasMany<Tooth>,
    #[retro(back_populates = head, lazy = "write_only")]
    pub thoughts: HasMany<Thought>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "hairs")]
pub struct Hair {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(foreign_key = Head::id)]
    pub head_id: Option<i32>,
    #[retro(key = head_id, back_populates = hairs)]
    pub head: BelongsTo<Option<Head>>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "teeth")]
pub struct Tooth {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(foreign_key = Head::id)]
    pub head_id: i32,
    #[retro(key = head_id, back_populates = teeth)]
    pub head: BelongsTo<Head>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "thoughts")]
pub struct Thought {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 64)]
    pub words: String,
    #[retro(foreign_key = Head::id)]
    pub head_id: Option<i32>,
    #[retro(key = head_id, back_populates = thoughts)]
    pub head: BelongsTo<Option<Head>>,
}

/// One-to-one, where it is the side with the foreign key that deletes what it lets go.
#[derive(Model, Debug, Clone)]
#[retro(table = "sockets")]
pub struct Socket {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub name: String,
    #[retro(back_populates = socket)]
    pub plug: HasOne<Plug>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "plugs")]
pub struct Plug {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub name: String,
    #[retro(foreign_key = Socket::id)]
    pub socket_id: Option<i32>,
    #[retro(key = socket_id, back_populates = plug, cascade = "all, delete-orphan", single_parent)]
    pub socket: BelongsTo<Option<Socket>>,
}

/// A chain in which each row deletes the one that it refers to.
#[derive(Model, Debug, Clone)]
#[retro(table = "tenants")]
pub struct Tenant {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(foreign_key = Flat::id)]
    pub flat_id: Option<i32>,
    #[retro(key = flat_id, cascade = "all, delete-orphan", single_parent)]
    pub flat: BelongsTo<Option<Flat>>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "flats")]
pub struct Flat {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(foreign_key = Door::id)]
    pub door_id: Option<i32>,
    #[retro(key = door_id, cascade = "all, delete-orphan", single_parent)]
    pub door: BelongsTo<Option<Door>>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "doors")]
pub struct Door {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub colour: String,
}

/// Columns of types that are not the crate's own.
#[derive(Model, Debug, Clone)]
#[retro(table = "profiles")]
pub struct Profile {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub name: String,
    #[retro(length = 6)]
    pub colour: Colour,
    pub address: Text<Address>,
    pub settings: Json<Vec<String>>,
    pub extra: Option<Json<serde_json::Value>>,
}

/// A colour, stored as six hexadecimal digits.
#[derive(Debug, Clone, Default)]
pub struct Colour(pub u8, pub u8, pub u8);

impl ColumnType for Colour {
    const SQL_TYPE: SqlType = SqlType::Text;
    type Base = Colour;
    type View<'a> = &'a Colour;

    fn to_value(&self) -> Value<'_> {
        Value::Text(format!("{:02x}{:02x}{:02x}", self.0, self.1, self.2).into())
    }

    fn from_value(value: Value<'_>) -> Result<Self, ValueError> {
        let text = String::from_value(value)?;
        let rgb = u32::from_str_radix(&text, 16).map_err(ValueError::new)?;
        Ok(Colour((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8))
    }

    fn view(&self) -> &Colour {
        self
    }
}

/// A street and a number, stored as they are printed.
#[derive(Debug, Clone, Default)]
pub struct Address(pub String);

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for Address {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Address(text.into()))
    }
}

/// A key of two columns, one of which holds `NULL` for a part that is missing: the type says that it
/// never does, and does it all the same.
#[derive(Model, Debug, Clone)]
#[retro(table = "parts")]
pub struct Part {
    #[retro(primary_key, length = 16)]
    pub name: String,
    #[retro(primary_key, length = 16)]
    pub variant: Variant,
    pub weight: i32,
}

#[derive(Debug, Clone, Default)]
pub struct Variant(pub Option<String>);

impl ColumnType for Variant {
    const SQL_TYPE: SqlType = SqlType::Text;
    type Base = Variant;
    type View<'a> = &'a Variant;

    fn to_value(&self) -> Value<'_> {
        self.0.as_deref().map_or(Value::Null, |variant| Value::Text(variant.into()))
    }

    fn from_value(value: Value<'_>) -> Result<Self, ValueError> {
        Option::from_value(value).map(Variant)
    }

    fn view(&self) -> &Variant {
        self
    }
}

/// Many-to-many between natural keys, over a model whose foreign keys follow them.
#[derive(Model, Debug, Clone)]
#[retro(table = "stamps")]
pub struct Stamp {
    #[retro(primary_key, length = 8)]
    pub code: String,
    #[retro(secondary = StampPlace, back_populates = stamps)]
    pub albums: ManyToMany<StampAlbum>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "stamp_albums")]
pub struct StampAlbum {
    #[retro(primary_key, length = 8)]
    pub code: String,
    #[retro(secondary = StampPlace, back_populates = albums)]
    pub stamps: ManyToMany<Stamp>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "stamp_places")]
pub struct StampPlace {
    #[retro(primary_key, foreign_key = Stamp::code, on_key_update = "cascade", length = 8)]
    pub stamp_code: String,
    #[retro(primary_key, foreign_key = StampAlbum::code, on_key_update = "cascade", length = 8)]
    pub album_code: String,
}
