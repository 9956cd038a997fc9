//! Lists of columns of one model.

use crate::model::Column;
use crate::value::ColumnType;

/// Columns of the model `M`: one, or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of columns of `{M}`",
    label = "expected a column of `{M}`, or a tuple of its columns"
)]
pub trait Columns<M> {
    #[doc(hidden)]
    fn numbers(self) -> Vec<u16>;
}

/// Rows of a query that fit into the columns `C`: as many values, of the same types.
#[diagnostic::on_unimplemented(
    message = "rows of `{Self}` do not fit into the columns `{C}`",
    label = "the query must select as many values as there are columns, of the same types"
)]
pub trait RowFor<C> {}

impl<M, T> Columns<M> for Column<M, T> {
    fn numbers(self) -> Vec<u16> {
        vec![self.index()]
    }
}

impl<M, T: ColumnType, V: ColumnType<Base = T::Base>> RowFor<Column<M, T>> for V {}

macro_rules! tuples {
    ($($t:ident $v:ident $i:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<M, $($t),*> Columns<M> for ($(Column<M, $t>,)*) {
            fn numbers(self) -> Vec<u16> {
                vec![$(self.$i.index()),*]
            }
        }

        #[diagnostic::do_not_recommend]
        impl<M, $($t: ColumnType, $v: ColumnType<Base = $t::Base>),*> RowFor<($(Column<M, $t>,)*)> for ($($v,)*) {}
    };
}
tuples!(A AV 0);
tuples!(A AV 0, B BV 1);
tuples!(A AV 0, B BV 1, C CV 2);
tuples!(A AV 0, B BV 1, C CV 2, D DV 3);
tuples!(A AV 0, B BV 1, C CV 2, D DV 3, E EV 4);
tuples!(A AV 0, B BV 1, C CV 2, D DV 3, E EV 4, F FV 5);
tuples!(A AV 0, B BV 1, C CV 2, D DV 3, E EV 4, F FV 5, G GV 6);
tuples!(A AV 0, B BV 1, C CV 2, D DV 3, E EV 4, F FV 5, G GV 6, H HV 7);
tuples!(A AV 0, B BV 1, C CV 2, D DV 3, E EV 4, F FV 5, G GV 6, H HV 7, I IV 8);
tuples!(A AV 0, B BV 1, C CV 2, D DV 3, E EV 4, F FV 5, G GV 6, H HV 7, I IV 8, J JV 9);
tuples!(A AV 0, B BV 1, C CV 2, D DV 3, E EV 4, F FV 5, G GV 6, H HV 7, I IV 8, J JV 9, K KV 10);
tuples!(A AV 0, B BV 1, C CV 2, D DV 3, E EV 4, F FV 5, G GV 6, H HV 7, I IV 8, J JV 9, K KV 10, L LV 11);
