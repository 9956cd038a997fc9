//! The order in which tables can be created: those that are referred to come first.

use super::Table;

/// Sorts tables so that each comes after the tables that its foreign keys refer to, and otherwise
/// in the given order. Where tables refer to each other in a circle, the first of the circle to be
/// met comes before its targets: see [`is_forward`].
pub(crate) fn sort(tables: Vec<Table>) -> Vec<Table> {
    let targets: Vec<Vec<usize>> = tables.iter().map(|table| targets(table, &tables)).collect();
    let mut placed = vec![false; tables.len()];
    let mut order = Vec::with_capacity(tables.len());
    while let Some(first) = placed.iter().position(|&placed| !placed) {
        let waits = |table: usize| targets[table].iter().copied().find(|&target| !placed[target]);
        let next = (first..tables.len())
            .find(|&table| !placed[table] && waits(table).is_none())
            .unwrap_or_else(|| on_a_circle(first, waits));
        placed[next] = true;
        order.push(next);
    }
    let mut tables: Vec<Option<Table>> = tables.into_iter().map(Some).collect();
    order.into_iter().filter_map(|table| tables[table].take()).collect()
}

/// Whether a foreign key refers to a table that comes later in the order, so that it can only be
/// added when all tables are there.
pub(crate) fn is_forward(tables: &[Table], table: &str, target: &str) -> bool {
    let position = |name: &str| tables.iter().position(|table| table.name == name);
    position(target) > position(table)
}

/// The other tables that a table refers to. One that is not in the schema does not matter here.
fn targets(table: &Table, tables: &[Table]) -> Vec<usize> {
    let position = |name: &str| tables.iter().position(|other| other.name == name);
    let others = table.foreign_keys.iter().filter(|key| key.target != table.name);
    others.filter_map(|key| position(&key.target)).collect()
}

/// A table on a circle, found by going from table to target until one comes again. Starting at a
/// table that merely depends on a circle is fine.
fn on_a_circle(start: usize, waits: impl Fn(usize) -> Option<usize>) -> usize {
    let mut seen = vec![start];
    let mut table = start;
    while let Some(target) = waits(table) {
        if seen.contains(&target) {
            return target;
        }
        seen.push(target);
        table = target;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ForeignKeyAction;
    use crate::schema::{ForeignKey, PrimaryKey};

    fn table(name: &str, targets: &[&str]) -> Table {
        let key = |target: &&str| ForeignKey {
            name: format!("fk_{name}_{target}"),
            columns: vec![format!("{target}_id")],
            target: target.to_string(),
            references: vec!["id".into()],
            on_delete: ForeignKeyAction::NoAction,
            on_update: ForeignKeyAction::NoAction,
        };
        Table {
            name: name.into(),
            comment: None,
            columns: Vec::new(),
            primary_key: PrimaryKey { name: format!("pk_{name}"), columns: vec!["id".into()] },
            foreign_keys: targets.iter().map(key).collect(),
            indexes: Vec::new(),
            unique_constraints: Vec::new(),
            check_constraints: Vec::new(),
        }
    }

    fn sorted(tables: &[(&str, &[&str])]) -> Vec<String> {
        let tables = tables.iter().map(|(name, targets)| table(name, targets)).collect();
        sort(tables).into_iter().map(|table| table.name).collect()
    }

    #[test]
    fn parents_come_first_and_the_rest_keeps_its_order() {
        assert_eq!(
            sorted(&[("items", &["orders", "products"]), ("products", &[]), ("orders", &[])]),
            ["products", "orders", "items"]
        );
    }

    #[test]
    fn a_table_may_refer_to_itself_and_to_strangers() {
        assert_eq!(sorted(&[("nodes", &["nodes", "elsewhere"])]), ["nodes"]);
    }

    #[test]
    fn a_circle_is_broken_at_one_of_its_own_tables() {
        let order = sorted(&[("visits", &["people"]), ("people", &["houses"]), ("houses", &["people"])]);
        assert_eq!(order, ["people", "visits", "houses"]);
        let tables = sort(vec![table("people", &["houses"]), table("houses", &["people"])]);
        assert!(is_forward(&tables, "people", "houses"));
        assert!(!is_forward(&tables, "houses", "people"));
        assert!(!is_forward(&tables, "people", "people"));
    }
}
