// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `yaml-invalid`: found by the loader.

use crate::diag::Level;
use crate::rules::{FixSafety, Persona, RuleMeta};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "yaml-invalid",
    summary: "text that is not valid YAML: syntax errors, keys given twice, faulty merge keys",
    why: "Docker Compose refuses such a file as a whole, so nothing in it can be started, stopped or updated. A key that \
          is given twice is refused as well; many other readers silently take one of the two.\n\n\
          This rule cannot be switched off: where the text cannot be read, no other rule has looked at it.",
    bad: "services:\n  web:\n    image: nginx:1.29.1\n    image: nginx:1.29.2\n",
    good: "services:\n  web:\n    image: nginx:1.29.2\n",
    sections: &[1],
    level: Level::Error,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};
