// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `depends-on-unknown`: found by the loader.

use crate::diag::Level;
use crate::rules::{FixSafety, Persona, RuleMeta};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "depends-on-unknown",
    summary: "`depends_on` names a service that does not exist",
    why: "Docker Compose refuses the project, even when the dependency is written with `required: false`.",
    bad: "services:\n  web:\n    image: nginx:1.29.2\n    depends_on: [dp]\n  db:\n    image: postgres:17.6\n",
    good: "services:\n  web:\n    image: nginx:1.29.2\n    depends_on: [db]\n  db:\n    image: postgres:17.6\n",
    sections: &[4],
    level: Level::Error,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};
