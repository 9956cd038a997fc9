//! The reference: a naive model of what a session should do. It looks at everything every time, and
//! knows nothing of what is loaded or in which order statements are sent.

use std::collections::{BTreeMap, BTreeSet};

use super::models::{Key, Kind};

/// A relationship, named by its many-to-one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Edge {
    PlayerTeam,
    PlayerMentor,
    MascotTeam,
    ContractPlayer,
    ContractSponsor,
    FolderParent,
    MeetingRoom,
}

pub const EDGES: [Edge; 7] = [
    Edge::PlayerTeam,
    Edge::PlayerMentor,
    Edge::MascotTeam,
    Edge::ContractPlayer,
    Edge::ContractSponsor,
    Edge::FolderParent,
    Edge::MeetingRoom,
];

/// What becomes of children whose parent goes, or which it loses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Their foreign key becomes `NULL`.
    Alone,
    /// They go too.
    Gone,
    /// They keep the parent from going.
    Guard,
}

impl Edge {
    pub fn child(self) -> Kind {
        match self {
            Edge::PlayerTeam | Edge::PlayerMentor => Kind::Player,
            Edge::MascotTeam => Kind::Mascot,
            Edge::ContractPlayer | Edge::ContractSponsor => Kind::Contract,
            Edge::FolderParent => Kind::Folder,
            Edge::MeetingRoom => Kind::Meeting,
        }
    }

    pub fn parent(self) -> Kind {
        match self {
            Edge::PlayerTeam | Edge::MascotTeam => Kind::Team,
            Edge::PlayerMentor | Edge::ContractPlayer => Kind::Player,
            Edge::ContractSponsor => Kind::Sponsor,
            Edge::FolderParent => Kind::Folder,
            Edge::MeetingRoom => Kind::Room,
        }
    }

    pub fn fate(self) -> Fate {
        match self {
            Edge::PlayerTeam | Edge::PlayerMentor | Edge::MeetingRoom => Fate::Alone,
            Edge::MascotTeam | Edge::ContractPlayer | Edge::FolderParent => Fate::Gone,
            Edge::ContractSponsor => Fate::Guard,
        }
    }

    /// Whether a child must have a parent.
    pub fn is_required(self) -> bool {
        matches!(self, Edge::MascotTeam | Edge::ContractPlayer | Edge::ContractSponsor)
    }

    /// Whether the foreign key is part of the child's primary key.
    pub fn is_in_key(self) -> bool {
        matches!(self, Edge::ContractPlayer | Edge::ContractSponsor)
    }

    /// Whether the parent has a list of its children.
    pub fn has_collection(self) -> bool {
        !matches!(self, Edge::MascotTeam | Edge::ContractSponsor)
    }

    pub fn is_tree(self) -> bool {
        self.child() == self.parent()
    }
}

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// Added, not flushed.
    New,
    /// In the database.
    Here,
    /// In the database, to be deleted by the next flush.
    Marked,
    /// Was new and left before it was flushed.
    Out,
    /// Deleted.
    Gone,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub kind: Kind,
    pub life: Life,
    pub name: String,
    pub number: i32,
    pub parents: BTreeMap<Edge, Option<usize>>,
    /// The relationships that were changed since the last flush: they win over foreign keys.
    pub linked: BTreeSet<Edge>,
    /// Which parents that delete their orphans it has lost since the last flush.
    pub orphan_of: BTreeSet<Edge>,
    pub version: i64,
    /// The key, known from the flush on, or from the beginning.
    pub key: Option<Key>,
    /// What the database has.
    pub stored: Option<Stored>,
    /// The row whose key it takes over.
    pub replaces: Option<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    name: String,
    number: i32,
    parents: BTreeMap<Edge, Option<usize>>,
}

impl Row {
    /// Whether it is part of the unit of work.
    pub fn is_in(&self) -> bool {
        matches!(self.life, Life::New | Life::Here | Life::Marked)
    }

    pub fn is_stored(&self) -> bool {
        matches!(self.life, Life::Here | Life::Marked)
    }

    fn present(&self) -> Stored {
        Stored { name: self.name.clone(), number: self.number, parents: self.parents.clone() }
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reference {
    pub rows: Vec<Row>,
    /// Teams and badges that are linked.
    pub links: BTreeSet<(usize, usize)>,
}

/// What a flush should come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    Done,
    /// A constraint refuses it.
    Refused,
    /// A row names a parent that has left the unit of work.
    Outside,
}

impl Reference {
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = usize> + '_ {
        (0..self.rows.len()).filter(move |&n| self.rows[n].kind == kind)
    }

    /// The children of a row that are part of the unit of work.
    pub fn children(&self, edge: Edge, parent: usize) -> BTreeSet<usize> {
        let is_child = |&n: &usize| self.rows[n].is_in() && self.rows[n].parents[&edge] == Some(parent);
        self.of(edge.child()).filter(is_child).collect()
    }

    pub fn parent(&self, edge: Edge, child: usize) -> Option<usize> {
        self.rows[child].parents[&edge]
    }

    /// Whether a row may get a parent without a circle of parents.
    pub fn makes_circle(&self, edge: Edge, child: usize, parent: usize) -> bool {
        edge.is_tree() && {
            let mut above = Some(parent);
            while let Some(row) = above.filter(|&row| row != child) {
                above = self.rows[row].parents[&edge];
            }
            above.is_some()
        }
    }

    pub fn add(&mut self, row: Row) -> usize {
        self.rows.push(row);
        self.rows.len() - 1
    }

    /// The relationship of a child is set.
    pub fn link(&mut self, edge: Edge, child: usize, parent: Option<usize>) {
        let old = self.parent(edge, child);
        if old == parent {
            return;
        }
        let row = &mut self.rows[child];
        row.parents.insert(edge, parent);
        row.linked.insert(edge);
        if edge.fate() == Fate::Gone {
            match parent {
                Some(_) => drop(row.orphan_of.remove(&edge)),
                None if row.life == Life::New => return self.leave(child),
                None => drop(row.orphan_of.insert(edge)),
            }
        }
        if edge == Edge::MascotTeam
            && let Some(team) = parent
        {
            for other in self.children(edge, team).into_iter().filter(|&other| other != child) {
                self.link(edge, other, None);
            }
        }
    }

    /// The foreign key of a child is set by hand.
    pub fn set_foreign_key(&mut self, edge: Edge, child: usize, parent: Option<usize>) {
        if !self.rows[child].linked.contains(&edge) {
            self.rows[child].parents.insert(edge, parent);
        }
    }

    /// A new row leaves the unit of work, with the new ones that go with it.
    pub fn leave(&mut self, row: usize) {
        for row in self.below(row) {
            self.rows[row].life = Life::Out;
            self.links.retain(|&(team, badge)| team != row && badge != row);
        }
    }

    /// A row and those that go with it.
    fn below(&self, row: usize) -> Vec<usize> {
        let mut below = vec![row];
        let mut next = 0;
        while let Some(&row) = below.get(next) {
            next += 1;
            for edge in EDGES.into_iter().filter(|edge| edge.parent() == self.rows[row].kind) {
                if edge.fate() == Fate::Gone {
                    below.extend(self.children(edge, row));
                }
            }
        }
        below
    }

    /// Whether a row can leave before it is written: nobody who stays in the database goes with it.
    pub fn can_leave(&self, row: usize) -> bool {
        self.below(row).into_iter().all(|row| self.rows[row].life == Life::New)
    }

    /// The rows that go with the next flush.
    fn doomed(&self) -> BTreeSet<usize> {
        let asked = |&n: &usize| {
            let row = &self.rows[n];
            row.life == Life::Marked || row.life == Life::Here && !row.orphan_of.is_empty()
        };
        let mut doomed: BTreeSet<usize> = (0..self.rows.len()).filter(asked).collect();
        let mut rest: Vec<usize> = doomed.iter().copied().collect();
        while let Some(row) = rest.pop() {
            let kind = self.rows[row].kind;
            for edge in EDGES.into_iter().filter(|edge| edge.parent() == kind && edge.fate() == Fate::Gone) {
                rest.extend(self.children(edge, row).into_iter().filter(|&child| doomed.insert(child)));
            }
        }
        doomed
    }

    /// What the next flush should come to.
    pub fn expected(&self) -> Expected {
        let doomed = self.doomed();
        let mut expected = if self.names_clash(&doomed) { Expected::Refused } else { Expected::Done };
        for row in (0..self.rows.len()).filter(|n| !doomed.contains(n)).map(|n| &self.rows[n]).filter(|row| row.is_in())
        {
            for (edge, parent) in row.parents.iter().filter_map(|(edge, parent)| Some((edge, (*parent)?))) {
                if self.rows[parent].life == Life::Out {
                    return Expected::Outside;
                }
                if edge.fate() == Fate::Guard && doomed.contains(&parent) {
                    expected = Expected::Refused;
                }
            }
        }
        expected
    }

    /// Whether a row takes a name that another has in the database until after it: deletes come last, and
    /// rows cannot exchange their names.
    fn names_clash(&self, doomed: &BTreeSet<usize>) -> bool {
        let stays = |n: &usize| self.rows[*n].is_in() && !doomed.contains(n);
        let stored_name = |n: usize| self.rows[n].stored.as_ref().map(|stored| (self.rows[n].kind, &stored.name));
        // Who has a name in the database, and by which row's UPDATE it becomes free.
        let taken_over: BTreeMap<usize, usize> =
            (0..self.rows.len()).filter(stays).filter_map(|n| Some((self.rows[n].replaces?, n))).collect();
        let mut giver = BTreeMap::new();
        for n in (0..self.rows.len()).filter(|&n| self.rows[n].is_stored()) {
            let by = if doomed.contains(&n) { taken_over.get(&n).copied() } else { Some(n) };
            giver.insert(stored_name(n), by);
        }
        let waits_for = |n: usize| {
            let row = &self.rows[n];
            giver.get(&Some((row.kind, &row.name))).copied().filter(|by| *by != Some(n))
        };
        (0..self.rows.len()).filter(stays).any(|first| {
            // Longer than there are rows, the chain is a circle.
            let mut chain = std::iter::successors(Some(Some(first)), |next| waits_for((*next)?));
            chain.by_ref().take(self.rows.len() + 1).any(|next| next.is_none()) || chain.next().is_some()
        })
    }

    /// Whether there is nothing to flush, as far as the reference knows.
    pub fn is_clean(&self) -> bool {
        self.rows.iter().all(|row| match row.life {
            Life::New | Life::Marked => false,
            Life::Here => row.linked.is_empty() && row.stored.as_ref() == Some(&row.present()),
            Life::Out | Life::Gone => true,
        })
    }

    /// The flush was done.
    pub fn flushed(&mut self) {
        let doomed = self.doomed();
        self.links.retain(|(team, badge)| !doomed.contains(team) && !doomed.contains(badge));
        for n in 0..self.rows.len() {
            let taken_over = self.rows[n].replaces.map_or(0, |old| self.rows[old].version);
            let lost = |parent: &mut Option<usize>| parent.take_if(|parent| doomed.contains(parent)).is_some();
            let row = &mut self.rows[n];
            row.linked.clear();
            row.orphan_of.clear();
            if doomed.contains(&n) {
                // What its parent takes along before it was ever written never becomes a row.
                row.life = if row.life == Life::New { Life::Out } else { Life::Gone };
                continue;
            }
            if !row.is_in() {
                continue;
            }
            row.parents.iter_mut().filter(|(edge, _)| edge.fate() == Fate::Alone).for_each(|(_, parent)| {
                lost(parent);
            });
            let present = row.present();
            match &row.stored {
                None => row.version = taken_over + 1,
                Some(stored) if *stored != present => row.version += 1,
                Some(_) => {}
            }
            row.stored = Some(present);
            row.life = Life::Here;
            row.replaces = None;
        }
    }
}
