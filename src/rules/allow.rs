// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Reading `# stackctl: allow[rule, other-rule] reason`.

use crate::compose::model::Comment;
use crate::diag::Span;

/// An allow comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Allow {
    /// The comment.
    pub(super) span: Span,
    /// The names between the brackets with their places.
    pub(super) rules: Vec<(String, Span)>,
    /// What follows the brackets; empty when no reason is given.
    pub(super) reason: String,
}

/// Reads a comment. `None` when it is not addressed to stackctl or says something else than allow.
pub(super) fn parse(comment: &Comment) -> Option<Allow> {
    let text = comment.text.as_str();
    let after_name = text.trim_start().strip_prefix("stackctl:")?;
    let after_allow = after_name.trim_start().strip_prefix("allow")?;
    let whole = |rules, reason: &str| Allow { span: comment.span, rules, reason: reason.to_owned() };
    let Some(list) = after_allow.trim_start().strip_prefix('[') else {
        // `allowed …` is prose; `allow …` without brackets is an allow that names nothing.
        return after_allow
            .starts_with(|next: char| next.is_alphanumeric())
            .then_some(())
            .map_or_else(|| Some(whole(Vec::new(), after_allow.trim())), |()| None);
    };
    let (names, rest) = list.split_once(']').unwrap_or((list, ""));
    // The text starts behind the `#`, and `list` is its end.
    let mut at = 1 + text.len() - list.len();
    let mut rules = Vec::new();
    for name in names.split(',') {
        let trimmed = name.trim();
        let start = at + name.len() - name.trim_start().len();
        if !trimmed.is_empty() {
            rules.push((trimmed.to_owned(), comment.span.slice(start, start + trimmed.len())));
        }
        at += name.len() + 1;
    }
    let reason = rest.trim().trim_start_matches([':', '-', '–', '—']).trim();
    let reason = if reason.chars().any(char::is_alphanumeric) { reason } else { "" };
    Some(whole(rules, reason))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::diag::SourceMap;

    fn read(text: &str) -> Option<(Vec<(String, String)>, String)> {
        let mut sources = SourceMap::default();
        let file = sources.add("compose.yaml", text);
        let comment = Comment { span: Span::new(file, 0, text.len()), text: text[1..].to_owned() };
        let allow = parse(&comment)?;
        let rules = allow.rules.iter().map(|(name, span)| (name.clone(), sources.slice(*span).to_owned())).collect();
        Some((rules, allow.reason))
    }

    #[test]
    fn names_have_places_and_the_rest_is_the_reason() {
        let (rules, reason) = read("# stackctl: allow[one, two ,three]: é needs it ").unwrap();
        let expected = ["one", "two", "three"].map(|name| (name.to_owned(), name.to_owned()));
        assert_eq!(rules, expected);
        assert_eq!(reason, "é needs it");
        assert_eq!(read("#stackctl:allow[one]").unwrap().1, "");
        assert_eq!(read("# stackctl: allow[one] --").unwrap().1, "");
    }

    #[test]
    fn other_comments_are_left_alone() {
        assert_eq!(read("# allow[one] x"), None);
        assert_eq!(read("# stackctl: allowed here"), None);
        assert_eq!(read("# see stackctl: allow[one] x"), None);
    }

    #[test]
    fn an_allow_without_names_is_still_one() {
        assert_eq!(read("# stackctl: allow one").unwrap(), (Vec::new(), "one".to_owned()));
        assert_eq!(read("# stackctl: allow[] x").unwrap(), (Vec::new(), "x".to_owned()));
        assert_eq!(read("# stackctl: allow[one").unwrap().0.len(), 1);
    }
}
