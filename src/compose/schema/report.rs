// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The words for each fault. Values are repeated only where a fixed set of words is allowed, so that no secret leaks.

use super::check::type_of;
use super::hint;
use super::kinds::{Kind, Names, Object, Others, types};
use super::path::{Path, Shown};
use super::text::Text;
use crate::compose::{Entry, Node, Value};
use crate::diag::{Diagnostic, Level, Span};

/// The rule that every fault of this step belongs to.
pub(super) const RULE: &str = "schema-invalid";

/// What is looked at, and where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The value.
    pub node: &'a Node,
    /// Its place in the model.
    pub path: &'a Path<'a>,
    /// Where its key is written; the value itself where it has none.
    pub anchor: Span,
}

impl Place<'_> {
    /// Where the value is to be seen: its key when nothing is written.
    fn span(&self) -> Span {
        if self.node.span.is_empty() { self.anchor } else { self.node.span }
    }

    /// The place as a sentence names it.
    fn name(&self) -> String {
        match self.path {
            Path::Root => "the top level".to_owned(),
            path => format!("`{path}`"),
        }
    }

    fn fault(&self, span: Span, message: String) -> Diagnostic {
        let fault = Diagnostic::new(RULE, Level::Error, span, self.path.to_string(), message);
        match self.node.used_at {
            Some(used_at) => fault.related(used_at, "used here"),
            None => fault,
        }
    }
}

fn with_hint(fault: Diagnostic, hint: Option<String>) -> Diagnostic {
    match hint {
        Some(hint) => fault.hint(hint),
        None => fault,
    }
}

/// A value of a type that the place does not take.
pub(super) fn wrong_type(place: &Place<'_>, kind: &Kind) -> Diagnostic {
    let message = format!("{} must be {}, found {}", place.name(), expected(kind), found(&place.node.value, kind));
    with_hint(place.fault(place.span(), message), hint::for_type(place, kind))
}

/// A string of a look that the place does not take.
pub(super) fn wrong_text(place: &Place<'_>, demand: Text, text: &str) -> Diagnostic {
    let name = place.name();
    let found = if text.is_empty() { "an empty string".to_owned() } else { format!("`{}`", Shown(text)) };
    let message = match demand {
        Text::Free => format!("{name} is not allowed"),
        Text::Words(words) => format!("{name} must be {}, found {found}", alternatives(words)),
        Text::PullPolicy => {
            format!("{name} must name a pull policy, found {found}")
        }
        Text::ContainerName => format!("{name} must hold at least two letters or digits in a row, found {found}"),
        Text::Duration => format!("{name} must be a duration, found {found}"),
    };
    with_hint(place.fault(place.span(), message), hint::for_text(demand, text))
}

/// A number beyond the limits of the place.
pub(super) fn out_of_range(place: &Place<'_>, (low, high): (i64, i64)) -> Diagnostic {
    let number = match &place.node.value {
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        _ => String::new(),
    };
    let limits = if high == i64::MAX { format!("at least {low}") } else { format!("from {low} to {high}") };
    place.fault(place.span(), format!("{} must be {limits}, found {number}", place.name()))
}

/// An item that equals an earlier one of the same list.
pub(super) fn repeated(later: &Place<'_>, first: &Node) -> Diagnostic {
    let list = later.path.parent().map(ToString::to_string).unwrap_or_default();
    if later.node.span == first.span {
        return later
            .fault(later.span(), format!("`{list}` holds the same item twice"))
            .label("comes in twice")
            .note("a service that is merged with another file and extended from it takes over each list twice")
            .hint("name the file once: as a file of the project, or under `extends`");
    }
    let fault = later
        .fault(later.span(), format!("`{list}` holds the same item twice"))
        .label("repeated here")
        .related(first.span, "first written here")
        .hint("remove one of the two");
    if later.node.span.file == first.span.file {
        return fault;
    }
    fault.note("Compose joins the lists of all files here and does not drop what is repeated")
}

/// A key that the place does not know.
pub(super) fn unknown_key(place: &Place<'_>, object: &'static Object, entry: &Entry) -> Diagnostic {
    let key = Shown(&entry.key);
    let within = match (place.path, place.path.service()) {
        (Path::Root, _) => "at the top level".to_owned(),
        (_, Some(service)) => format!("in service `{}`", Shown(service)),
        (path, None) => format!("in `{path}`"),
    };
    let message = match object.others {
        Others::Named(Names::NotEmpty, _) => format!("empty key {within}"),
        Others::Named(..) => format!("key `{key}` {within} is not a valid name"),
        _ => format!("unknown key `{key}` {within}"),
    };
    let path = Path::Key(place.path, &entry.key);
    let subject = Place { node: &entry.node, path: &path, anchor: entry.key_span };
    with_hint(subject.fault(entry.key_span, message), hint::for_key(place.path, object, entry))
}

/// A key that must be there and is not.
pub(super) fn missing_key(place: &Place<'_>, object: &'static Object, key: &str) -> Diagnostic {
    // A mapping has no line of its own: its key stands for it, or for a list item the first line.
    let span = if place.path.is_item() { place.span() } else { place.anchor };
    let message = format!("{} lacks the key `{key}`", place.name());
    with_hint(place.fault(span, message), hint::for_missing(object, key))
}

/// What a place takes: `a list`, `a number or a string`.
pub(super) fn expected(kind: &Kind) -> String {
    let number = if kind.takes(types::FRACTION) { "a number" } else { "a whole number" };
    let words = [
        (types::TEXT, "a string"),
        (types::BOOL, "a boolean"),
        (types::NUMBER, number),
        (types::LIST, "a list"),
        (types::MAPPING, "a mapping"),
        (types::NULL, "null"),
    ];
    let words: Vec<&str> = words.iter().filter(|(bit, _)| kind.takes(*bit)).map(|(_, word)| *word).collect();
    listed(&words)
}

/// What was found instead.
fn found(value: &Value, kind: &Kind) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Float(_) if kind.takes(types::WHOLE) && type_of(value) == Some(types::FRACTION) => "a fraction",
        Value::Int(_) | Value::Float(_) => "a number",
        Value::Str(_) => "a string",
        Value::Timestamp(_) => "a date",
        Value::Seq(_) => "a list",
        Value::Map(_) => "a mapping",
    }
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn listed<T: AsRef<str>>(words: &[T]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// The words in backticks, as alternatives.
pub(super) fn alternatives(words: &[&str]) -> String {
    listed(&words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>())
}
