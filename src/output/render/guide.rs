// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Markdown made from what rules say of themselves.

use std::fmt::Write as _;

use crate::rules::{FixSafety, Need, Persona, RuleMeta};

/// The first line of every guide.
const TAG: &str = "<!-- AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices -->";

/// The page `guides/rules/<name>.md` of a rule, also what `stackctl explain` prints.
#[must_use]
pub fn rule_page(meta: &RuleMeta) -> String {
    let mut page = format!("{TAG}\n");
    page.push_str(&rule_text(meta));
    page
}

/// The text of a rule's page, without the first line.
#[must_use]
pub fn rule_text(meta: &RuleMeta) -> String {
    let mut page = format!("# {}\n\n{}\n\n", meta.name, sentence(meta.summary));
    let _ = writeln!(page, "| | |\n|---|---|");
    let _ = writeln!(page, "| Level | {} |", meta.level.as_str());
    let _ = writeln!(page, "| Persona | {} |", persona(meta.persona));
    let _ = writeln!(page, "| Fix | {} |", fix(meta.fix));
    let _ = writeln!(page, "| Needs | {} |", needs(meta.needs));
    let _ = writeln!(page, "| Baseline | {} |", sections(meta.sections));
    let _ = writeln!(page, "| Since | {} |", meta.since);
    let _ = write!(page, "\n## Why\n\n{}\n", meta.why.trim());
    let _ = write!(page, "\n## Flagged\n\n```yaml\n{}\n```\n", meta.bad.trim_end());
    let _ = write!(page, "\n## Better\n\n```yaml\n{}\n```\n", meta.good.trim_end());
    let _ = write!(
        page,
        "\n## Silence it\n\nFor one place, with a reason, on the line above or at the end of the line:\n\n\
         ```yaml\n# stackctl: allow[{name}] the reason\n```\n\n\
         Everywhere, in `stackctl.toml`:\n\n```toml\n[rules]\n{name} = \"off\"\n```\n",
        name = meta.name
    );
    page
}

/// A fragment as a sentence.
fn sentence(fragment: &str) -> String {
    let mut letters = fragment.trim().trim_end_matches('.').chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}

/// The word for a persona.
pub(super) fn persona(persona: Persona) -> &'static str {
    match persona {
        Persona::Default => "default",
        Persona::Pedantic => "pedantic",
    }
}

fn fix(safety: FixSafety) -> &'static str {
    match safety {
        FixSafety::None => "none",
        FixSafety::Safe => "safe: the resolved project stays the same",
        FixSafety::Unsafe => "unsafe: the project changes",
    }
}

/// The words for what a rule needs beyond the compose files.
pub(super) fn needs(needs: &[Need]) -> String {
    let word = |need: &Need| match need {
        Need::Engine => "engine",
        Need::Git => "git",
        Need::Guides => "guides",
        Need::Host => "host",
        Need::Backup => "backup store",
    };
    if needs.is_empty() {
        "the compose files only".into()
    } else {
        needs.iter().map(word).collect::<Vec<_>>().join(", ")
    }
}

fn sections(sections: &[u8]) -> String {
    let numbers: Vec<String> = sections.iter().map(ToString::to_string).collect();
    match numbers.len() {
        0 => "none".into(),
        1 => format!("section {}", numbers.join(", ")),
        _ => format!("sections {}", numbers.join(", ")),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::diag::Level;

    pub(in crate::output::render) static META: RuleMeta = RuleMeta {
        name: "image-tag-missing",
        summary: "image without a tag",
        why: "Without a tag the engine takes `latest`.",
        bad: "image: nginx\n",
        good: "image: nginx:1.27.3\n",
        sections: &[5, 21],
        level: Level::Error,
        persona: Persona::Default,
        since: "0.1.0",
        fix: FixSafety::Unsafe,
        needs: &[],
        absence: false,
    };

    #[test]
    fn page_has_every_part() {
        let page = rule_page(&META);
        assert!(page.starts_with(TAG));
        for part in [
            "# image-tag-missing\n\nImage without a tag.",
            "| Level | error |",
            "| Baseline | sections 5, 21 |",
            "## Why",
            "```yaml\nimage: nginx\n```",
            "allow[image-tag-missing]",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
    }
}
