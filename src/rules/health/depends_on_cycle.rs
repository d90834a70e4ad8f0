// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `depends-on-cycle`: found by the loader.

use crate::diag::Level;
use crate::rules::{FixSafety, Persona, RuleMeta};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "depends-on-cycle",
    summary: "services that wait for each other in a ring",
    why: "No service of the ring can be started first, so Docker Compose refuses the project. Links, `volumes_from` and \
          the `service:` network modes count as waiting too.",
    bad: "services:\n  a:\n    image: nginx:1.29.2\n    depends_on: [b]\n  b:\n    image: nginx:1.29.2\n    depends_on: [a]\n",
    good: "services:\n  a:\n    image: nginx:1.29.2\n    depends_on: [b]\n  b:\n    image: nginx:1.29.2\n",
    sections: &[4],
    level: Level::Error,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};
