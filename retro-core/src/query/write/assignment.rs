//! [`Assignment`]: a column and the value that it gets.

use std::marker::PhantomData;
use std::sync::Arc;

use crate::model::{Column, Mapped};
use crate::query::expression::masked;
use crate::query::{Expression, IntoExpr};
use crate::sql::node::Node;
use crate::sql::write::Set;
use crate::value::ColumnType;

/// A column of the model `M` and the value that it gets. Made by [`Column::to`].
#[derive(Debug)]
pub struct Assignment<M> {
    set: Set,
    model: PhantomData<fn() -> M>,
}

impl<M: Mapped, T: ColumnType> Column<M, T> {
    /// The column with the value that a statement gives it: `Product::year.to(1982)`, or an
    /// expression, `Product::year.to(Product::year + 1)`.
    pub fn to(self, value: impl IntoExpr<T::Base>) -> Assignment<M> {
        let node = masked(value.into_node().0, &self.node().0);
        let node = match &*node {
            Node::Bind(bind) => Arc::new(Node::Bind(bind.clone().written_to(Some(self.definition())))),
            _ => node,
        };
        Assignment { set: Set { column: self.index(), node }, model: PhantomData }
    }
}

/// What a statement can set: one assignment, or a tuple, array or `Vec` of them. Of several for one
/// column the last one counts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say what columns of `{M}` are set to",
    label = "expected `{M}::column.to(value)`, or a tuple, array or `Vec` of such"
)]
pub trait Assignments<M> {
    #[doc(hidden)]
    fn add(self, list: &mut SetList);
}

/// Columns and their values, as the crate knows them.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct SetList(Vec<Set>);

/// Puts assignments into a list of others.
pub(super) fn put<M>(assignments: impl Assignments<M>, list: &mut Vec<Set>) {
    let mut added = SetList::default();
    assignments.add(&mut added);
    added.0.into_iter().for_each(|set| set.put(list));
}

impl<M> Assignments<M> for Assignment<M> {
    fn add(self, list: &mut SetList) {
        list.0.push(self.set);
    }
}

impl<M, A: Assignments<M>> Assignments<M> for Vec<A> {
    fn add(self, list: &mut SetList) {
        self.into_iter().for_each(|assignment| assignment.add(list));
    }
}

impl<M, A: Assignments<M>, const N: usize> Assignments<M> for [A; N] {
    fn add(self, list: &mut SetList) {
        self.into_iter().for_each(|assignment| assignment.add(list));
    }
}

macro_rules! tuples {
    ($($t:ident $i:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<M, $($t: Assignments<M>),*> Assignments<M> for ($($t,)*) {
            fn add(self, list: &mut SetList) {
                $(self.$i.add(list);)*
            }
        }
    };
}
tuples!(A 0);
tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);
tuples!(A 0, B 1, C 2, D 3, E 4);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
