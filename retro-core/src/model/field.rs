//! The types of relationship fields.
//!
//! A field is an *inbox*: before `add`, and after it through `session[e].field = ..`, it holds what
//! was assigned; the session moves that out and applies it as `set` or `push` would. The truth
//! about links is kept by the session, so that both sides can change at once whatever their types.

use std::fmt;

use super::{Entity, Maybe, Model, One, RelKind};
use crate::identity::Store;
use crate::model::{EntityId, EntityRef};

/// A handle or a new struct: what a relationship can be given.
#[derive(Debug, Clone)]
pub enum Link<M> {
    /// An entity of the session.
    Entity(Entity<M>),
    /// A struct that is added to the session together with the one that links it.
    New(Box<M>),
}

impl<M> From<Entity<M>> for Link<M> {
    fn from(entity: Entity<M>) -> Self {
        Link::Entity(entity)
    }
}

impl<M: Model> From<M> for Link<M> {
    fn from(model: M) -> Self {
        Link::New(Box::new(model))
    }
}

/// What a [`BelongsTo`] points at: a model, or an `Option` of one where the foreign key is nullable.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a retro model",
    label = "the target of a relationship must be a model",
    note = "add `#[derive(Model)]` to it, or write `BelongsTo<Option<T>>` where the foreign key is nullable"
)]
pub trait Target {
    /// The model.
    type Model: Model;
    /// [`One`], or [`Maybe`] for an `Option`.
    type Kind: RelKind;
}

impl<M: Model> Target for M {
    type Model = M;
    type Kind = One;
}

impl<M: Model> Target for Option<M> {
    type Model = M;
    type Kind = Maybe;
}

/// The many-to-one side: this row's foreign key names its parent. `BelongsTo<Option<T>>` where the
/// foreign key is nullable.
pub struct BelongsTo<T: Target>(ToOne<T::Model>);

/// The one-to-one side whose foreign key is in the other table.
pub struct HasOne<T>(ToOne<T>);

/// The one-to-many side: rows of the other table name this one.
pub struct HasMany<T>(ToMany<T>);

/// A many-to-many relationship over an association table.
pub struct ManyToMany<T>(ToMany<T>);

/// The inbox of a field to one.
enum ToOne<M> {
    /// Nothing was assigned; the session knows.
    Untouched,
    Nothing,
    To(Link<M>),
}

/// The inbox of a collection.
enum ToMany<M> {
    /// Nothing was assigned; the session knows.
    Untouched,
    /// Members pushed onto what the session knows.
    Pushed(Vec<Link<M>>),
    /// The whole new collection.
    Replaced(Vec<Link<M>>),
}

/// What was moved out of a field, without its type. Derived code passes it on.
#[doc(hidden)]
#[derive(Debug)]
pub struct Assigned(pub(crate) Assignments);

impl Assigned {
    /// Of a field that was not assigned.
    #[doc(hidden)]
    pub fn untouched() -> Self {
        Assigned(Assignments::Untouched)
    }
}

/// What a field held.
#[derive(Debug)]
pub(crate) enum Assignments {
    Untouched,
    Push(Vec<Assignment>),
    Replace(Vec<Assignment>),
}

/// One member of an assignment, without its type.
pub(crate) enum Assignment {
    Entity { session: u32, at: EntityRef },
    New(Box<dyn NewEntity>),
}

/// A boxed new struct that can move into the session's store.
pub(crate) trait NewEntity: Send + Sync {
    /// Moves the struct into its arena as a pending entity, without following its relationships.
    fn place(self: Box<Self>, store: &mut Store) -> EntityId;
}

impl<M: Model> NewEntity for M {
    fn place(self: Box<Self>, store: &mut Store) -> EntityId {
        store.place(*self)
    }
}

impl fmt::Debug for Assignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Assignment::Entity { session, at } => write!(f, "Entity({session}, {at:?})"),
            Assignment::New(_) => f.write_str("New"),
        }
    }
}

impl<M: Model> From<Link<M>> for Assignment {
    fn from(link: Link<M>) -> Self {
        match link {
            Link::Entity(entity) => Assignment::Entity { session: entity.session, at: entity.at() },
            Link::New(new) => Assignment::New(new),
        }
    }
}

fn assignments<M: Model>(links: Vec<Link<M>>) -> Vec<Assignment> {
    links.into_iter().map(Assignment::from).collect()
}

impl<M: Model> ToOne<M> {
    fn take(&mut self) -> Assigned {
        Assigned(match std::mem::replace(self, ToOne::Untouched) {
            ToOne::Untouched => Assignments::Untouched,
            ToOne::Nothing => Assignments::Replace(Vec::new()),
            ToOne::To(link) => Assignments::Replace(vec![link.into()]),
        })
    }
}

impl<M: Model> ToMany<M> {
    fn take(&mut self) -> Assigned {
        Assigned(match std::mem::replace(self, ToMany::Untouched) {
            ToMany::Untouched => Assignments::Untouched,
            ToMany::Pushed(links) => Assignments::Push(assignments(links)),
            ToMany::Replaced(links) => Assignments::Replace(assignments(links)),
        })
    }

    fn push(&mut self, link: Link<M>) {
        match self {
            ToMany::Untouched => *self = ToMany::Pushed(vec![link]),
            ToMany::Pushed(links) | ToMany::Replaced(links) => links.push(link),
        }
    }
}

/// The parts that all four field types share.
macro_rules! field {
    ($field:ident<$param:ident $(: $bound:ident)?>, $target:ty, $inbox:ident) => {
        impl<$param $(: $bound)?> $field<$param> {
            #[doc(hidden)]
            pub fn is_assigned(&self) -> bool {
                !matches!(self.0, $inbox::Untouched)
            }
        }

        impl<$param $(: $bound)?> Default for $field<$param> {
            fn default() -> Self {
                $field($inbox::Untouched)
            }
        }
    };
}
field!(BelongsTo<T: Target>, T::Model, ToOne);
field!(HasOne<T>, T, ToOne);
field!(HasMany<T>, T, ToMany);
field!(ManyToMany<T>, T, ToMany);

impl<T: Target> BelongsTo<T> {
    #[doc(hidden)]
    pub fn take(&mut self) -> Assigned {
        self.0.take()
    }
}

impl<T: Model> HasOne<T> {
    #[doc(hidden)]
    pub fn take(&mut self) -> Assigned {
        self.0.take()
    }
}

/// The parts of the two collections.
macro_rules! collection {
    ($field:ident) => {
        impl<T: Model> $field<T> {
            /// Adds a member: an entity or a new struct. Through `session[e]` this queues the
            /// member, which joins what is there already.
            pub fn push(&mut self, member: impl Into<Link<T>>) {
                self.0.push(member.into());
            }

            #[doc(hidden)]
            pub fn take(&mut self) -> Assigned {
                self.0.take()
            }
        }

        impl<T: Model, L: Into<Link<T>>> From<Vec<L>> for $field<T> {
            fn from(members: Vec<L>) -> Self {
                members.into_iter().collect()
            }
        }

        impl<T: Model, L: Into<Link<T>>, const N: usize> From<[L; N]> for $field<T> {
            fn from(members: [L; N]) -> Self {
                members.into_iter().collect()
            }
        }

        impl<T: Model, L: Into<Link<T>>> FromIterator<L> for $field<T> {
            fn from_iter<I: IntoIterator<Item = L>>(members: I) -> Self {
                $field(ToMany::Replaced(members.into_iter().map(Into::into).collect()))
            }
        }

        impl<T: Clone> Clone for $field<T> {
            fn clone(&self) -> Self {
                $field(match &self.0 {
                    ToMany::Untouched => ToMany::Untouched,
                    ToMany::Pushed(links) => ToMany::Pushed(links.clone()),
                    ToMany::Replaced(links) => ToMany::Replaced(links.clone()),
                })
            }
        }

        impl<T> fmt::Debug for $field<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match &self.0 {
                    ToMany::Untouched => f.write_str(concat!(stringify!($field), "(..)")),
                    ToMany::Pushed(links) => write!(f, concat!(stringify!($field), "(+{})"), links.len()),
                    ToMany::Replaced(links) => write!(f, concat!(stringify!($field), "({})"), links.len()),
                }
            }
        }
    };
}
collection!(HasMany);
collection!(ManyToMany);

impl<M: Clone> ToOne<M> {
    fn duplicate(&self) -> Self {
        match self {
            ToOne::Untouched => ToOne::Untouched,
            ToOne::Nothing => ToOne::Nothing,
            ToOne::To(link) => ToOne::To(link.clone()),
        }
    }
}

impl<M> ToOne<M> {
    fn describe(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ToOne::Untouched => write!(f, "{name}(..)"),
            ToOne::Nothing => write!(f, "{name}(None)"),
            ToOne::To(Link::Entity(entity)) => write!(f, "{name}({entity:?})"),
            ToOne::To(Link::New(_)) => write!(f, "{name}(new)"),
        }
    }
}

impl<T: Target<Model: Clone>> Clone for BelongsTo<T> {
    fn clone(&self) -> Self {
        BelongsTo(self.0.duplicate())
    }
}

impl<T: Clone> Clone for HasOne<T> {
    fn clone(&self) -> Self {
        HasOne(self.0.duplicate())
    }
}

impl<T: Target> fmt::Debug for BelongsTo<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.describe("BelongsTo", f)
    }
}

impl<T> fmt::Debug for HasOne<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.describe("HasOne", f)
    }
}

impl<M: Model> From<M> for BelongsTo<M> {
    fn from(new: M) -> Self {
        BelongsTo(ToOne::To(new.into()))
    }
}

impl<M: Model> From<Entity<M>> for BelongsTo<M> {
    fn from(entity: Entity<M>) -> Self {
        BelongsTo(ToOne::To(entity.into()))
    }
}

impl<M: Model> From<M> for BelongsTo<Option<M>> {
    fn from(new: M) -> Self {
        BelongsTo(ToOne::To(new.into()))
    }
}

impl<M: Model> From<Entity<M>> for BelongsTo<Option<M>> {
    fn from(entity: Entity<M>) -> Self {
        BelongsTo(ToOne::To(entity.into()))
    }
}

impl<M: Model> From<Option<Entity<M>>> for BelongsTo<Option<M>> {
    fn from(entity: Option<Entity<M>>) -> Self {
        BelongsTo(entity.map_or(ToOne::Nothing, |entity| ToOne::To(entity.into())))
    }
}

impl<M: Model> From<Option<M>> for BelongsTo<Option<M>> {
    fn from(new: Option<M>) -> Self {
        BelongsTo(new.map_or(ToOne::Nothing, |new| ToOne::To(new.into())))
    }
}

impl<M: Model> From<M> for HasOne<M> {
    fn from(new: M) -> Self {
        HasOne(ToOne::To(new.into()))
    }
}

impl<M: Model> From<Entity<M>> for HasOne<M> {
    fn from(entity: Entity<M>) -> Self {
        HasOne(ToOne::To(entity.into()))
    }
}

impl<M: Model> From<Option<Entity<M>>> for HasOne<M> {
    fn from(entity: Option<Entity<M>>) -> Self {
        HasOne(entity.map_or(ToOne::Nothing, |entity| ToOne::To(entity.into())))
    }
}
