// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `allow-without-reason`: found while allow comments are applied.

use crate::diag::Level;
use crate::rules::{FixSafety, Persona, RuleMeta};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "allow-without-reason",
    summary: "an allow comment that does not say why",
    why: "An exception is only worth something to the next reader when it says why it is one. An allow comment without a \
          reason hides nothing until a reason is written behind the bracket.",
    bad: "services:\n  agent:\n    # stackctl: allow[privileged]\n    privileged: true\n",
    good: "services:\n  agent:\n    # stackctl: allow[privileged] reads the temperature sensors of the host\n    privileged: true\n",
    sections: &[0],
    level: Level::Error,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};
