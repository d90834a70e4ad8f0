// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Ollama: `manifests/HOST/NAMESPACE/NAME/TAG` says what blobs a model has. The cache may be mounted at the store itself or
//! above it.

use serde::Deserialize;

use super::{File, is_plain};
use crate::backup::manifest::{Model, digest};

/// The folder of the manifests.
pub(super) const MANIFESTS: &str = "manifests";

/// The registry that needs not be named.
const REGISTRY: &str = "registry.ollama.ai";
/// The namespace there that needs not be named.
const LIBRARY: &str = "library";

#[derive(Deserialize)]
struct Manifest {
    config: Option<Blob>,
    layers: Vec<Blob>,
}

#[derive(Deserialize)]
struct Blob {
    size: u64,
}

/// The models, and how many manifests cannot be read.
pub(super) fn models(files: &[File<'_>], service: Option<&str>) -> (Vec<Model>, usize) {
    let (mut models, mut damaged) = (Vec::new(), 0);
    for file in files {
        let Some(name) = name_of(file.path) else { continue };
        let manifest = file.text.and_then(|text| Some((text, serde_json::from_str::<Manifest>(text).ok()?)));
        let Some((text, manifest)) = manifest else {
            damaged += 1;
            continue;
        };
        let blobs = manifest.config.iter().chain(&manifest.layers);
        let fetch = service.filter(|_| is_plain(&name));
        models.push(Model {
            fetch: fetch.map(|service| format!("docker compose exec {service} ollama pull {name}")),
            name,
            // What `ollama list` shows the beginning of.
            digest: Some(format!("sha256:{}", digest(text.as_bytes()))),
            bytes: blobs.fold(0, |sum, blob| sum.saturating_add(blob.size)),
        });
    }
    (models, damaged)
}

/// The name that the manifest at this path is fetched by; none of a file that is no manifest.
fn name_of(path: &str) -> Option<String> {
    let path = path.strip_prefix("models/").unwrap_or(path);
    let names: Vec<&str> = path.strip_prefix(MANIFESTS)?.strip_prefix('/')?.split('/').collect();
    let [host, namespace, name, tag] = names.as_slice() else { return None };
    Some(match (*host, *namespace) {
        (REGISTRY, LIBRARY) => format!("{name}:{tag}"),
        (REGISTRY, namespace) => format!("{namespace}/{name}:{tag}"),
        (host, namespace) => format!("{host}/{namespace}/{name}:{tag}"),
    })
}
