// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What is said about a place: a finding of a rule, or a fault that stopped the loader.

use super::Span;

/// How grave a diagnostic is. Ordered: `Info < Warning < Error`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Advice.
    Info,
    /// The baseline is violated.
    Warning,
    /// Will break, leak or lose something.
    Error,
}

impl Level {
    /// The word used in every output: `error`, `warning` or `info`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place with a few words about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is to be seen there; may be empty on a primary label.
    pub message: String,
}

/// Whether a fix keeps the meaning of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applicability {
    /// The resolved model is the same before and after.
    Safe,
    /// The model changes; a person must agree.
    Unsafe,
}

/// Replace the bytes of `span` by `text` (an empty span inserts).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// What comes in its place.
    pub text: String,
}

/// A change that would mend the fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What the change does, as an imperative phrase.
    pub title: String,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
    /// Whether the meaning stays.
    pub applicability: Applicability,
}

/// One finding: exactly one primary place, any number of related ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Name of the rule that speaks (kebab-case).
    pub rule: &'static str,
    /// Level as the rule proposes it; settings may override it later.
    pub level: Level,
    /// What is wrong: a lower-case fragment without a final period.
    pub message: String,
    /// The next step, when there is one.
    pub hint: Option<String>,
    /// The place that the finding is about.
    pub primary: Label,
    /// Other places that explain it, in the order to read them.
    pub related: Vec<Label>,
    /// Further facts, one a line.
    pub notes: Vec<String>,
    /// A change that would mend it.
    pub fix: Option<Fix>,
    /// What the finding is about, independent of line numbers and wording: a path in the model such as
    /// `services.web.image`. Part of the fingerprint.
    pub subject: String,
    /// For a finding about something absent: how many services the rule looked at. Lets findings that hit most of
    /// them be told as one.
    pub population: Option<usize>,
}

impl Diagnostic {
    /// A diagnostic with a place, a message and a subject; everything else is empty.
    pub fn new(
        rule: &'static str,
        level: Level,
        span: Span,
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            level,
            message: message.into(),
            hint: None,
            primary: Label { span, message: String::new() },
            related: Vec::new(),
            notes: Vec::new(),
            fix: None,
            subject: subject.into(),
            population: None,
        }
    }

    /// Adds the next step.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds words to the primary place.
    #[must_use]
    pub fn label(mut self, message: impl Into<String>) -> Self {
        self.primary.message = message.into();
        self
    }

    /// Adds a related place.
    #[must_use]
    pub fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Label { span, message: message.into() });
        self
    }

    /// Adds a further fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds a change that would mend it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
    /// States how many services the rule looked at (absence rules only; without it every container counts).
    #[must_use]
    pub fn among(mut self, population: usize) -> Self {
        self.population = Some(population);
        self
    }
}
