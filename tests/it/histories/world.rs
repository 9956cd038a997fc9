//! The world of a history: a session, the handles of its rows, and the reference of now and of where it
//! can go back to.

use std::collections::{BTreeMap, BTreeSet};

use retro_core::ErrorKind;
use retro_core::prelude::*;
use retro_core::private;
use retro_tests::Db;

use super::edges;
use super::models::{
    Badge, Contract, Folder, Handle, Key, Kind, Mascot, Meeting, Named, Player, Room, Sponsor, TABLES, Team, entity,
    model,
};
use super::reference::{EDGES, Edge, Expected, Fate, Life, Reference, Row};
use super::steps::Step;

pub struct World<'d> {
    pub db: &'d Db,
    pub session: Session,
    pub reference: Reference,
    /// The entities of the rows, as far as this session has been led to them.
    pub handles: Vec<Option<Handle>>,
    committed: Reference,
    savepoints: Vec<Reference>,
    /// Names given so far, which are never given again.
    named: usize,
    /// Whether versions were set by hand since the last flush: what they show then is nobody's promise.
    pub versions_set: bool,
}

/// What writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Write {
    Flush,
    Commit,
    Begin,
    Release,
}

impl<'d> World<'d> {
    /// Empty tables, then a few rows of everything, committed.
    pub async fn new(db: &'d Db) -> World<'d> {
        let mut session = db.session();
        for table in ["h_players", "h_folders"] {
            let own = if table == "h_players" { "mentor_id" } else { "parent_id" };
            private::execute(&mut session, &format!("UPDATE {table} SET {own} = NULL")).await.unwrap();
        }
        for table in TABLES {
            private::execute(&mut session, &format!("DELETE FROM {table}")).await.unwrap();
        }
        session.commit().await.unwrap();
        let mut world = World {
            db,
            session: db.session().with_autoflush(false),
            reference: Reference::default(),
            handles: Vec::new(),
            committed: Reference::default(),
            savepoints: Vec::new(),
            named: 0,
            versions_set: false,
        };
        for kind in [Kind::Team, Kind::Team, Kind::Badge, Kind::Badge, Kind::Sponsor, Kind::Sponsor, Kind::Room] {
            world.add(kind, [None, None]).await;
        }
        for n in 0..4 {
            world.add(Kind::Player, [Some(n), (n > 2).then_some(0)]).await;
            world.add(Kind::Folder, [n.checked_sub(1), None]).await;
        }
        world.add(Kind::Mascot, [Some(0), None]).await;
        world.add(Kind::Meeting, [Some(0), None]).await;
        world.add(Kind::Contract, [Some(0), Some(0)]).await;
        world.add(Kind::Contract, [Some(1), Some(0)]).await;
        world.write(Write::Commit).await;
        world
    }

    /// Everything goes back to the last commit, and that is what is there.
    pub async fn end(mut self) {
        self.rollback().await;
        self.check_memory();
        self.check_views().await;
    }

    pub fn is_held(&self, handle: Handle) -> bool {
        entity!(handle, |e| self.session.try_get(e).is_ok())
    }

    /// A row of a kind, of those that meet a condition.
    fn pick(&self, kind: Kind, n: usize, fits: impl Fn(&Row) -> bool) -> Option<usize> {
        let rows: Vec<usize> = self.reference.of(kind).filter(|&row| fits(&self.reference.rows[row])).collect();
        if rows.is_empty() { None } else { Some(rows[n % rows.len()]) }
    }

    fn usable(&self, kind: Kind, n: usize) -> Option<usize> {
        self.pick(kind, n, |row| matches!(row.life, Life::New | Life::Here))
    }

    fn any(&self, kind: Kind, n: usize) -> Option<usize> {
        self.pick(kind, n, Row::is_in)
    }

    /// The entity of a row, read if the session does not have it.
    async fn handle(&mut self, row: usize) -> Handle {
        if let Some(handle) = self.handles[row].filter(|&handle| self.is_held(handle)) {
            return handle;
        }
        let (kind, key) = (self.reference.rows[row].kind, self.reference.rows[row].key.clone());
        let key = key.expect("a row that the session does not have is stored");
        let found = model!(kind, self.session.get::<M>(M::by_key(&key)).await.unwrap().map(M::handle));
        let handle = found.unwrap_or_else(|| panic!("row {row} with {key:?} is there"));
        self.handles[row] = Some(handle);
        handle
    }

    async fn parent_handle(&mut self, row: Option<usize>) -> Option<Handle> {
        match row {
            Some(row) => Some(self.handle(row).await),
            None => None,
        }
    }

    pub async fn step(&mut self, step: Step) {
        match step {
            Step::Add(kind, parents) => self.add(kind, parents).await,
            Step::TakeOver(kind, n) => self.take_over(kind, n).await,
            Step::Name(kind, n) => {
                if let Some(row) = self.any(kind, n) {
                    let name = self.fresh_name();
                    self.rename(row, name).await;
                }
            }
            Step::Number(kind, n, number) => {
                if let Some(row) = self.any(kind, n) {
                    let handle = self.handle(row).await;
                    entity!(handle, |e| self.session[e].set_number(number));
                    self.reference.rows[row].number = number;
                }
            }
            Step::Version(kind, n, version) => {
                if let Some(row) = self.pick(kind, n, Row::is_stored) {
                    let handle = self.handle(row).await;
                    entity!(handle, |e| self.session[e].set_version(version));
                    self.versions_set = true;
                }
            }
            Step::PassName(kind, a, b) => self.pass_name(kind, a, b).await,
            Step::Set(edge, child, parent) => self.set(edge, child, parent).await,
            Step::SetForeignKey(edge, child, parent) => self.set_foreign_key(edge, child, parent).await,
            Step::Push(edge, parent, child) => self.push(edge, parent, child).await,
            Step::Remove(edge, parent, child) => self.remove(edge, parent, child).await,
            Step::Replace(edge, parent, children) => self.replace(edge, parent, children).await,
            Step::Award(..) | Step::Withdraw(..) | Step::ReplaceBadges(..) | Step::ReplaceTeams(..) => {
                self.many_to_many(step).await;
            }
            Step::Delete(kind, n) => self.delete(kind, n).await,
            Step::Keep(kind, n) => {
                let replaced: BTreeSet<usize> = self.reference.rows.iter().filter_map(|row| row.replaces).collect();
                let marked = |row: &Row| row.life == Life::Marked;
                if let Some(row) = self.pick(kind, n, marked).filter(|row| !replaced.contains(row)) {
                    let handle = self.handle(row).await;
                    entity!(handle, |e| self.session.add_again(e)).unwrap();
                    self.reference.rows[row].life = Life::Here;
                }
            }
            Step::Merge(kind, n) => self.merge(kind, n).await,
            Step::Flush => self.write(Write::Flush).await,
            Step::Commit => self.write(Write::Commit).await,
            Step::Rollback => self.rollback().await,
            Step::Begin => self.write(Write::Begin).await,
            Step::Release if !self.savepoints.is_empty() => self.write(Write::Release).await,
            Step::RollbackNested if !self.savepoints.is_empty() => self.rollback_nested().await,
            Step::Release | Step::RollbackNested => {}
            Step::Reopen => {
                self.rollback().await;
                self.session = self.db.session().with_autoflush(false);
                self.handles.fill(None);
            }
            _ => self.read(step).await,
        }
    }

    fn fresh_name(&mut self) -> String {
        self.named += 1;
        format!("n{}", self.named)
    }

    async fn rename(&mut self, row: usize, name: String) {
        let handle = self.handle(row).await;
        entity!(handle, |e| self.session[e].set_name(name.clone()));
        self.reference.rows[row].name = name;
    }

    /// Not where new rows of a tree take names: a row that gives one up may itself wait for a new row.
    async fn pass_name(&mut self, kind: Kind, a: usize, b: usize) {
        let is_tree = EDGES.iter().any(|edge| edge.is_tree() && edge.child() == kind);
        let (Some(giver), Some(taker)) = (self.usable(kind, a), self.usable(kind, b)) else { return };
        if giver == taker || is_tree && self.reference.rows[taker].life == Life::New {
            return;
        }
        let (fresh, passed) = (self.fresh_name(), self.reference.rows[giver].name.clone());
        self.rename(giver, fresh).await;
        self.rename(taker, passed).await;
    }

    async fn add(&mut self, kind: Kind, picks: [Option<usize>; 2]) {
        let mut parents = BTreeMap::new();
        for (edge, pick) in EDGES.into_iter().filter(|edge| edge.child() == kind).zip(picks) {
            let wanted = if edge.is_required() { Some(pick.unwrap_or(0)) } else { pick };
            let parent = wanted.and_then(|n| self.any(edge.parent(), n));
            if parent.is_none() && edge.is_required() {
                return;
            }
            parents.insert(edge, parent);
        }
        let mut replaces = None;
        if kind == Kind::Contract {
            match self.holder(parents[&Edge::ContractPlayer], parents[&Edge::ContractSponsor], None) {
                Ok(holder) => replaces = holder,
                Err(Taken) => return,
            }
        }
        let loaded = self.is_mascot_known(parents.get(&Edge::MascotTeam).copied().flatten());
        let name = self.fresh_name();
        let handle = self.add_struct(kind, &name, &parents).await;
        let key = match kind {
            Kind::Badge | Kind::Room | Kind::Meeting => Some(entity!(handle, |e| self.session[e].key())),
            _ => None,
        };
        let row = self.enter(kind, name, key, replaces, handle);
        for (edge, parent) in parents {
            self.reference.link(edge, row, parent);
        }
        self.learn_unless(loaded).await;
    }

    async fn add_struct(&mut self, kind: Kind, name: &str, parents: &BTreeMap<Edge, Option<usize>>) -> Handle {
        let mut at = BTreeMap::new();
        for (&edge, &parent) in parents {
            at.insert(edge, self.parent_handle(parent).await);
        }
        let parent = |edge: Edge| at[&edge];
        let name = name.to_owned();
        let session = &mut self.session;
        match kind {
            Kind::Team => Handle::Team(session.add(new!(Team { name }))),
            Kind::Player => {
                let (team, mentor) = (parent(Edge::PlayerTeam), parent(Edge::PlayerMentor));
                let (team, mentor) = (team.map(Team::entity), mentor.map(Player::entity));
                Handle::Player(session.add(new!(Player { name, team, mentor })))
            }
            Kind::Mascot => {
                let team = parent(Edge::MascotTeam).map(Team::entity).expect("a mascot has a team");
                Handle::Mascot(session.add(new!(Mascot { name, team })))
            }
            Kind::Badge => Handle::Badge(session.add(new!(Badge { code: name.clone(), name }))),
            Kind::Contract => {
                let player = parent(Edge::ContractPlayer).map(Player::entity).expect("a contract has a player");
                let sponsor = parent(Edge::ContractSponsor).map(Sponsor::entity).expect("a contract has a sponsor");
                Handle::Contract(session.add(new!(Contract { name, player, sponsor })))
            }
            Kind::Sponsor => Handle::Sponsor(session.add(new!(Sponsor { name }))),
            Kind::Folder => {
                let parent = parent(Edge::FolderParent).map(Folder::entity);
                Handle::Folder(session.add(new!(Folder { name, parent })))
            }
            Kind::Room => {
                let floor = self.named as i32;
                Handle::Room(session.add(new!(Room { building: "A", floor, name })))
            }
            Kind::Meeting => {
                let room = parent(Edge::MeetingRoom).map(Room::entity);
                Handle::Meeting(session.add(new!(Meeting { name, room })))
            }
        }
    }

    /// Puts a new row into the reference.
    fn enter(&mut self, kind: Kind, name: String, key: Option<Key>, replaces: Option<usize>, handle: Handle) -> usize {
        let parents = EDGES.into_iter().filter(|edge| edge.child() == kind).map(|edge| (edge, None)).collect();
        self.handles.push(Some(handle));
        self.reference.add(Row {
            kind,
            life: Life::New,
            name,
            number: 0,
            parents,
            linked: BTreeSet::new(),
            orphan_of: BTreeSet::new(),
            version: 0,
            key,
            stored: None,
            replaces,
        })
    }

    /// Of kinds whose rows need no parent: their keys are known, and nobody keeps them from going.
    async fn take_over(&mut self, kind: Kind, n: usize) {
        if matches!(kind, Kind::Mascot | Kind::Contract | Kind::Sponsor) {
            return;
        }
        let replaced: BTreeSet<usize> = self.reference.rows.iter().filter_map(|row| row.replaces).collect();
        let marked = |row: &Row| row.life == Life::Marked;
        let Some(old) = self.pick(kind, n, marked).filter(|row| !replaced.contains(row)) else { return };
        let (name, key) = (self.fresh_name(), self.reference.rows[old].key.clone());
        let key = key.expect("a marked row is stored");
        let handle = model!(kind, {
            let mut model = M::with_key(&key);
            model.set_name(name.clone());
            M::handle(self.session.add(model))
        });
        self.enter(kind, name, Some(key), Some(old), handle);
    }

    /// Who has the key of a contract, now or in the database: nobody, or one that is about to be deleted.
    fn holder(
        &self,
        player: Option<usize>,
        sponsor: Option<usize>,
        but: Option<usize>,
    ) -> Result<Option<usize>, Taken> {
        let key = |n: Option<usize>| match n.and_then(|n| self.reference.rows[n].key.clone()) {
            Some(Key::Int(id)) => Some(id),
            _ => None,
        };
        let pair = key(player).zip(key(sponsor)).map(|(player, sponsor)| Key::Pair(player, sponsor));
        let mut holder = None;
        for row in self.reference.of(Kind::Contract).filter(|&row| Some(row) != but) {
            let it = &self.reference.rows[row];
            let names = it.parents[&Edge::ContractPlayer] == player && it.parents[&Edge::ContractSponsor] == sponsor;
            let stored = it.is_stored() && it.key.is_some() && it.key == pair;
            if !it.is_in() || !(names || stored) {
                continue;
            }
            if it.life != Life::Marked || !stored || holder.is_some() {
                return Err(Taken);
            }
            holder = Some(row);
        }
        Ok(holder)
    }

    /// Whether a child can get a parent.
    fn can_link(&self, edge: Edge, child: usize, parent: Option<usize>) -> bool {
        let reference = &self.reference;
        if reference.parent(edge, child) == parent {
            return true;
        }
        let Some(parent) = parent else {
            let leaves = reference.rows[child].life == Life::New && edge.fate() == Fate::Gone;
            return edge.fate() != Fate::Guard && (!leaves || reference.can_leave(child));
        };
        if edge.is_in_key() {
            let other = |other: Edge| if other == edge { Some(parent) } else { reference.parent(other, child) };
            let holder = self.holder(other(Edge::ContractPlayer), other(Edge::ContractSponsor), Some(child));
            return holder == Ok(None);
        }
        !reference.makes_circle(edge, child, parent)
    }

    /// Whether setting the mascot of a team needs no flush to learn which one it displaces.
    fn is_mascot_known(&self, team: Option<usize>) -> bool {
        let Some(team) = team else { return true };
        let handle = self.handles[team].filter(|&handle| self.is_held(handle));
        handle.is_some_and(|handle| edges::is_parent_side_loaded(&self.session, Edge::MascotTeam, handle))
    }

    /// Of a collection that was replaced without being loaded, the flush learns the old members.
    async fn learn_unless(&mut self, loaded: bool) {
        if !loaded {
            self.write(Write::Flush).await;
        }
    }

    async fn set(&mut self, edge: Edge, child: usize, parent: Option<usize>) {
        let parent = parent.and_then(|n| self.any(edge.parent(), n));
        let Some(child) = self.any(edge.child(), child).filter(|&child| self.can_link(edge, child, parent)) else {
            return;
        };
        let old = self.reference.parent(edge, child);
        let mut loaded = edge != Edge::MascotTeam || self.is_mascot_known(parent.or(old));
        let handle = self.handle(child).await;
        match parent {
            Some(parent) => {
                let parent = self.handle(parent).await;
                edges::set(&mut self.session, edge, handle, parent);
            }
            None if edge.is_required() && old.is_none_or(|old| !self.reference.rows[old].is_in()) => return,
            None => {
                let old = if edge.is_required() { self.parent_handle(old).await } else { None };
                loaded = loaded || old.is_none();
                edges::unset(&mut self.session, edge, handle, old);
            }
        }
        self.reference.link(edge, child, parent);
        self.learn_unless(loaded).await;
    }

    async fn set_foreign_key(&mut self, edge: Edge, child: usize, parent: Option<usize>) {
        if edge.is_required() {
            return;
        }
        let parent = parent.and_then(|n| self.pick(edge.parent(), n, Row::is_stored));
        let Some(child) = self.any(edge.child(), child) else { return };
        if parent.is_some_and(|parent| self.reference.makes_circle(edge, child, parent)) {
            return;
        }
        let (handle, parent_handle) = (self.handle(child).await, self.parent_handle(parent).await);
        edges::set_foreign_key(&mut self.session, edge, handle, parent_handle);
        self.reference.set_foreign_key(edge, child, parent);
    }

    async fn push(&mut self, edge: Edge, parent: usize, child: usize) {
        if edge.fate() == Fate::Guard {
            return;
        }
        let Some(parent) = self.any(edge.parent(), parent) else { return };
        let child = self.any(edge.child(), child).filter(|&child| self.can_link(edge, child, Some(parent)));
        let Some(child) = child else { return };
        let loaded = edge != Edge::MascotTeam || self.is_mascot_known(Some(parent));
        let (parent_handle, child_handle) = (self.handle(parent).await, self.handle(child).await);
        edges::push(&mut self.session, edge, parent_handle, child_handle);
        self.reference.link(edge, child, Some(parent));
        self.learn_unless(loaded).await;
    }

    /// Also of one that is not there, which does nothing.
    async fn remove(&mut self, edge: Edge, parent: usize, child: usize) {
        if !edge.has_collection() {
            return;
        }
        let (Some(parent), Some(child)) = (self.any(edge.parent(), parent), self.any(edge.child(), child)) else {
            return;
        };
        let is_member = self.reference.parent(edge, child) == Some(parent);
        if is_member && !self.can_link(edge, child, None) {
            return;
        }
        let (parent_handle, child_handle) = (self.handle(parent).await, self.handle(child).await);
        edges::remove(&mut self.session, edge, parent_handle, child_handle);
        if is_member {
            self.reference.link(edge, child, None);
        }
    }

    async fn replace(&mut self, edge: Edge, parent: usize, children: Vec<usize>) {
        let Some(parent) = self.any(edge.parent(), parent).filter(|_| edge.has_collection()) else { return };
        let mut new: Vec<usize> = Vec::new();
        for child in children.into_iter().filter_map(|n| self.any(edge.child(), n)) {
            let is_member = self.reference.parent(edge, child) == Some(parent);
            let joins = is_member || !edge.is_in_key() && self.can_link(edge, child, Some(parent));
            if joins && !new.contains(&child) {
                new.push(child);
            }
        }
        let old = self.reference.children(edge, parent);
        let left: Vec<usize> = old.into_iter().filter(|child| !new.contains(child)).collect();
        if !left.iter().all(|&child| self.can_link(edge, child, None)) {
            return;
        }
        let parent_handle = self.handle(parent).await;
        let loaded = edges::is_parent_side_loaded(&self.session, edge, parent_handle);
        let mut members = Vec::new();
        for &child in &new {
            members.push(self.handle(child).await);
        }
        edges::replace(&mut self.session, edge, parent_handle, &members);
        left.into_iter().for_each(|child| self.reference.link(edge, child, None));
        new.into_iter().for_each(|child| self.reference.link(edge, child, Some(parent)));
        self.learn_unless(loaded).await;
    }

    async fn many_to_many(&mut self, step: Step) {
        let (team, badge) = match step {
            Step::Award(team, badge, _) | Step::Withdraw(team, badge, _) => (team, badge),
            Step::ReplaceBadges(team, _) => (team, 0),
            Step::ReplaceTeams(badge, _) => (0, badge),
            _ => return,
        };
        let (Some(t), Some(b)) = (self.any(Kind::Team, team), self.any(Kind::Badge, badge)) else { return };
        let (team, badge) = edges::team_and_badge(self.handle(t).await, self.handle(b).await);
        let (badges, teams) = (self.session.is_loaded(team, Team::badges), self.session.is_loaded(badge, Badge::teams));
        let is_linked = self.reference.links.contains(&(t, b));
        match step {
            // Whether an unloaded collection has a member nobody knows: linking it again would be an error.
            Step::Award(.., side) if badges || teams || !is_linked => {
                match side {
                    true => drop(self.session.push(team, Team::badges, badge)),
                    false => drop(self.session.push(badge, Badge::teams, team)),
                }
                self.reference.links.insert((t, b));
            }
            Step::Withdraw(.., side) if badges || teams || is_linked => {
                match side {
                    true => drop(self.session.remove(team, Team::badges, badge)),
                    false => drop(self.session.remove(badge, Badge::teams, team)),
                }
                self.reference.links.remove(&(t, b));
            }
            Step::ReplaceBadges(_, new) => {
                let new: BTreeSet<usize> = new.into_iter().filter_map(|n| self.any(Kind::Badge, n)).collect();
                let mut members = Vec::new();
                for &badge in &new {
                    members.push(Badge::entity(self.handle(badge).await));
                }
                self.session.replace(team, Team::badges, members);
                self.reference.links.retain(|link| link.0 != t);
                self.reference.links.extend(new.into_iter().map(|b| (t, b)));
                self.learn_unless(badges).await;
            }
            Step::ReplaceTeams(_, new) => {
                let new: BTreeSet<usize> = new.into_iter().filter_map(|n| self.any(Kind::Team, n)).collect();
                let mut members = Vec::new();
                for &team in &new {
                    members.push(Team::entity(self.handle(team).await));
                }
                self.session.replace(badge, Badge::teams, members);
                self.reference.links.retain(|link| link.1 != b);
                self.reference.links.extend(new.into_iter().map(|t| (t, b)));
                self.learn_unless(teams).await;
            }
            _ => {}
        }
    }

    async fn delete(&mut self, kind: Kind, n: usize) {
        let Some(row) = self.usable(kind, n) else { return };
        let is_new = self.reference.rows[row].life == Life::New;
        if is_new && !self.reference.can_leave(row) {
            return;
        }
        let handle = self.handle(row).await;
        entity!(handle, |e| self.session.delete(e));
        match is_new {
            true => self.reference.leave(row),
            false => self.reference.rows[row].life = Life::Marked,
        }
    }

    async fn merge(&mut self, kind: Kind, n: usize) {
        // The key of a contract names its parents, and gives them back to one that has lost them.
        let fits = |row: &Row| row.life == Life::Here && (kind != Kind::Contract || row.linked.is_empty());
        let Some(row) = self.pick(kind, n, fits) else { return };
        let (name, key) = (self.fresh_name(), self.reference.rows[row].key.clone());
        let key = key.expect("a row that is here is stored");
        let merged = model!(kind, {
            let mut model = M::with_key(&key);
            model.set_name(name.clone());
            model.set_number(9);
            M::handle(self.session.merge(model).await.unwrap())
        });
        match self.handles[row].filter(|&handle| self.is_held(handle)) {
            Some(handle) => assert_eq!(merged, handle, "merged onto another"),
            None => self.handles[row] = Some(merged),
        }
        let row = &mut self.reference.rows[row];
        (row.name, row.number) = (name, 9);
    }

    async fn read(&mut self, step: Step) {
        match step {
            Step::LoadParent(edge, n) => {
                if let Some(row) = self.any(edge.child(), n) {
                    let handle = self.handle(row).await;
                    let loaded = edges::load_parent(&mut self.session, edge, handle).await;
                    let missing = edge.is_required() && self.reference.parent(edge, row).is_none();
                    assert!(loaded.is_ok() || missing, "{loaded:?}");
                }
            }
            Step::LoadChildren(edge, n) => {
                if let Some(row) = self.any(edge.parent(), n) {
                    let handle = self.handle(row).await;
                    edges::load_children(&mut self.session, edge, handle).await.unwrap();
                }
            }
            Step::LoadBadges(n) => {
                if let Some(row) = self.any(Kind::Team, n) {
                    let team = Team::entity(self.handle(row).await);
                    self.session.load(team, Team::badges).await.unwrap();
                }
            }
            Step::LoadTeams(n) => {
                if let Some(row) = self.any(Kind::Badge, n) {
                    let badge = Badge::entity(self.handle(row).await);
                    self.session.load(badge, Badge::teams).await.unwrap();
                }
            }
            // These discard what was changed, so there must be nothing.
            Step::Expire(kind, n) | Step::Refresh(kind, n) | Step::Expunge(kind, n) => {
                let here = self.pick(kind, n, |row| row.life == Life::Here);
                if let Some(row) = here.filter(|_| self.reference.is_clean() && self.session.is_clean()) {
                    let handle = self.handle(row).await;
                    match step {
                        Step::Expire(..) => entity!(handle, |e| self.session.expire(e)).unwrap(),
                        Step::Refresh(..) => entity!(handle, |e| self.session.refresh(e).await).unwrap(),
                        _ => entity!(handle, |e| drop(self.session.expunge(e).unwrap())),
                    }
                }
            }
            _ => {}
        }
    }

    /// Flushes, and what comes with it. What must fail fails, and is rolled back.
    async fn write(&mut self, write: Write) {
        let expected = self.reference.expected();
        let done = match write {
            Write::Flush => self.session.flush().await.map(drop),
            Write::Commit => self.session.commit().await,
            Write::Begin => self.session.begin_nested().await,
            Write::Release => self.session.commit_nested().await,
        };
        match (expected, done) {
            (Expected::Done, Ok(())) => {}
            (Expected::Refused, Err(error)) if error.is_integrity() => return self.recover().await,
            (Expected::Outside, Err(error)) if error.kind() == ErrorKind::InvalidState => return self.recover().await,
            (expected, done) => panic!("{write:?} should come to {expected:?}: {done:?}"),
        }
        self.reference.flushed();
        self.versions_set = false;
        self.learn_keys();
        match write {
            Write::Flush => {}
            Write::Begin => self.savepoints.push(self.reference.clone()),
            Write::Release => drop(self.savepoints.pop()),
            Write::Commit => {
                self.savepoints.clear();
                self.committed = self.reference.clone();
            }
        }
        self.check_tables().await;
        if write == Write::Commit {
            // Reading has begun a transaction.
            self.session.rollback().await.unwrap();
            self.check_views().await;
        }
    }

    /// The keys of new rows, and of those whose keys have changed with their parents'.
    fn learn_keys(&mut self) {
        for (row, handle) in self.reference.rows.iter_mut().zip(&self.handles) {
            if let (Life::Here, Some(handle)) = (row.life, *handle) {
                row.key = entity!(handle, |e| self.session.try_get(e).map(Named::key).ok()).or(row.key.take());
            }
        }
    }

    async fn recover(&mut self) {
        match self.savepoints.is_empty() {
            true => self.rollback().await,
            false => self.rollback_nested().await,
        }
    }

    async fn rollback(&mut self) {
        self.session.rollback().await.unwrap();
        self.savepoints.clear();
        self.go_back(self.committed.clone());
        self.check_tables().await;
        self.session.rollback().await.unwrap();
    }

    async fn rollback_nested(&mut self) {
        let Some(before) = self.savepoints.pop() else { return };
        self.session.rollback_nested().await.unwrap();
        self.go_back(before);
        self.check_tables().await;
    }

    /// Rows added since are out of the unit of work; one that had left the session and was read again is
    /// known to be out of date.
    fn go_back(&mut self, before: Reference) {
        let added: Vec<Handle> = self.handles.drain(before.rows.len()..).flatten().collect();
        for handle in added {
            let is_out = entity!(handle, |e| self.session.state(e) == State::Detached || self.session.is_expired(e));
            assert!(is_out, "{handle:?} was added since");
        }
        self.reference = before;
        self.versions_set = false;
    }
}

/// The key is another's, who will have it still.
#[derive(Debug, PartialEq)]
struct Taken;
