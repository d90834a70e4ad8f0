// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The list of rules, for people and for programs.

use serde::Serialize;

use super::guide;
use crate::rules::RuleMeta;

#[derive(Serialize)]
struct Envelope<'a> {
    schema: &'static str,
    run_id: &'a str,
    rules: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    name: &'static str,
    summary: &'static str,
    level: &'static str,
    persona: &'static str,
    sections: &'static [u8],
    since: &'static str,
    needs: String,
}

/// The rules as a table: name, level, persona, summary.
#[must_use]
pub fn human<'a>(rules: impl IntoIterator<Item = &'a RuleMeta>) -> String {
    let mut rows = vec![["RULE", "LEVEL", "PERSONA", "WHAT IT FLAGS"].map(str::to_owned)];
    rows.extend(
        rules.into_iter().map(|meta| {
            [meta.name, meta.level.as_str(), guide::persona(meta.persona), meta.summary].map(str::to_owned)
        }),
    );
    super::table(&rows)
}

/// The rules as JSON, `stackctl/rules/v1`.
#[must_use]
pub fn json<'a>(rules: impl IntoIterator<Item = &'a RuleMeta>, run_id: &str) -> String {
    let entry = |meta: &RuleMeta| Entry {
        name: meta.name,
        summary: meta.summary,
        level: meta.level.as_str(),
        persona: guide::persona(meta.persona),
        sections: meta.sections,
        since: meta.since,
        needs: guide::needs(meta.needs),
    };
    super::to_json(&Envelope { schema: "stackctl/rules/v1", run_id, rules: rules.into_iter().map(entry).collect() })
}

#[cfg(test)]
mod tests {
    use super::super::guide::tests::META;
    use super::*;

    #[test]
    fn table_has_a_head_and_one_line_a_rule() {
        assert_eq!(
            human([&META]),
            "RULE                LEVEL   PERSONA   WHAT IT FLAGS\nimage-tag-missing   error   default   image without a tag\n"
        );
    }

    #[test]
    fn json_names_its_schema() {
        let text = json([&META], "r");
        assert!(text.contains("\"schema\": \"stackctl/rules/v1\"") && text.contains("\"name\": \"image-tag-missing\""));
    }
}
