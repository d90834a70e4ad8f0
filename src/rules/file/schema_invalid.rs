// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `schema-invalid`: found by the loader.

use crate::diag::Level;
use crate::rules::{FixSafety, Persona, RuleMeta};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "schema-invalid",
    summary: "keys and values that Docker Compose refuses: unknown keys, wrong types, malformed ports or durations",
    why: "Docker Compose stops at the first of these faults and starts nothing. Most are slips of the pen \
          (`healtcheck`), a list where a mapping belongs, a number without its unit, or an unquoted date.",
    bad: "services:\n  web:\n    image: nginx:1.29.2\n    healtcheck:\n      test: [\"CMD\", \"curl\", \"-f\", \"http://127.0.0.1\"]\n",
    good: "services:\n  web:\n    image: nginx:1.29.2\n    healthcheck:\n      test: [\"CMD\", \"curl\", \"-f\", \"http://127.0.0.1\"]\n",
    sections: &[1],
    level: Level::Error,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};
