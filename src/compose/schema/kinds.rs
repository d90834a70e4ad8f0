// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The small language that the schema tables are written in: which types a place takes, and what is inside them.
//!
//! A kind never lists alternatives of the same type, so the type of a value alone picks the branch to check it by. That
//! is why a fault can always be named, where a general JSON schema would only know that no alternative matched.

use super::common::ANYTHING;
use super::text::Text;

/// A set of value types, one bit each.
pub(super) type Types = u8;

/// The bits of [`Types`].
pub(super) mod types {
    use super::Types;

    pub(in super::super) const NULL: Types = 1;
    pub(in super::super) const BOOL: Types = 1 << 1;
    /// A number without fraction.
    pub(in super::super) const WHOLE: Types = 1 << 2;
    /// A number with a fraction.
    pub(in super::super) const FRACTION: Types = 1 << 3;
    pub(in super::super) const NUMBER: Types = WHOLE | FRACTION;
    pub(in super::super) const TEXT: Types = 1 << 4;
    pub(in super::super) const LIST: Types = 1 << 5;
    pub(in super::super) const MAPPING: Types = 1 << 6;
}

/// What a place takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    /// The types allowed. A list or mapping allowed here but not described below may hold anything.
    pub types: Types,
    /// What a string must look like.
    pub text: Text,
    /// Lowest and highest value of a number.
    pub range: Option<(i64, i64)>,
    /// What is in a list.
    pub list: Option<List>,
    /// What is in a mapping.
    pub mapping: Option<&'static Object>,
}

/// The items of a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct List {
    /// What each item takes.
    pub item: &'static Kind,
    /// Whether an item may come twice.
    pub repeats: Repeats,
}

/// Whether a list may hold equal items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeats {
    /// It may.
    Allowed,
    /// It may not.
    Refused,
}

/// The keys of a mapping.
#[derive(Debug, Clone, Copy)]
pub(super) struct Object {
    /// The known keys, sorted.
    pub fields: &'static [Field],
    /// Keys that must be there.
    pub required: &'static [&'static str],
    /// What becomes of every other key.
    pub others: Others,
}

/// A known key and what it takes.
pub(super) type Field = (&'static str, &'static Kind);

/// Keys of a mapping that are not known by name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Others {
    /// Refused.
    Refused,
    /// Those with the prefix `x-` hold anything, others are refused.
    Extensions,
    /// Not looked at.
    Ignored,
    /// Names that the author chooses; any other key is refused.
    Named(Names, &'static Kind),
    /// Names that the author chooses; any other key is not looked at.
    NamedOrIgnored(Names, &'static Kind),
}

/// What becomes of a key.
#[derive(Debug, Clone, Copy)]
pub(super) enum Lookup {
    /// Its value is checked.
    Checked(&'static Kind),
    /// Allowed, and its value is not looked at, whatever it holds.
    Ignored,
    /// Refused.
    Refused,
}

/// The shape of names that the author chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// ASCII letters, digits, `.`, `_` and `-`.
    Resource,
    /// Lower-case ASCII letters.
    Lowercase,
    /// At least one character.
    NotEmpty,
}

impl Names {
    /// Whether `name` has this shape.
    pub(super) fn matches(self, name: &str) -> bool {
        match self {
            Self::Resource => {
                !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
            }
            Self::Lowercase => !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase()),
            // The pattern of the Compose Specification is `.+`, and Go's dot does not match a line feed.
            Self::NotEmpty => name.bytes().any(|b| b != b'\n'),
        }
    }
}

impl Kind {
    /// A place that takes scalars of these types.
    pub(super) const fn of(types: Types) -> Self {
        Self { types, text: Text::Free, range: None, list: None, mapping: None }
    }

    /// Demands a look of strings.
    pub(super) const fn text(mut self, text: Text) -> Self {
        self.text = text;
        self
    }

    /// Demands that numbers lie in `low..=high`.
    pub(super) const fn within(mut self, low: i64, high: i64) -> Self {
        self.range = Some((low, high));
        self
    }

    /// Takes a list too, in which items may repeat.
    pub(super) const fn or_list(mut self, item: &'static Kind) -> Self {
        self.types |= types::LIST;
        self.list = Some(List { item, repeats: Repeats::Allowed });
        self
    }

    /// Takes a list of unequal items too.
    pub(super) const fn or_set(mut self, item: &'static Kind) -> Self {
        self.types |= types::LIST;
        self.list = Some(List { item, repeats: Repeats::Refused });
        self
    }

    /// Takes a mapping too.
    pub(super) const fn or_mapping(mut self, object: &'static Object) -> Self {
        self.types |= types::MAPPING;
        self.mapping = Some(object);
        self
    }

    /// A place that takes a list only, in which items may repeat.
    pub(super) const fn list(item: &'static Kind) -> Self {
        Self::of(0).or_list(item)
    }

    /// A place that takes a list of unequal items only.
    pub(super) const fn set(item: &'static Kind) -> Self {
        Self::of(0).or_set(item)
    }

    /// A place that takes a mapping only.
    pub(super) const fn mapping(object: &'static Object) -> Self {
        Self::of(0).or_mapping(object)
    }

    /// Whether one of `types` is allowed.
    pub(super) const fn takes(&self, types: Types) -> bool {
        self.types & types != 0
    }
}

impl Object {
    /// Known keys and those with the prefix `x-`.
    pub(super) const fn extensible(fields: &'static [Field]) -> Self {
        Self { fields, required: &[], others: Others::Extensions }
    }

    /// Known keys only.
    pub(super) const fn closed(fields: &'static [Field]) -> Self {
        Self { fields, required: &[], others: Others::Refused }
    }

    /// Known keys, and anything else.
    pub(super) const fn open(fields: &'static [Field]) -> Self {
        Self { fields, required: &[], others: Others::Ignored }
    }

    /// Names that the author chooses.
    pub(super) const fn of(others: Others) -> Self {
        Self { fields: &[], required: &[], others }
    }

    /// Demands keys.
    pub(super) const fn requires(mut self, keys: &'static [&'static str]) -> Self {
        self.required = keys;
        self
    }

    /// What a known key takes.
    pub(super) fn field(&self, key: &str) -> Option<&'static Kind> {
        let at = self.fields.binary_search_by(|(name, _)| (*name).cmp(key)).ok()?;
        self.fields.get(at).map(|(_, kind)| *kind)
    }

    /// What becomes of a key.
    pub(super) fn lookup(&self, key: &str) -> Lookup {
        if let Some(kind) = self.field(key) {
            return Lookup::Checked(kind);
        }
        match self.others {
            Others::Extensions if key.starts_with("x-") => Lookup::Checked(&ANYTHING),
            Others::Named(names, kind) | Others::NamedOrIgnored(names, kind) if names.matches(key) => {
                Lookup::Checked(kind)
            }
            Others::Ignored | Others::NamedOrIgnored(..) => Lookup::Ignored,
            Others::Refused | Others::Extensions | Others::Named(..) => Lookup::Refused,
        }
    }
}
