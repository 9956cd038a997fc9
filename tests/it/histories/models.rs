//! The models of the histories: every kind of relationship, with every way in which children follow
//! their parents; keys that the database makes, that the program gives, and of two columns; versions.

use retro_core::prelude::*;

#[derive(Model, Debug, Clone)]
#[retro(table = "h_teams")]
pub struct Team {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32, unique)]
    pub name: String,
    pub number: i32,
    #[retro(version)]
    pub version: i32,
    #[retro(back_populates = team)]
    pub players: HasMany<Player>,
    #[retro(back_populates = team, cascade = "all, delete-orphan")]
    pub mascot: HasOne<Mascot>,
    #[retro(secondary = "h_teams_badges", back_populates = teams)]
    pub badges: ManyToMany<Badge>,
}

/// Loses its team and its mentor when they go; a self-reference whose rows stay.
#[derive(Model, Debug, Clone)]
#[retro(table = "h_players")]
pub struct Player {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32, unique)]
    pub name: String,
    pub number: i32,
    #[retro(version)]
    pub version: i64,
    #[retro(foreign_key = Team::id)]
    pub team_id: Option<i32>,
    #[retro(foreign_key = Player::id)]
    pub mentor_id: Option<i32>,
    #[retro(key = team_id, back_populates = players)]
    pub team: BelongsTo<Option<Team>>,
    #[retro(key = mentor_id, back_populates = pupils)]
    pub mentor: BelongsTo<Option<Player>>,
    #[retro(back_populates = mentor)]
    pub pupils: HasMany<Player>,
    #[retro(back_populates = player, cascade = "all, delete-orphan")]
    pub contracts: HasMany<Contract>,
}

/// One to one, and goes with its team.
#[derive(Model, Debug, Clone)]
#[retro(table = "h_mascots")]
pub struct Mascot {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32, unique)]
    pub name: String,
    pub number: i32,
    #[retro(foreign_key = Team::id)]
    pub team_id: i32,
    #[retro(key = team_id, back_populates = mascot)]
    pub team: BelongsTo<Team>,
}

/// Many to many, with a natural key.
#[derive(Model, Debug, Clone)]
#[retro(table = "h_badges")]
pub struct Badge {
    #[retro(primary_key, length = 32)]
    pub code: String,
    #[retro(length = 32, unique)]
    pub name: String,
    pub number: i32,
    #[retro(secondary = "h_teams_badges", back_populates = badges)]
    pub teams: ManyToMany<Team>,
}

/// An association object: its key is made of the keys of its parents, of which one deletes it and the
/// other is kept from going by it.
#[derive(Model, Debug, Clone)]
#[retro(table = "h_contracts")]
pub struct Contract {
    #[retro(primary_key, foreign_key = Player::id)]
    pub player_id: i32,
    #[retro(primary_key, foreign_key = Sponsor::id)]
    pub sponsor_id: i32,
    #[retro(length = 32, unique)]
    pub name: String,
    pub number: i32,
    #[retro(key = player_id, back_populates = contracts)]
    pub player: BelongsTo<Player>,
    #[retro(key = sponsor_id)]
    pub sponsor: BelongsTo<Sponsor>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "h_sponsors")]
pub struct Sponsor {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32, unique)]
    pub name: String,
    pub number: i32,
}

/// A tree whose branches go with their parents.
#[derive(Model, Debug, Clone)]
#[retro(table = "h_folders")]
pub struct Folder {
    #[retro(primary_key)]
    pub id: i32,
    #[retro(length = 32, unique)]
    pub name: String,
    pub number: i32,
    #[retro(foreign_key = Folder::id)]
    pub parent_id: Option<i32>,
    #[retro(key = parent_id, back_populates = children)]
    pub parent: BelongsTo<Option<Folder>>,
    #[retro(back_populates = parent, cascade = "all, delete-orphan")]
    pub children: HasMany<Folder>,
}

/// A natural key of two columns.
#[derive(Model, Debug, Clone)]
#[retro(table = "h_rooms")]
pub struct Room {
    #[retro(primary_key, length = 8)]
    pub building: String,
    #[retro(primary_key)]
    pub floor: i32,
    #[retro(length = 32, unique)]
    pub name: String,
    pub number: i32,
    #[retro(back_populates = room)]
    pub meetings: HasMany<Meeting>,
}

/// A foreign key of two columns.
#[derive(Model, Debug, Clone)]
#[retro(table = "h_meetings")]
#[retro(foreign_key(columns = (building, floor), references = (Room::building, Room::floor)))]
pub struct Meeting {
    #[retro(primary_key, default = Uuid::new_v4())]
    pub id: Uuid,
    #[retro(length = 32, unique)]
    pub name: String,
    pub number: i32,
    #[retro(length = 8)]
    pub building: Option<String>,
    pub floor: Option<i32>,
    #[retro(key = (building, floor), back_populates = meetings)]
    pub room: BelongsTo<Option<Room>>,
}

pub fn metadata() -> MetaData {
    metadata![Team, Player, Mascot, Badge, Sponsor, Contract, Folder, Room, Meeting]
}

/// The tables, children first.
pub const TABLES: [&str; 10] = [
    "h_teams_badges",
    "h_contracts",
    "h_mascots",
    "h_players",
    "h_teams",
    "h_badges",
    "h_sponsors",
    "h_folders",
    "h_meetings",
    "h_rooms",
];

/// A primary key, of whatever kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    Int(i32),
    Text(String),
    Uuid(Uuid),
    Pair(i32, i32),
    Place(String, i32),
}

/// What all models of the histories have, without their types.
pub trait Named: Model + Clone + std::fmt::Debug {
    const KIND: Kind;

    fn handle(entity: Entity<Self>) -> Handle;
    fn entity(handle: Handle) -> Entity<Self>;
    fn key(&self) -> Key;
    fn by_key(key: &Key) -> Self::Key;
    fn name(&self) -> &str;
    fn number(&self) -> i32;
    fn set_name(&mut self, name: String);
    fn set_number(&mut self, number: i32);
    /// A struct with a key and nothing else, as a program gets it from outside.
    fn with_key(key: &Key) -> Self;
    fn version(&self) -> Option<i64>;
    fn set_version(&mut self, version: i32);
}

macro_rules! models {
    ($($model:ident: |$m:ident| $key:expr, $pattern:pat => $of_key:expr, ($($field:ident = $part:expr),*), $version:tt;)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Kind { $($model),* }

        pub const KINDS: &[Kind] = &[$(Kind::$model),*];

        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Handle { $($model(Entity<$model>)),* }

        $(impl Named for $model {
            const KIND: Kind = Kind::$model;

            fn handle(entity: Entity<Self>) -> Handle {
                Handle::$model(entity)
            }
            fn entity(handle: Handle) -> Entity<Self> {
                match handle {
                    Handle::$model(entity) => entity,
                    other => panic!("{other:?} is no {}", stringify!($model)),
                }
            }
            fn key(&self) -> Key {
                let $m = self;
                $key
            }
            fn by_key(key: &Key) -> Self::Key {
                match key.clone() {
                    $pattern => $of_key,
                    other => panic!("{other:?} is no key of {}", stringify!($model)),
                }
            }
            fn name(&self) -> &str {
                &self.name
            }
            fn number(&self) -> i32 {
                self.number
            }
            fn set_name(&mut self, name: String) {
                self.name = name;
            }
            fn set_number(&mut self, number: i32) {
                self.number = number;
            }
            fn with_key(key: &Key) -> Self {
                match key.clone() {
                    $pattern => $model { $($field: $part,)* ..Default::default() },
                    other => panic!("{other:?} is no key of {}", stringify!($model)),
                }
            }
            models!(@version $version);
        })*

        /// Evaluates an expression for the entity of a handle, whatever its model.
        macro_rules! entity {
            ($handle:expr, |$entity:ident| $body:expr) => {
                match $handle {
                    $($crate::histories::models::Handle::$model($entity) => $body),*
                }
            };
        }

        /// Evaluates an expression with a model as the type `M`.
        macro_rules! model {
            ($kind:expr, $body:expr) => {
                match $kind {
                    $($crate::histories::models::Kind::$model => { type M = $crate::histories::models::$model; $body })*
                }
            };
        }
    };
    (@version versioned) => {
        fn version(&self) -> Option<i64> {
            Some(self.version.into())
        }
        fn set_version(&mut self, version: i32) {
            self.version = version.into();
        }
    };
    (@version plain) => {
        fn version(&self) -> Option<i64> {
            None
        }
        fn set_version(&mut self, _: i32) {}
    };
}

models! {
    Team: |m| Key::Int(m.id), Key::Int(id) => id, (id = id), versioned;
    Player: |m| Key::Int(m.id), Key::Int(id) => id, (id = id), versioned;
    Mascot: |m| Key::Int(m.id), Key::Int(id) => id, (id = id), plain;
    Badge: |m| Key::Text(m.code.clone()), Key::Text(code) => code, (code = code), plain;
    Contract: |m| Key::Pair(m.player_id, m.sponsor_id), Key::Pair(p, s) => (p, s),
        (player_id = p, sponsor_id = s), plain;
    Sponsor: |m| Key::Int(m.id), Key::Int(id) => id, (id = id), plain;
    Folder: |m| Key::Int(m.id), Key::Int(id) => id, (id = id), plain;
    Room: |m| Key::Place(m.building.clone(), m.floor), Key::Place(building, floor) => (building, floor),
        (building = building, floor = floor), plain;
    Meeting: |m| Key::Uuid(m.id), Key::Uuid(id) => id, (id = id), plain;
}

#[allow(clippy::single_component_path_imports)] // what makes a macro an item of this module
pub(super) use {entity, model};
