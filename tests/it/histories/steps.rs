//! What is done in a history.

use proptest::prelude::*;

use super::models::{KINDS, Kind};
use super::reference::{EDGES, Edge};

/// A step. Numbers pick rows, of those that the step can be done with at the time.
#[derive(Debug, Clone)]
pub enum Step {
    Add(Kind, [Option<usize>; 2]),
    /// Adds a row with the key of one that is marked.
    TakeOver(Kind, usize),
    Name(Kind, usize),
    Number(Kind, usize, i32),
    Version(Kind, usize, i32),
    /// One row gets another name, and another row the name that it had.
    PassName(Kind, usize, usize),
    Set(Edge, usize, Option<usize>),
    SetForeignKey(Edge, usize, Option<usize>),
    Push(Edge, usize, usize),
    Remove(Edge, usize, usize),
    Replace(Edge, usize, Vec<usize>),
    /// Links a team and a badge, from the team's side or the badge's.
    Award(usize, usize, bool),
    Withdraw(usize, usize, bool),
    ReplaceBadges(usize, Vec<usize>),
    ReplaceTeams(usize, Vec<usize>),
    Delete(Kind, usize),
    Keep(Kind, usize),
    LoadParent(Edge, usize),
    LoadChildren(Edge, usize),
    LoadBadges(usize),
    LoadTeams(usize),
    Expire(Kind, usize),
    Refresh(Kind, usize),
    Expunge(Kind, usize),
    Merge(Kind, usize),
    Flush,
    Commit,
    Rollback,
    Begin,
    Release,
    RollbackNested,
    Reopen,
}

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let kind = || prop::sample::select(KINDS);
    let edge = || prop::sample::select(&EDGES[..]);
    let row = || 0..12_usize;
    let some = || prop::option::weighted(0.7, 0..12_usize);
    let rows = || prop::collection::vec(0..12_usize, 0..4);
    let change = prop_oneof![
        8 => (kind(), some(), some()).prop_map(|(kind, a, b)| Step::Add(kind, [a, b])),
        2 => (kind(), row()).prop_map(|(kind, n)| Step::TakeOver(kind, n)),
        3 => (kind(), row()).prop_map(|(kind, n)| Step::Name(kind, n)),
        2 => (kind(), row(), 0..3).prop_map(|(kind, n, number)| Step::Number(kind, n, number)),
        1 => (kind(), row(), 0..4).prop_map(|(kind, n, version)| Step::Version(kind, n, version)),
        2 => (kind(), row(), row()).prop_map(|(kind, a, b)| Step::PassName(kind, a, b)),
        6 => (kind(), row()).prop_map(|(kind, n)| Step::Delete(kind, n)),
        1 => (kind(), row()).prop_map(|(kind, n)| Step::Keep(kind, n)),
        1 => (kind(), row()).prop_map(|(kind, n)| Step::Merge(kind, n)),
    ];
    let link = prop_oneof![
        8 => (edge(), row(), some()).prop_map(|(edge, child, parent)| Step::Set(edge, child, parent)),
        3 => (edge(), row(), some()).prop_map(|(edge, child, parent)| Step::SetForeignKey(edge, child, parent)),
        6 => (edge(), row(), row()).prop_map(|(edge, parent, child)| Step::Push(edge, parent, child)),
        5 => (edge(), row(), row()).prop_map(|(edge, parent, child)| Step::Remove(edge, parent, child)),
        3 => (edge(), row(), rows()).prop_map(|(edge, parent, children)| Step::Replace(edge, parent, children)),
        4 => (row(), row(), any::<bool>()).prop_map(|(team, badge, side)| Step::Award(team, badge, side)),
        3 => (row(), row(), any::<bool>()).prop_map(|(team, badge, side)| Step::Withdraw(team, badge, side)),
        1 => (row(), rows()).prop_map(|(team, badges)| Step::ReplaceBadges(team, badges)),
        1 => (row(), rows()).prop_map(|(badge, teams)| Step::ReplaceTeams(badge, teams)),
    ];
    let read = prop_oneof![
        4 => (edge(), row()).prop_map(|(edge, n)| Step::LoadParent(edge, n)),
        5 => (edge(), row()).prop_map(|(edge, n)| Step::LoadChildren(edge, n)),
        1 => row().prop_map(Step::LoadBadges),
        1 => row().prop_map(Step::LoadTeams),
        1 => (kind(), row()).prop_map(|(kind, n)| Step::Expire(kind, n)),
        1 => (kind(), row()).prop_map(|(kind, n)| Step::Refresh(kind, n)),
        1 => (kind(), row()).prop_map(|(kind, n)| Step::Expunge(kind, n)),
    ];
    let end = prop_oneof![
        6 => Just(Step::Flush),
        3 => Just(Step::Commit),
        3 => Just(Step::Rollback),
        3 => Just(Step::Begin),
        2 => Just(Step::Release),
        3 => Just(Step::RollbackNested),
        3 => Just(Step::Reopen),
    ];
    prop::collection::vec(prop_oneof![30 => change, 34 => link, 14 => read, 20 => end], 1..40)
}
