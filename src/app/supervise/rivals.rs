// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Other programs that restart containers: two healers undo each other's work.

use crate::sys::engine::{ContainerFilter, Deadline, Engine, EngineError};

/// Words in the names of images that restart what is unhealthy.
const HEALERS: &[&str] = &["autoheal", "deunhealth"];

/// The names of running containers that restart others, going by their images.
///
/// # Errors
/// The engine cannot be asked.
pub async fn rivals(engine: &dyn Engine) -> Result<Vec<String>, EngineError> {
    let running = ContainerFilter { only_running: true, ..ContainerFilter::default() };
    let containers = engine.list_containers(&running, Deadline::QUESTION).await?;
    let is_healer = |image: &str| HEALERS.iter().any(|word| image.contains(word));
    Ok(containers.into_iter().filter(|one| is_healer(&one.image)).map(|one| one.name).collect())
}
