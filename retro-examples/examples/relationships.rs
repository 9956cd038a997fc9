//! The four kinds of relationships: one-to-many, many-to-one, one-to-one, many-to-many.
//!
//! `cargo run -p retro-examples --example relationships [URL]`
//!
//! The database is one in memory; in one that a URL names, tables with these names are dropped first.

use retro_core::prelude::*;

#[derive(Model, Debug, Clone)]
#[retro(table = "office_departments")]
struct Department {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 64)]
    name: String,
    /// One-to-many: the foreign key is the other side's.
    #[retro(back_populates = department, order_by = Employee::name)]
    employees: HasMany<Employee>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "office_employees")]
struct Employee {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 64)]
    name: String,
    #[retro(foreign_key = Department::id)]
    department_id: Option<i32>,
    /// Many-to-one: the other side of `employees`; none, where the foreign key may be `NULL`.
    #[retro(key = department_id, back_populates = employees)]
    department: BelongsTo<Option<Department>>,
    /// One-to-one: nobody else has the same badge, which the database sees to.
    #[retro(back_populates = employee, cascade = "all, delete-orphan")]
    badge: HasOne<Badge>,
    /// Many-to-many: by rows of a table between the two.
    #[retro(secondary = "office_employees_projects", back_populates = members, order_by = Project::name)]
    projects: ManyToMany<Project>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "office_badges")]
struct Badge {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 16)]
    code: String,
    #[retro(foreign_key = Employee::id, unique)]
    employee_id: i32,
    #[retro(key = employee_id, back_populates = badge)]
    employee: BelongsTo<Employee>,
}

#[derive(Model, Debug, Clone)]
#[retro(table = "office_projects")]
struct Project {
    #[retro(primary_key)]
    id: i32,
    #[retro(length = 64)]
    name: String,
    #[retro(secondary = "office_employees_projects", back_populates = projects)]
    members: ManyToMany<Employee>,
}

async fn run(engine: &Engine) -> Result<Vec<String>, Error> {
    let metadata = metadata![Department, Employee, Badge, Project];
    metadata.drop_all(engine).await?;
    metadata.create_all(engine).await?;

    let mut session = Session::new(engine);
    let hardware = session.add(new!(Department { name: "Hardware" }));
    let [agnus, paula] = ["Agnus", "Paula"].map(|name| session.add(new!(Project { name })));
    // New structs move in with the one that names them.
    let jay = session.add(new!(Employee {
        name: "Jay",
        department: hardware,
        badge: new!(Badge { code: "A-1" }),
        projects: [agnus],
    }));
    let glenn = session.push(hardware, Department::employees, new!(Employee { name: "Glenn" }));
    session.push(glenn, Employee::projects, paula);
    session.push(agnus, Project::members, glenn);
    session.commit().await?;

    // Either side changes both.
    session.set(jay, Employee::department, None);
    assert_eq!(session.entities(hardware, Department::employees), [glenn]);
    session.commit().await?;

    let everything = (selectin(Employee::department), selectin(Employee::badge), selectin(Employee::projects));
    let mut session = Session::new(engine);
    let employees = session.all(select(Employee).order_by(Employee::name).options(everything)).await?;
    let line = |employee: EmployeeView<'_>| {
        let department = employee.department().map_or("no department", |department| department.name());
        let badge = employee.badge().map_or("no badge", |badge| badge.code());
        let projects: Vec<&str> = employee.projects().map(|project| project.name()).collect();
        format!("{}: {department}, {badge}, {}", employee.name(), projects.join(" and "))
    };
    Ok(session.views(&employees).map(line).collect())
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "sqlite::memory:".into());
    for line in run(&Engine::connect(&url).await?).await? {
        println!("{line}");
    }
    Ok(())
}

#[tokio::test]
async fn all_four_are_read_back() -> Result<(), Error> {
    let lines = run(&Engine::connect("sqlite::memory:").await?).await?;
    assert_eq!(lines, ["Glenn: Hardware, no badge, Agnus and Paula", "Jay: no department, A-1, Agnus"]);
    Ok(())
}
