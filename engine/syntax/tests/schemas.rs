//! `schemas/*.json` are what the tables of keys say. `UPDATE_SCHEMAS=1 cargo test -p wf-syntax --test schemas` writes them.

#![expect(clippy::disallowed_methods, reason = "the tests read and write files of the repository")]

use std::path::Path;

use wf_syntax::{SCHEMAS, schema};

#[test]
fn schemas_are_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    for (name, kind) in SCHEMAS {
        let path = folder.join(format!("{name}.json"));
        let made = format!("{:#}\n", schema(kind));
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            std::fs::write(&path, &made).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == made,
            "{} is out of date: UPDATE_SCHEMAS=1 cargo test -p wf-syntax --test schemas",
            path.display()
        );
    }
}

#[test]
fn every_reference_of_a_schema_has_its_definition_and_every_key_a_sentence() {
    for (name, kind) in SCHEMAS {
        let schema = schema(kind);
        let text = schema.to_string();
        let defs = schema["$defs"].as_object().unwrap();
        for reference in text.split("\"#/$defs/").skip(1) {
            let id = reference.split('"').next().unwrap();
            assert!(defs.contains_key(id), "{name}: {id}");
        }
        for (id, def) in defs {
            assert!(!def.is_null(), "{name}: {id}");
            for (key, property) in def["properties"].as_object().into_iter().flatten() {
                assert!(property["description"].as_str().is_some_and(|d| d.len() > 4), "{name}: {id}.{key}");
            }
        }
    }
}
