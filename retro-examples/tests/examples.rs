//! The small examples may be run in one database, in any order, and beside the store.

use std::collections::HashMap;
use std::path::Path;

use retro_examples::models::metadata;

#[test]
fn no_two_programs_have_a_table_in_common() {
    let store: Vec<String> = metadata().tables().iter().map(|table| table.name.to_string()).collect();
    let mut owners: HashMap<String, String> = store.into_iter().map(|table| (table, "RetroFun".into())).collect();
    let mut programs = 0;
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")).unwrap() {
        let path = entry.unwrap().path();
        let (name, text) = (path.display().to_string(), std::fs::read_to_string(&path).unwrap());
        let named = |attribute: &str| -> Vec<String> {
            text.split(attribute).skip(1).filter_map(|rest| rest.split('"').next().map(str::to_owned)).collect()
        };
        let tables = [named("[retro(table = \""), named("secondary = \"")].concat();
        assert!(!tables.is_empty(), "{name}");
        for table in tables {
            let owner = owners.entry(table.clone()).or_insert_with(|| name.clone());
            assert_eq!(*owner, name, "{table}");
        }
        programs += 1;
    }
    assert_eq!(programs, 7);
}
