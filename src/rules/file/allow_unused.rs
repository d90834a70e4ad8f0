// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `allow-unused`: found while allow comments are applied.

use crate::diag::Level;
use crate::rules::{FixSafety, Persona, RuleMeta};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "allow-unused",
    summary: "an allow comment that hides nothing",
    why: "The fault was mended, the comment stands at the wrong place, or the name of the rule is misspelt. In each case \
          the comment claims an exception that does not exist, and would hide a new fault that nobody has judged.\n\n\
          An allow comment binds to the key on its own line, or to the key directly below it, with the whole block of \
          that key.",
    bad: "services:\n  web:\n    # stackctl: allow[image-tag-mutable] follows the upstream preview\n    image: nginx:1.29.2\n",
    good: "services:\n  web:\n    image: nginx:1.29.2\n",
    sections: &[0],
    level: Level::Warning,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};
