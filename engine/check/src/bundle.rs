//! The files that a plan consists of, and the hash that names it.

use std::sync::Arc;

use wf_expr::Asset;
use wf_plan::{Connector, Plan};
use wf_source::FileId;

use crate::names::{Role, World};

pub(crate) fn files_of(world: &World<'_>, connector: &Connector) -> Vec<FileId> {
    let of = |face: &wf_plan::Face| {
        let protos = face.protos.iter().flat_map(|protos| protos.files()).map(String::as_str);
        let all = std::iter::once(face.file.as_str()).chain(protos);
        all.filter_map(|path| world.files.by_path(path)).collect::<Vec<_>>()
    };
    connector.faces.iter().flat_map(of).collect()
}

/// The files that a plan consists of: its own, those of its libraries and their templates, those of its connectors.
pub(crate) fn bundle(world: &World<'_>, plan: &Plan, connectors: &[Arc<Connector>]) -> Vec<FileId> {
    let workflow = world.units.iter().find(|u| u.role == Role::Workflow && *u.name == *plan.name.as_str());
    let mut files = vec![];
    for id in workflow.map_or_else(Vec::new, |unit| world.seen_by(unit.id)) {
        files.push(world.unit(id).file);
        files.extend(world.templates_of(id).iter().map(|t| t.file));
    }
    for action in &plan.actions {
        let connector = connectors.iter().find(|c| c.name == action.connector);
        files.extend(connector.map_or_else(Vec::new, |connector| files_of(world, connector)));
    }
    files.sort();
    files.dedup();
    files
}

/// Files that something in the bundle names which this plan does not reach: a library is read as a whole, also when the plan is made again
/// from its bundle.
pub(crate) fn named_assets(world: &World<'_>, bundle: &[FileId], plan: &Plan) -> Vec<Asset> {
    let known = |path: &str| plan.module.program.assets.iter().any(|asset| asset.path.as_str() == path);
    let texts: Vec<_> = bundle.iter().filter_map(|id| world.files.get(*id)).collect();
    let named = |path: &str| {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        texts.iter().any(|file| folder.starts_with(folder_of(&file.path)) && file.text.contains(name))
    };
    let all = world.project.assets().filter(|(path, _)| !known(path) && named(path));
    let asset = |(path, bytes): (&str, &Arc<[u8]>)| {
        let name = path.rsplit('/').next().unwrap_or(path);
        Asset { name: name.into(), path: path.into(), bytes: bytes.clone() }
    };
    all.map(asset).collect()
}

fn folder_of(path: &str) -> &str {
    let folder = crate::project::folder(path);
    folder.strip_suffix("/templates").unwrap_or(folder)
}

/// BLAKE3 over paths and what stands in the files, assets too: equal bundles, equal plans.
pub(crate) fn hash(world: &World<'_>, bundle: &[FileId], plan: &Plan) -> String {
    let texts =
        bundle.iter().filter_map(|id| world.files.get(*id)).map(|file| (file.path.as_str(), file.text.as_bytes()));
    let assets = plan.module.program.assets.iter().map(|asset| (asset.path.as_str(), &*asset.bytes));
    let mut files: Vec<_> = texts.chain(assets).collect();
    files.sort_unstable();
    let mut hasher = blake3::Hasher::new();
    for (path, bytes) in files {
        for part in [path.as_bytes(), bytes] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    hasher.finalize().to_hex().to_string()
}
