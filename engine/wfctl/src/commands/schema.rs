//! `wfctl schema`

use std::path::Path;

use wf_syntax::SCHEMAS;

use crate::args::Schema;
use crate::exit::{Exit, Refusal};
use crate::output;

/// Prints the schema of a kind of file, or writes all of them.
pub fn schema(args: &Schema) -> Result<Exit, Refusal> {
    let names = || SCHEMAS.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    if let Some(folder) = &args.write {
        return write(folder);
    }
    let Some(kind) = &args.kind else {
        return Err(Refusal::wrong(format!("name a kind of file: {}", wf_source::one_of(names(), 9))));
    };
    let found = SCHEMAS.iter().find(|(name, _)| name == kind);
    let Some((_, kind)) = found else {
        return Err(Refusal::wrong(format!("there is no kind of file {kind}: {}", wf_source::one_of(names(), 9))));
    };
    output::print_json(&wf_syntax::schema(*kind));
    Ok(Exit::Fine)
}

fn write(folder: &Path) -> Result<Exit, Refusal> {
    let failed = |path: &Path, e: std::io::Error| Refusal::wrong(format!("{} cannot be written: {e}", path.display()));
    std::fs::create_dir_all(folder).map_err(|e| failed(folder, e))?;
    for (name, kind) in SCHEMAS {
        let path = folder.join(format!("{name}.json"));
        let text = serde_json::to_string_pretty(&wf_syntax::schema(kind)).unwrap_or_default() + "\n";
        std::fs::write(&path, text).map_err(|e| failed(&path, e))?;
        output::say(&format!("wrote {}", path.display()));
    }
    Ok(Exit::Fine)
}
