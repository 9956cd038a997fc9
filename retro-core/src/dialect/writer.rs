//! Writing the renderer's trees in the dialect's SQL.

use sea_query::{
    Expr, MysqlQueryBuilder, PostgresQueryBuilder, QueryBuilder, QueryStatementWriter, SqlWriter, SqliteQueryBuilder,
};

use super::Dialect;

impl Dialect {
    pub(crate) fn write(self, statement: &impl QueryStatementWriter, writer: &mut impl SqlWriter) {
        match self {
            Dialect::Sqlite => statement.build_collect_into(SqliteQueryBuilder, writer),
            Dialect::Postgres => statement.build_collect_into(PostgresQueryBuilder, writer),
            Dialect::MySql => statement.build_collect_into(MysqlQueryBuilder, writer),
        }
    }

    /// A part of a statement for which the renderer has no place.
    pub(crate) fn write_expr(self, expr: &Expr, writer: &mut impl SqlWriter) {
        match self {
            Dialect::Sqlite => SqliteQueryBuilder.prepare_expr(expr, writer),
            Dialect::Postgres => PostgresQueryBuilder.prepare_expr(expr, writer),
            Dialect::MySql => MysqlQueryBuilder.prepare_expr(expr, writer),
        }
    }
}
