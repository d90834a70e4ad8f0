// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `reference-invalid`: found by the loader.

use crate::diag::Level;
use crate::rules::{FixSafety, Persona, RuleMeta};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "reference-invalid",
    summary: "names of networks, volumes, secrets, configs, services or files that do not exist, and names taken twice",
    why: "A service that joins an undefined network, mounts an undefined volume, extends a missing service or includes a \
          missing file cannot be created; Docker Compose refuses the whole project. The same holds for two services \
          with one `container_name`.",
    bad: "services:\n  web:\n    image: nginx:1.29.2\n    networks: [frontend]\nnetworks:\n  front: {}\n",
    good: "services:\n  web:\n    image: nginx:1.29.2\n    networks: [front]\nnetworks:\n  front: {}\n",
    sections: &[1],
    level: Level::Error,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};
