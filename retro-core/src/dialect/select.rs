//! Writing a SELECT in the dialect's SQL.

use sea_query::{MysqlQueryBuilder, PostgresQueryBuilder, SelectStatement, SqlWriter, SqliteQueryBuilder};

use super::Dialect;

impl Dialect {
    pub(crate) fn write_select(self, select: &SelectStatement, writer: &mut impl SqlWriter) {
        match self {
            Dialect::Sqlite => select.build_collect_into(SqliteQueryBuilder, writer),
            Dialect::Postgres => select.build_collect_into(PostgresQueryBuilder, writer),
            Dialect::MySql => select.build_collect_into(MysqlQueryBuilder, writer),
        }
    }
}
