//! [`PrimaryKey`]: the types that `get` takes.

use smallvec::SmallVec;

use crate::value::{ColumnType, Value};

/// The values of a key, in the order of the key's columns.
pub(crate) type KeyValues<'a> = SmallVec<[Value<'a>; 2]>;

/// The type of a primary key: a column type, or a tuple of column types in the order in which the
/// struct declares its key fields.
pub trait PrimaryKey: Send + Sync {
    #[doc(hidden)]
    fn values(&self) -> SmallVec<[Value<'_>; 2]>;
}

impl<T: ColumnType> PrimaryKey for T {
    fn values(&self) -> KeyValues<'_> {
        SmallVec::from_iter([self.to_value()])
    }
}

macro_rules! composite {
    ($($t:ident $i:tt),*) => {
        impl<$($t: ColumnType),*> PrimaryKey for ($($t,)*) {
            fn values(&self) -> KeyValues<'_> {
                SmallVec::from_iter([$(self.$i.to_value()),*])
            }
        }
    };
}
composite!(A 0, B 1);
composite!(A 0, B 1, C 2);
composite!(A 0, B 1, C 2, D 3);
composite!(A 0, B 1, C 2, D 3, E 4);
