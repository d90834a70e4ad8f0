// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Probes against listeners of the test, and `stackctl verify` as a process: without an engine, and on real ones
//! (`STACKCTL_TEST_DOCKER_HOST`, commas between).

mod away;
mod engines;
mod stage;
mod talks;
