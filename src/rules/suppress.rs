// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Findings that the author of the file has allowed, with a reason.

use super::allow::{Allow, parse};
use super::bind::{BoundNode, bound_node};
use super::file::{ALLOW_UNUSED, ALLOW_WITHOUT_REASON};
use super::subject::places_on_the_way;
use super::{Context, Settings, find, suggest};
use crate::diag::{Diagnostic, Span};

/// A finding that an allow comment hides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppressed {
    /// The finding.
    pub diagnostic: Diagnostic,
    /// The reason given.
    pub reason: String,
    /// The comment.
    pub allow: Span,
}

/// The allow comments of a project, and which of their names have hidden something.
pub(super) struct Suppressions<'a> {
    context: &'a Context<'a>,
    allows: Vec<Bound>,
}

struct Bound {
    allow: Allow,
    node: Option<BoundNode>,
    used: Vec<bool>,
}

impl<'a> Suppressions<'a> {
    /// Reads the comments of the project.
    pub(super) fn new(context: &'a Context<'a>) -> Self {
        let bind = |allow: Allow| {
            let node = bound_node(context.sources.file(allow.span.file), allow.span);
            Bound { node, used: vec![false; allow.rules.len()], allow }
        };
        Self { context, allows: context.project.comments.iter().filter_map(parse).map(bind).collect() }
    }

    /// Splits the findings into those that stay and those that are allowed. Call it with one finding a service, before
    /// findings are joined: an allow in one service speaks for that service only.
    pub(super) fn split(&mut self, findings: Vec<Diagnostic>) -> (Vec<Diagnostic>, Vec<Suppressed>) {
        if self.allows.is_empty() {
            return (findings, Vec::new());
        }
        let mut kept = Vec::new();
        let mut suppressed = Vec::new();
        for diagnostic in findings {
            match self.hiding(&diagnostic) {
                Some((reason, allow)) => suppressed.push(Suppressed { diagnostic, reason, allow }),
                None => kept.push(diagnostic),
            }
        }
        (kept, suppressed)
    }

    /// The first allow that hides the finding; every fitting one counts as used.
    fn hiding(&mut self, diagnostic: &Diagnostic) -> Option<(String, Span)> {
        if is_about_allows(diagnostic.rule) {
            return None;
        }
        let mut places = None;
        let mut first = None;
        for bound in self.allows.iter_mut().filter(|bound| !bound.allow.reason.is_empty()) {
            let Some(node) = &bound.node else { continue };
            // A service spread over several files is one service; a file that is only extended from has others.
            let in_project = self.context.project.files.contains(&node.span.file);
            for (used, (name, _)) in bound.used.iter_mut().zip(&bound.allow.rules) {
                if name != diagnostic.rule {
                    continue;
                }
                let tree = &self.context.project.tree;
                let places = places.get_or_insert_with(|| places_on_the_way(tree, &diagnostic.subject));
                let covers = |place: &Span| node.span.contains(*place);
                let is_named =
                    || in_project && node.path.as_ref().is_some_and(|path| leads_to(path, &diagnostic.subject));
                if covers(&diagnostic.primary.span) || places.iter().any(covers) || is_named() {
                    *used = true;
                    first.get_or_insert_with(|| (bound.allow.reason.clone(), bound.allow.span));
                }
            }
        }
        first
    }

    /// What is wrong with the allow comments themselves. A name is unused only when its rule ran: `--select` and
    /// personas must not make an allow look idle.
    pub(super) fn faults(&self, settings: &Settings) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for bound in &self.allows {
            let allow = &bound.allow;
            if allow.rules.is_empty() {
                let finding = ALLOW_UNUSED.finding(allow.span, "allow", "the allow comment names no rule");
                found.push(finding.hint("write `# stackctl: allow[rule-name] reason`"));
            } else if allow.reason.is_empty() {
                let names: Vec<&str> = allow.rules.iter().map(|(name, _)| name.as_str()).collect();
                let subject = format!("allow.{}", names.join(","));
                let finding = ALLOW_WITHOUT_REASON.finding(allow.span, subject, "the allow comment gives no reason");
                found.push(finding.hint("say behind the bracket why the finding is acceptable here"));
            } else {
                found.extend(bound.idle(settings));
            }
        }
        found
    }
}

impl Bound {
    fn idle(&self, settings: &Settings) -> Vec<Diagnostic> {
        let unused = self.allow.rules.iter().zip(&self.used).filter(|(_, used)| !**used);
        let judge = |((name, span), _): (&(String, Span), &bool)| {
            let subject = format!("allow.{name}");
            let Some(rule) = find(name) else {
                let finding = ALLOW_UNUSED.finding(*span, subject, format!("there is no rule `{name}`"));
                return Some(match suggest(name) {
                    Some(meant) => finding.hint(format!("did you mean `{meant}`?")),
                    None => finding.hint("`stackctl rules` lists every rule"),
                });
            };
            if is_about_allows(name) {
                let finding = ALLOW_UNUSED.finding(*span, subject, format!("`{name}` cannot be allowed"));
                return Some(finding.hint("mend or remove the allow comment that it is about"));
            }
            if !settings.is_active(rule.meta) || !rule.meta.needs.is_empty() {
                return None;
            }
            let finding = ALLOW_UNUSED.finding(*span, subject, format!("nothing here violates `{name}`"));
            Some(match self.node {
                Some(_) => finding.hint("remove the name, or move the comment to the key that it is about"),
                None => finding.hint("put the comment directly above the key, or on its line"),
            })
        };
        unused.filter_map(judge).collect()
    }
}

/// Whether a subject is the path, or lies below it.
fn leads_to(path: &str, subject: &str) -> bool {
    subject.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

fn is_about_allows(rule: &str) -> bool {
    rule == ALLOW_UNUSED.name || rule == ALLOW_WITHOUT_REASON.name
}
