// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Ollama: its version, and where its loaded models are. When its runtime loses the GPU it goes on with the processor
//! and stays healthy by its own check; only `size_vram` tells.

use serde_json::Value;

use super::{Finding, Gpu, excerpt};
use crate::health::verdict::Degraded;

/// Path of the version.
pub(super) const VERSION: &str = "/api/version";
/// Path of the loaded models.
pub(super) const LOADED: &str = "/api/ps";

/// Models that are named.
const NAMED: usize = 8;

/// A loaded model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Model {
    name: String,
    /// Bytes that it takes.
    size: u64,
    /// Bytes of them on the GPU; `None` where the server does not say.
    on_gpu: Option<u64>,
}

/// The version that the server says.
pub(super) fn version(status: u16, body: &[u8]) -> Result<String, String> {
    let answer = object(VERSION, status, body)?;
    let version = answer.get("version").and_then(Value::as_str);
    version.map(|text| excerpt(text.as_bytes())).ok_or_else(|| format!("the answer to {VERSION} names no version"))
}

/// The models that the server says are loaded.
pub(super) fn loaded(status: u16, body: &[u8]) -> Result<Vec<Model>, String> {
    let answer = object(LOADED, status, body)?;
    let list = match answer.get("models") {
        Some(Value::Array(list)) => list.as_slice(),
        // An empty list has been written as null.
        Some(Value::Null) => &[],
        _ => return Err(format!("the answer to {LOADED} lists no models")),
    };
    Ok(list.iter().filter_map(model).collect())
}

fn object(path: &str, status: u16, body: &[u8]) -> Result<Value, String> {
    if status != 200 {
        return Err(format!("status {status} for {path}"));
    }
    let answer = serde_json::from_slice::<Value>(body).ok().filter(Value::is_object);
    answer.ok_or_else(|| format!("the answer to {path} is no JSON object"))
}

fn model(value: &Value) -> Option<Model> {
    let name = value.get("name").or_else(|| value.get("model")).and_then(Value::as_str)?;
    Some(Model {
        name: excerpt(name.as_bytes()),
        size: value.get("size").and_then(Value::as_u64).unwrap_or(0),
        on_gpu: value.get("size_vram").and_then(Value::as_u64),
    })
}

/// What the models show. One that is wholly on the processor although there is a GPU has lost it; no model at all, or
/// one that is partly on the processor for want of room, is fine.
pub(super) fn judge(version: &str, models: &[Model], gpu: Gpu) -> Finding {
    let is_on_processor = |model: &&Model| model.size > 0 && model.on_gpu == Some(0);
    if gpu == Gpu::Given && models.iter().any(|model| is_on_processor(&model)) {
        return Finding::Fault(Degraded::GpuLost);
    }
    let said: Vec<String> = models.iter().take(NAMED).map(place).collect();
    let more = if models.len() > NAMED { format!(" and {} more", models.len() - NAMED) } else { String::new() };
    let said = if said.is_empty() { "no model loaded".to_owned() } else { said.join(", ") };
    Finding::Works { said: format!("version {version}; {said}{more}") }
}

fn place(model: &Model) -> String {
    let Model { name, size, on_gpu } = model;
    match on_gpu {
        Some(0) => format!("`{name}` on the processor"),
        Some(bytes) if bytes >= size => format!("`{name}` on the GPU"),
        Some(bytes) => {
            let percent = u128::from(*bytes) * 100 / u128::from((*size).max(1));
            format!("`{name}` {percent} % on the GPU, the rest on the processor")
        }
        None => format!("`{name}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(body: &str, gpu: Gpu) -> Result<String, String> {
        match judge("0.35.1", &loaded(200, body.as_bytes())?, gpu) {
            Finding::Works { said } => Ok(said),
            Finding::Fault(fault) => Err(format!("{fault:?}")),
        }
    }

    const ON_PROCESSOR: &str = r#"{"models":[{"name":"llama3:8b","size":6000,"size_vram":0}]}"#;

    #[test]
    fn a_model_without_gpu_is_a_fault_only_where_there_is_one() {
        assert_eq!(said(ON_PROCESSOR, Gpu::Given).err().as_deref(), Some("GpuLost"));
        assert_eq!(said(ON_PROCESSOR, Gpu::NotGiven).as_deref(), Ok("version 0.35.1; `llama3:8b` on the processor"));
    }

    #[test]
    fn no_model_or_one_that_is_partly_there_is_fine() {
        assert_eq!(said(r#"{"models":[]}"#, Gpu::Given).as_deref(), Ok("version 0.35.1; no model loaded"));
        assert_eq!(said(r#"{"models":null}"#, Gpu::Given).as_deref(), Ok("version 0.35.1; no model loaded"));
        let partly = r#"{"models":[{"name":"big","size":200,"size_vram":50},{"name":"s","size":9,"size_vram":9}]}"#;
        let words = "version 0.35.1; `big` 25 % on the GPU, the rest on the processor, `s` on the GPU";
        assert_eq!(said(partly, Gpu::Given).as_deref(), Ok(words));
    }

    #[test]
    fn strange_answers_are_told_or_left_out() {
        assert!(said("[]", Gpu::Given).is_err() && said("{}", Gpu::Given).is_err() && said("{", Gpu::Given).is_err());
        let odd = r#"{"models":[7,{"name":"a","size":-1,"size_vram":1e99},{"size":1},{"name":"b","size":5}]}"#;
        assert_eq!(said(odd, Gpu::Given).as_deref(), Ok("version 0.35.1; `a`, `b`"));
        assert_eq!(version(404, b"{}").err().as_deref(), Some("status 404 for /api/version"));
        assert_eq!(version(200, b"{}").err().as_deref(), Some("the answer to /api/version names no version"));
        assert_eq!(version(200, br#"{"version":"0.1"}"#).as_deref(), Ok("0.1"));
    }

    #[test]
    fn many_models_are_counted() {
        let one = r#"{"name":"m","size":1,"size_vram":1}"#;
        let body = format!(r#"{{"models":[{}]}}"#, [one; 12].join(","));
        assert!(said(&body, Gpu::Given).is_ok_and(|text| text.ends_with("and 4 more")));
    }
}
