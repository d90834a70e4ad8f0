// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Known services, as data from `stacks/`.

/// All known services.
#[derive(Debug, Default)]
pub struct Catalog {}
