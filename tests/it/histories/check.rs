//! What must be true: memory, tables and what another session loads, against the reference.

use std::collections::{BTreeMap, BTreeSet};

use retro_core::prelude::*;

use super::edges;
use super::models::{
    Badge, Contract, Folder, Handle, Key, Kind, Mascot, Meeting, Named, Player, Room, Sponsor, Team, entity,
};
use super::reference::{EDGES, Edge, Life};
use super::world::World;

/// A row as the tables have it: name, number, version, and the keys of its parents.
#[derive(Debug, Clone, PartialEq)]
struct Stored {
    name: String,
    number: i32,
    version: Option<i64>,
    parents: BTreeMap<Edge, Option<Key>>,
}

type Tables = BTreeMap<(Kind, Key), Stored>;

impl World<'_> {
    /// What the session shows is what the reference has.
    pub fn check_memory(&mut self) {
        let clean = self.reference.is_clean();
        for n in 0..self.reference.rows.len() {
            let Some(handle) = self.handles[n].filter(|&handle| self.is_held(handle)) else { continue };
            let state = entity!(handle, |e| self.session.state(e));
            let row = &self.reference.rows[n];
            match row.life {
                Life::New => assert_eq!(state, State::Pending, "state of row {n}"),
                Life::Here | Life::Marked => assert_eq!(state, State::Persistent, "state of row {n}"),
                Life::Out => assert_eq!(state, State::Detached, "state of row {n}"),
                Life::Gone => assert!(matches!(state, State::Deleted | State::Detached), "row {n} is {state:?}"),
            }
            // What is known to be out of date may be: it was read in a transaction that was rolled back.
            if !row.is_in() || entity!(handle, |e| self.session.is_expired(e)) {
                continue;
            }
            let (name, number, version) = entity!(handle, |e| {
                let model = &self.session[e];
                (model.name().to_owned(), model.number(), model.version())
            });
            assert_eq!((&name, number), (&row.name, row.number), "columns of row {n}");
            if let Some(version) = version.filter(|_| clean && !self.versions_set) {
                assert_eq!(version, row.version, "version of row {n}");
            }
            self.check_links(n, handle);
        }
    }

    fn check_links(&mut self, n: usize, handle: Handle) {
        let kind = self.reference.rows[n].kind;
        for edge in EDGES {
            if edge.child() == kind
                && let Some(shown) = edges::shown_parent(&self.session, edge, handle)
            {
                let shown = shown.map(|shown| self.row_of(shown));
                assert_eq!(shown, self.reference.parent(edge, n), "{edge:?}: parent of row {n}");
            }
            if edge.parent() == kind
                && let Some(shown) = edges::shown_children(&self.session, edge, handle)
            {
                let shown: Vec<usize> = shown.into_iter().map(|shown| self.row_of(shown)).collect();
                let expected = self.reference.children(edge, n);
                self.same(&shown, &expected, &format!("{edge:?}: children of row {n}"));
            }
        }
        if let Handle::Team(team) = handle
            && let Ok(badges) = self.session.try_entities(team, Team::badges)
        {
            let shown: Vec<usize> = badges.into_iter().map(|badge| self.row_of(Handle::Badge(badge))).collect();
            let expected = self.reference.links.iter().filter(|link| link.0 == n).map(|link| link.1).collect();
            self.same(&shown, &expected, &format!("badges of row {n}"));
        }
        if let Handle::Badge(badge) = handle
            && let Ok(teams) = self.session.try_entities(badge, Badge::teams)
        {
            let shown: Vec<usize> = teams.into_iter().map(|team| self.row_of(Handle::Team(team))).collect();
            let expected = self.reference.links.iter().filter(|link| link.1 == n).map(|link| link.0).collect();
            self.same(&shown, &expected, &format!("teams of row {n}"));
        }
    }

    fn same(&self, shown: &[usize], expected: &BTreeSet<usize>, what: &str) {
        let found: BTreeSet<usize> = shown.iter().copied().collect();
        assert_eq!(found.len(), shown.len(), "{what}: one is there twice: {shown:?}");
        assert_eq!(&found, expected, "{what}");
    }

    /// The row that an entity stands for; one that a relationship has led to is known by its key.
    fn row_of(&mut self, handle: Handle) -> usize {
        if let Some(n) = self.handles.iter().position(|known| *known == Some(handle)) {
            return n;
        }
        let key = entity!(handle, |e| self.session[e].key());
        let rows = &self.reference.rows;
        let is_row = |&n: &usize| rows[n].is_stored() && rows[n].key.as_ref() == Some(&key);
        let kind = kind_of(handle);
        let found = self.reference.of(kind).find(is_row);
        let n = found.unwrap_or_else(|| panic!("{handle:?} with {key:?} is no row"));
        self.handles[n] = Some(handle);
        n
    }

    /// The tables have what the reference has. Asked in the session's own transaction, for columns only,
    /// which loads nothing.
    pub async fn check_tables(&mut self) {
        let (tables, links) = read(&mut self.session).await;
        let rows = &self.reference.rows;
        let key = |n: usize| rows[n].key.clone().expect("a stored row has a key");
        let expected: Tables = rows
            .iter()
            .filter(|row| row.is_stored())
            .map(|row| {
                let versioned = matches!(row.kind, Kind::Team | Kind::Player);
                let stored = Stored {
                    name: row.name.clone(),
                    number: row.number,
                    version: versioned.then_some(row.version),
                    parents: row.parents.iter().map(|(edge, parent)| (*edge, parent.map(key))).collect(),
                };
                ((row.kind, row.key.clone().expect("a stored row has a key")), stored)
            })
            .collect();
        for (place, stored) in &expected {
            assert_eq!(tables.get(place), Some(stored), "the table's row of {place:?}");
        }
        assert_eq!(tables.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "rows in the tables");
        let expected: BTreeSet<(Key, Key)> = self.reference.links.iter().map(|&(t, b)| (key(t), key(b))).collect();
        assert_eq!(links, expected, "links in the tables");
    }

    /// What another session loads, with every kind of loader, is what the reference has.
    pub async fn check_views(&self) {
        let mut session = self.db.session();
        let teams = select(Team).options((selectin(Team::players), joined(Team::mascot), selectin(Team::badges)));
        for view in session_views(&mut session, teams).await {
            let team = self.named(Kind::Team, &view.0);
            assert_eq!(view.1, self.names(self.reference.children(Edge::PlayerTeam, team)), "players of {}", view.0);
        }
        let teams = session.known::<Team>();
        for view in session.views(&teams) {
            let team = self.named(Kind::Team, view.name());
            let mascot: Vec<&str> = view.mascot().iter().map(|mascot| mascot.name()).collect();
            assert_eq!(mascot, self.names(self.reference.children(Edge::MascotTeam, team)), "mascot of {team}");
            let mut badges: Vec<&str> = view.badges().map(|badge| badge.name()).collect();
            badges.sort_unstable();
            let links = self.reference.links.iter().filter(|link| link.0 == team).map(|link| link.1).collect();
            assert_eq!(badges, self.names(links), "badges of {team}");
        }
        let folders = session.all(select(Folder).options(subquery(Folder::children))).await.unwrap();
        for view in session.views(&folders) {
            let folder = self.named(Kind::Folder, view.name());
            let mut children: Vec<&str> = view.children().map(|child| child.name()).collect();
            children.sort_unstable();
            assert_eq!(children, self.names(self.reference.children(Edge::FolderParent, folder)), "in {folder}");
            let parent = view.parent().map(|parent| self.named(Kind::Folder, parent.name()));
            assert_eq!(parent, self.reference.parent(Edge::FolderParent, folder), "parent of {folder}");
        }
        let contracts = select(Contract).options((joined(Contract::player), selectin(Contract::sponsor)));
        let contracts = session.all(contracts).await.unwrap();
        for view in session.views(&contracts) {
            let contract = self.named(Kind::Contract, view.name());
            let player = self.named(Kind::Player, view.player().name());
            let sponsor = self.named(Kind::Sponsor, view.sponsor().name());
            assert_eq!(Some(player), self.reference.parent(Edge::ContractPlayer, contract));
            assert_eq!(Some(sponsor), self.reference.parent(Edge::ContractSponsor, contract));
        }
        let rooms = session.all(select(Room).options(joined(Room::meetings))).await.unwrap();
        for view in session.views(&rooms) {
            let room = self.named(Kind::Room, view.name());
            let mut meetings: Vec<&str> = view.meetings().map(|meeting| meeting.name()).collect();
            meetings.sort_unstable();
            assert_eq!(meetings, self.names(self.reference.children(Edge::MeetingRoom, room)), "meetings in {room}");
        }
    }

    /// The stored row of a name, which is unique.
    fn named(&self, kind: Kind, name: &str) -> usize {
        let is_it = |&n: &usize| self.reference.rows[n].is_stored() && self.reference.rows[n].name == name;
        self.reference.of(kind).find(is_it).unwrap_or_else(|| panic!("no {kind:?} {name}"))
    }

    fn names(&self, rows: BTreeSet<usize>) -> Vec<&str> {
        let mut names: Vec<&str> = rows.into_iter().map(|n| self.reference.rows[n].name.as_str()).collect();
        names.sort_unstable();
        names
    }
}

/// Teams with the names of their players.
async fn session_views(session: &mut Session, teams: Select<Entity<Team>>) -> Vec<(String, Vec<String>)> {
    let teams = session.all(teams).await.unwrap();
    let views = session.views(&teams).map(|view| {
        let mut players: Vec<String> = view.players().map(|player| player.name().to_owned()).collect();
        players.sort_unstable();
        (view.name().to_owned(), players)
    });
    views.collect()
}

fn kind_of(handle: Handle) -> Kind {
    fn of<M: Named>(_: Entity<M>) -> Kind {
        M::KIND
    }
    entity!(handle, |e| of(e))
}

async fn read(session: &mut Session) -> (Tables, BTreeSet<(Key, Key)>) {
    let mut tables = Tables::new();
    let mut put = |kind: Kind,
                   key: Key,
                   (name, number, version): (String, i32, Option<i64>),
                   parents: Vec<(Edge, Option<Key>)>| {
        tables.insert((kind, key), Stored { name, number, version, parents: parents.into_iter().collect() });
    };
    let int = |id: Option<i32>| id.map(Key::Int);
    for (id, name, number, version) in
        session.all(select((Team::id, Team::name, Team::number, Team::version))).await.unwrap()
    {
        put(Kind::Team, Key::Int(id), (name, number, Some(version.into())), vec![]);
    }
    let columns = (Player::id, Player::name, Player::number, Player::version, Player::team_id, Player::mentor_id);
    for (id, name, number, version, team, mentor) in session.all(select(columns)).await.unwrap() {
        let parents = vec![(Edge::PlayerTeam, int(team)), (Edge::PlayerMentor, int(mentor))];
        put(Kind::Player, Key::Int(id), (name, number, Some(version)), parents);
    }
    for (id, name, number, team) in
        session.all(select((Mascot::id, Mascot::name, Mascot::number, Mascot::team_id))).await.unwrap()
    {
        put(Kind::Mascot, Key::Int(id), (name, number, None), vec![(Edge::MascotTeam, int(Some(team)))]);
    }
    for (code, name, number) in session.all(select((Badge::code, Badge::name, Badge::number))).await.unwrap() {
        put(Kind::Badge, Key::Text(code), (name, number, None), vec![]);
    }
    for (id, name, number) in session.all(select((Sponsor::id, Sponsor::name, Sponsor::number))).await.unwrap() {
        put(Kind::Sponsor, Key::Int(id), (name, number, None), vec![]);
    }
    let columns = (Contract::player_id, Contract::sponsor_id, Contract::name, Contract::number);
    for (player, sponsor, name, number) in session.all(select(columns)).await.unwrap() {
        let parents = vec![(Edge::ContractPlayer, int(Some(player))), (Edge::ContractSponsor, int(Some(sponsor)))];
        put(Kind::Contract, Key::Pair(player, sponsor), (name, number, None), parents);
    }
    for (id, name, number, parent) in
        session.all(select((Folder::id, Folder::name, Folder::number, Folder::parent_id))).await.unwrap()
    {
        put(Kind::Folder, Key::Int(id), (name, number, None), vec![(Edge::FolderParent, int(parent))]);
    }
    for (building, floor, name, number) in
        session.all(select((Room::building, Room::floor, Room::name, Room::number))).await.unwrap()
    {
        put(Kind::Room, Key::Place(building, floor), (name, number, None), vec![]);
    }
    let columns = (Meeting::id, Meeting::name, Meeting::number, Meeting::building, Meeting::floor);
    for (id, name, number, building, floor) in session.all(select(columns)).await.unwrap() {
        let room = building.zip(floor).map(|(building, floor)| Key::Place(building, floor));
        put(Kind::Meeting, Key::Uuid(id), (name, number, None), vec![(Edge::MeetingRoom, room)]);
    }
    let links = select((Team::id, Badge::code)).from(Team).join(Team::badges);
    let links = session.all(links).await.unwrap();
    let count = links.len();
    let links: BTreeSet<(Key, Key)> =
        links.into_iter().map(|(team, badge)| (Key::Int(team), Key::Text(badge))).collect();
    assert_eq!(links.len(), count, "links in the tables are there once");
    (tables, links)
}
