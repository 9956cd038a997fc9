//! The relationships of the histories by their names: typed operations of the session behind untyped
//! ones.

use retro_core::model::{Many, RelKind};
use retro_core::prelude::*;
use retro_core::session::SetTo;

use super::models::{Badge, Contract, Folder, Handle, Mascot, Meeting, Named, Player, Room, Team};
use super::reference::Edge;

/// What reading a relationship gives, whatever its kind.
pub trait Targets {
    fn handles(self) -> Vec<Handle>;
}

impl<U: Named> Targets for Entity<U> {
    fn handles(self) -> Vec<Handle> {
        vec![U::handle(self)]
    }
}

impl<U: Named> Targets for Option<Entity<U>> {
    fn handles(self) -> Vec<Handle> {
        self.map(U::handle).into_iter().collect()
    }
}

impl<U: Named> Targets for Vec<Entity<U>> {
    fn handles(self) -> Vec<Handle> {
        self.into_iter().map(U::handle).collect()
    }
}

/// Evaluates an expression for the many-to-one side of an edge.
macro_rules! child_side {
    ($edge:expr, $handle:expr, |$entity:ident, $rel:ident| $body:expr) => {
        child_side!(@ $edge, $handle, $entity, $rel, $body;
            PlayerTeam Player::team, PlayerMentor Player::mentor, MascotTeam Mascot::team,
            ContractPlayer Contract::player, ContractSponsor Contract::sponsor, FolderParent Folder::parent,
            MeetingRoom Meeting::room)
    };
    (@ $edge:expr, $handle:expr, $entity:ident, $rel:ident, $body:expr; $($name:ident $model:ident::$field:ident),*) => {
        match ($edge, $handle) {
            $((Edge::$name, Handle::$model($entity)) => { let $rel = $model::$field; $body })*
            other => panic!("{other:?} do not fit"),
        }
    };
}

/// Evaluates an expression for the collection of an edge; `None` if it has none.
macro_rules! parent_side {
    ($edge:expr, $handle:expr, |$entity:ident, $rel:ident| $body:expr) => {
        match ($edge, $handle) {
            (Edge::PlayerTeam, Handle::Team($entity)) => {
                let $rel = Team::players;
                Some($body)
            }
            (Edge::PlayerMentor, Handle::Player($entity)) => {
                let $rel = Player::pupils;
                Some($body)
            }
            (Edge::ContractPlayer, Handle::Player($entity)) => {
                let $rel = Player::contracts;
                Some($body)
            }
            (Edge::FolderParent, Handle::Folder($entity)) => {
                let $rel = Folder::children;
                Some($body)
            }
            (Edge::MeetingRoom, Handle::Room($entity)) => {
                let $rel = Room::meetings;
                Some($body)
            }
            _ => None,
        }
    };
}

fn set_typed<M: Model, U: Named, K: RelKind>(session: &mut Session, entity: Entity<M>, rel: Rel<M, U, K>, to: Handle)
where
    Entity<U>: SetTo<U, K>,
{
    session.set(entity, rel, U::entity(to));
}

fn push_typed<M: Model, U: Named>(session: &mut Session, entity: Entity<M>, rel: Rel<M, U, Many>, member: Handle) {
    session.push(entity, rel, U::entity(member));
}

fn remove_typed<M: Model, U: Named>(session: &mut Session, entity: Entity<M>, rel: Rel<M, U, Many>, member: Handle) {
    session.remove(entity, rel, U::entity(member));
}

fn replace_typed<M: Model, U: Named>(
    session: &mut Session,
    entity: Entity<M>,
    rel: Rel<M, U, Many>,
    members: &[Handle],
) {
    session.replace(entity, rel, members.iter().map(|&member| U::entity(member)).collect::<Vec<_>>());
}

/// Gives a child a parent, from the child's side.
pub fn set(session: &mut Session, edge: Edge, child: Handle, parent: Handle) {
    child_side!(edge, child, |e, rel| set_typed(session, e, rel, parent));
}

/// Takes a child's parent away, from the child's side; from the parent's where the child must have one.
pub fn unset(session: &mut Session, edge: Edge, child: Handle, parent: Option<Handle>) {
    match (edge, child) {
        (Edge::PlayerTeam, Handle::Player(e)) => session.set(e, Player::team, None::<Entity<_>>),
        (Edge::PlayerMentor, Handle::Player(e)) => session.set(e, Player::mentor, None::<Entity<_>>),
        (Edge::FolderParent, Handle::Folder(e)) => session.set(e, Folder::parent, None::<Entity<_>>),
        (Edge::MeetingRoom, Handle::Meeting(e)) => session.set(e, Meeting::room, None::<Entity<_>>),
        _ => {
            if let Some(parent) = parent {
                remove(session, edge, parent, child);
            }
        }
    }
}

/// Adds a child to its parent's side.
pub fn push(session: &mut Session, edge: Edge, parent: Handle, child: Handle) {
    if let (Edge::MascotTeam, Handle::Team(team), Handle::Mascot(mascot)) = (edge, parent, child) {
        return session.set(team, Team::mascot, mascot);
    }
    let done = parent_side!(edge, parent, |e, rel| push_typed(session, e, rel, child));
    assert!(done.is_some(), "{edge:?} has no collection");
}

/// Removes a child from its parent's side.
pub fn remove(session: &mut Session, edge: Edge, parent: Handle, child: Handle) {
    if let (Edge::MascotTeam, Handle::Team(team)) = (edge, parent) {
        return session.set(team, Team::mascot, None::<Entity<_>>);
    }
    let done = parent_side!(edge, parent, |e, rel| remove_typed(session, e, rel, child));
    assert!(done.is_some(), "{edge:?} has no collection");
}

pub fn replace(session: &mut Session, edge: Edge, parent: Handle, children: &[Handle]) {
    let done = parent_side!(edge, parent, |e, rel| replace_typed(session, e, rel, children));
    assert!(done.is_some(), "{edge:?} has no collection");
}

/// Sets a foreign key by hand.
pub fn set_foreign_key(session: &mut Session, edge: Edge, child: Handle, parent: Option<Handle>) {
    match (edge, child, parent) {
        (Edge::PlayerTeam, Handle::Player(e), parent) => {
            session[e].team_id = parent.map(|parent| session[Team::entity(parent)].id);
        }
        (Edge::PlayerMentor, Handle::Player(e), parent) => {
            session[e].mentor_id = parent.map(|parent| session[Player::entity(parent)].id);
        }
        (Edge::FolderParent, Handle::Folder(e), parent) => {
            session[e].parent_id = parent.map(|parent| session[Folder::entity(parent)].id);
        }
        (Edge::MeetingRoom, Handle::Meeting(e), parent) => {
            let room = parent.map(|parent| session[Room::entity(parent)].clone());
            let meeting = &mut session[e];
            (meeting.building, meeting.floor) = room.map(|room| (room.building, room.floor)).unzip();
        }
        other => panic!("{other:?} is not set by hand"),
    }
    // Any operation of the session settles what was assigned.
    session.is_clean();
}

/// Whether the parent's side of an edge can be read.
pub fn is_parent_side_loaded(session: &Session, edge: Edge, parent: Handle) -> bool {
    match (edge, parent) {
        (Edge::MascotTeam, Handle::Team(team)) => session.is_loaded(team, Team::mascot),
        _ => parent_side!(edge, parent, |e, rel| session.is_loaded(e, rel)).unwrap_or(false),
    }
}

/// The children that a parent shows, if they are loaded.
pub fn shown_children(session: &Session, edge: Edge, parent: Handle) -> Option<Vec<Handle>> {
    if let (Edge::MascotTeam, Handle::Team(team)) = (edge, parent) {
        return session.try_entities(team, Team::mascot).ok().map(Targets::handles);
    }
    parent_side!(edge, parent, |e, rel| session.try_entities(e, rel).ok().map(Targets::handles)).flatten()
}

/// The parent that a child shows, if it is known. A required one that is missing is shown as an error.
pub fn shown_parent(session: &Session, edge: Edge, child: Handle) -> Option<Option<Handle>> {
    child_side!(edge, child, |e, rel| {
        let loaded = session.is_loaded(e, rel);
        loaded.then(|| session.try_entities(e, rel).map(Targets::handles).unwrap_or_default().first().copied())
    })
}

pub async fn load_children(session: &mut Session, edge: Edge, parent: Handle) -> Result<(), Error> {
    if let (Edge::MascotTeam, Handle::Team(team)) = (edge, parent) {
        return session.load_only(team, Team::mascot).await.map(drop);
    }
    match parent_side!(edge, parent, |e, rel| session.load_only(e, rel).await.map(drop)) {
        Some(loaded) => loaded,
        None => Ok(()),
    }
}

pub async fn load_parent(session: &mut Session, edge: Edge, child: Handle) -> Result<(), Error> {
    child_side!(edge, child, |e, rel| session.load_only(e, rel).await.map(drop))
}

/// The two sides of the many-to-many relationship.
pub fn team_and_badge(team: Handle, badge: Handle) -> (Entity<Team>, Entity<Badge>) {
    (Team::entity(team), Badge::entity(badge))
}
