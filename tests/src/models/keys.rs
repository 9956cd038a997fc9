//! Keys of other kinds: made by the program, natural, composite.

use retro_core::prelude::*;

#[derive(Model, Debug, Clone)]
#[retro(table = "accounts")]
pub struct Account {
    #[retro(primary_key, default = Uuid::new_v4())]
    pub id: Uuid,
    #[retro(length = 32)]
    pub owner: String,
    #[retro(back_populates = account, cascade = "all, delete-orphan")]
    pub entries: HasMany<Entry>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "entries")]
pub struct Entry {
    #[retro(primary_key, default = Uuid::new_v4())]
    pub id: Uuid,
    pub amount: i64,
    #[retro(foreign_key = Account::id)]
    pub account_id: Uuid,
    #[retro(key = account_id, back_populates = entries)]
    pub account: BelongsTo<Account>,
}

/// A natural key; the database changes the foreign keys that name it.
#[derive(Model, Debug, Clone)]
#[retro(table = "currencies")]
pub struct Currency {
    #[retro(primary_key, length = 8)]
    pub code: String,
    #[retro(length = 32)]
    pub name: String,
    #[retro(back_populates = currency)]
    pub prices: HasMany<Price>,
    #[retro(secondary = "currencies_regions", back_populates = currencies)]
    pub regions: ManyToMany<Region>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "prices")]
pub struct Price {
    #[retro(primary_key)]
    pub id: i32,
    pub amount: i32,
    #[retro(foreign_key = Currency::code, on_key_update = "cascade", length = 8)]
    pub currency_code: Option<String>,
    #[retro(key = currency_code, back_populates = prices)]
    pub currency: BelongsTo<Option<Currency>>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "regions")]
pub struct Region {
    #[retro(primary_key, length = 8)]
    pub code: String,
    #[retro(secondary = "currencies_regions", back_populates = regions)]
    pub currencies: ManyToMany<Currency>,
}

/// A composite key, and a foreign key that refers to it.
#[derive(Model, Debug, Clone)]
#[retro(table = "rooms")]
pub struct Room {
    #[retro(primary_key, length = 8)]
    pub building: String,
    #[retro(primary_key)]
    pub number: i32,
    pub seats: i32,
    #[retro(back_populates = room)]
    pub meetings: HasMany<Meeting>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "meetings")]
#[retro(foreign_key(columns = (building, number), references = (Room::building, Room::number)))]
pub struct Meeting {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32)]
    pub topic: String,
    #[retro(length = 8)]
    pub building: Option<String>,
    pub number: Option<i32>,
    #[retro(key = (building, number), back_populates = meetings)]
    pub room: BelongsTo<Option<Room>>,
}

/// The accounts' tables.
pub fn accounts() -> MetaData {
    metadata![Account, Entry]
}

/// The currencies' tables.
pub fn currencies() -> MetaData {
    metadata![Currency, Price, Region]
}

/// The rooms' tables.
pub fn rooms() -> MetaData {
    metadata![Room, Meeting]
}
