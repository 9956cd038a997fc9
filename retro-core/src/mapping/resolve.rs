//! Finding the columns of each relationship, and everything that is wrong on the way.

use super::{Direction, Problem, Relationship, Secondary};
use crate::model::{ForeignKeyDef, ModelDef, RelationshipDef, RelationshipKind, SecondaryDef};

/// Resolves all relationships of a model. One that cannot be resolved is kept with empty columns
/// and reported, so that all problems are found at once; a flush refuses such a mapping.
pub(super) fn relationships(def: &'static ModelDef, problems: &mut Vec<Problem>) -> Box<[Relationship]> {
    def.relationships
        .iter()
        .enumerate()
        .map(|(index, relationship)| {
            resolve(def, index as u16, relationship).unwrap_or_else(|message| {
                problems.push(Problem { model: def.name, field: relationship.field, message });
                unresolved(index as u16, relationship)
            })
        })
        .collect()
}

fn resolve(def: &'static ModelDef, index: u16, relationship: &'static RelationshipDef) -> Result<Relationship, String> {
    let target = (relationship.target)();
    let inverse = inverse(def, index, relationship, target)?;
    let base = Relationship { inverse, ..unresolved(index, relationship) };
    match relationship.kind {
        RelationshipKind::BelongsTo => belongs_to(def, base, target),
        RelationshipKind::HasOne | RelationshipKind::HasMany => has(def, base, target),
        RelationshipKind::ManyToMany => many_to_many(def, base, target),
    }
}

fn unresolved(index: u16, def: &'static RelationshipDef) -> Relationship {
    Relationship {
        index,
        def,
        direction: match def.kind {
            RelationshipKind::BelongsTo => Direction::ManyToOne,
            RelationshipKind::HasOne | RelationshipKind::HasMany => Direction::OneToMany,
            RelationshipKind::ManyToMany => Direction::ManyToMany,
        },
        local: Box::default(),
        remote: Box::default(),
        secondary: None,
        inverse: None,
        nullable: false,
    }
}

/// The other side, which must name this one back and be of the kind that fits.
fn inverse(
    def: &'static ModelDef,
    index: u16,
    relationship: &'static RelationshipDef,
    target: &'static ModelDef,
) -> Result<Option<u16>, String> {
    use RelationshipKind::*;
    let Some(back) = relationship.back_populates else { return Ok(None) };
    let other = &target.relationships[usize::from(back)];
    let other_name = format!("{}::{}", target.name, other.field);
    if !std::ptr::eq((other.target)(), def) {
        return Err(format!("back_populates names {other_name}, which does not lead to {}", def.name));
    }
    if other.back_populates != Some(index) {
        return Err(format!(
            "back_populates names {other_name}, which does not name it back; write `back_populates = {}` there",
            relationship.field
        ));
    }
    let fits = matches!(
        (relationship.kind, other.kind),
        (BelongsTo, HasOne | HasMany) | (HasOne | HasMany, BelongsTo) | (ManyToMany, ManyToMany)
    );
    if !fits {
        return Err(format!("{:?} cannot be the other side of {other_name}, a {:?}", relationship.kind, other.kind));
    }
    Ok(Some(back))
}

fn belongs_to(def: &'static ModelDef, base: Relationship, target: &'static ModelDef) -> Result<Relationship, String> {
    let foreign_key = foreign_key(def, base.def.key, target)?;
    let nullable = nullable(def, foreign_key);
    if base.def.optional != nullable {
        let (is, write) = match nullable {
            true => ("nullable", format!("BelongsTo<Option<{}>>", target.name)),
            false => ("not nullable", format!("BelongsTo<{}>", target.name)),
        };
        return Err(format!("its foreign key is {is}; write `{write}`, or change the key field's type"));
    }
    Ok(Relationship { local: foreign_key.columns.into(), remote: foreign_key.references.into(), nullable, ..base })
}

fn has(def: &'static ModelDef, base: Relationship, target: &'static ModelDef) -> Result<Relationship, String> {
    let columns = match base.inverse {
        Some(back) if base.def.foreign_key.is_empty() => target.relationships[usize::from(back)].key,
        _ => base.def.foreign_key,
    };
    let foreign_key = foreign_key(target, columns, def)?;
    let nullable = nullable(target, foreign_key);
    Ok(Relationship { local: foreign_key.references.into(), remote: foreign_key.columns.into(), nullable, ..base })
}

fn many_to_many(def: &'static ModelDef, base: Relationship, target: &'static ModelDef) -> Result<Relationship, String> {
    let (secondary, local, remote) = match &base.def.secondary {
        None => return Err("a ManyToMany needs `secondary = \"table\"` or `secondary = Model`".into()),
        Some(SecondaryDef::Table { name, local, remote }) => {
            if std::ptr::eq(def, target) && (local.is_empty() || remote.is_empty()) {
                return Err("a many-to-many relationship of a model with itself must name both columns: \
                     `secondary(table = \"..\", local = \"..\", remote = \"..\")`"
                    .into());
            }
            let secondary = Secondary {
                table: name,
                local: association_columns(def, local)?,
                remote: association_columns(target, remote)?,
                model: None,
            };
            (secondary, def.primary_key.into(), target.primary_key.into())
        }
        Some(SecondaryDef::Model { model, local, remote }) => {
            let model = model();
            let to_local = foreign_key(model, local, def)?;
            let to_remote = foreign_key(model, remote, target)?;
            let names = |key: &ForeignKeyDef| {
                key.columns.iter().map(|&c| model.columns[usize::from(c)].name.to_string()).collect()
            };
            let secondary =
                Secondary { table: model.table, local: names(to_local), remote: names(to_remote), model: Some(model) };
            (secondary, to_local.references.into(), to_remote.references.into())
        }
    };
    Ok(Relationship { local, remote, secondary: Some(secondary), nullable: true, ..base })
}

/// The columns of an implicit association table: as named, else `<model>_<key column>`.
fn association_columns(def: &ModelDef, named: &[&str]) -> Result<Box<[String]>, String> {
    let key = def.primary_key;
    if named.is_empty() {
        let prefix = snake_case(def.name);
        return Ok(key.iter().map(|&c| format!("{prefix}_{}", def.columns[usize::from(c)].name)).collect());
    }
    if named.len() != key.len() {
        return Err(format!(
            "{} has a key of {} columns, the association table names {}",
            def.name,
            key.len(),
            named.len()
        ));
    }
    Ok(named.iter().map(|name| name.to_string()).collect())
}

/// The foreign key of `from` over `columns`, or its only one to `target` where no columns are named.
fn foreign_key(
    from: &'static ModelDef,
    columns: &[u16],
    target: &'static ModelDef,
) -> Result<&'static ForeignKeyDef, String> {
    let mut found = from
        .foreign_keys
        .iter()
        .filter(|key| std::ptr::eq((key.target)(), target) && (columns.is_empty() || key.columns == columns));
    let first = found.next().ok_or_else(|| {
        format!(
            "{} has no foreign key to {}; give its field `#[retro(foreign_key = {}::..)]`",
            from.name, target.name, target.name
        )
    })?;
    if found.next().is_some() && columns.is_empty() {
        return Err(format!("{} has several foreign keys to {}; name the one that is meant", from.name, target.name));
    }
    Ok(first)
}

fn nullable(def: &ModelDef, key: &ForeignKeyDef) -> bool {
    key.columns.iter().any(|&column| def.columns[usize::from(column)].nullable)
}

/// `OrderItem` as `order_item`.
pub(crate) fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for (i, c) in name.chars().enumerate() {
        if c.is_uppercase() && i > 0 {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}
