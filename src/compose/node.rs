// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The tree that every step of the loader works on: YAML values with the place each was written.

use std::collections::HashMap;

use crate::diag::Span;

/// How a value was written, as far as findings and fixes care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A scalar without quotes.
    Plain,
    /// A scalar in single quotes.
    SingleQuoted,
    /// A scalar in double quotes.
    DoubleQuoted,
    /// A `|` or `>` scalar.
    BlockScalar,
    /// A mapping or sequence in braces or brackets.
    Flow,
    /// A mapping or sequence by indentation.
    Block,
    /// Not written at all: made by the loader from something else; the span points at that.
    Derived,
}

/// The two tags that steer merging (Compose Specification, "Reset value" and "Replace value").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeTag {
    /// `!reset`: the key is removed from what was merged so far.
    Reset,
    /// `!override`: the value replaces what was merged so far.
    Override,
}

/// A scalar, list or mapping.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Null, also an empty value.
    Null,
    /// A boolean (`true`, `True`, `TRUE` and the false ones; `yes` and `on` are strings).
    Bool(bool),
    /// An integer that fits 64 bits, signed.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A string.
    Str(String),
    /// An unquoted date or time, as written. Compose 2.40 refuses it nearly everywhere.
    Timestamp(String),
    /// A list.
    Seq(Vec<Node>),
    /// A mapping in file order.
    Map(Map),
}

/// A value with where and how it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it is defined. For block mappings and sequences: from the first key or dash to the end of the last value.
    pub span: Span,
    /// Where it is used, when it came through an alias, a merge key or `extends`.
    pub used_at: Option<Span>,
    /// How it was written.
    pub style: Style,
    /// `!reset` or `!override`.
    pub tag: Option<MergeTag>,
}

impl Node {
    /// A node that the loader makes from something written at `span`.
    #[must_use]
    pub fn derived(value: Value, span: Span) -> Self {
        Self { value, span, used_at: None, style: Style::Derived, tag: None }
    }

    /// A derived string.
    pub fn string(text: impl Into<String>, span: Span) -> Self {
        Self::derived(Value::Str(text.into()), span)
    }

    /// The same places and style with another value.
    #[must_use]
    pub fn with_value(&self, value: Value) -> Self {
        Self { value, span: self.span, used_at: self.used_at, style: self.style, tag: self.tag }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The entries of a mapping.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The entries of a mapping, to be changed.
    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        match &mut self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The items of a list.
    #[must_use]
    pub fn as_seq(&self) -> Option<&[Self]> {
        match &self.value {
            Value::Seq(items) => Some(items),
            _ => None,
        }
    }

    /// The value behind `key`, when this is a mapping that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_map().and_then(|map| map.get(key))
    }

    /// The value behind a path of keys.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// Whether this is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// What a reader would call the type: `null`, `boolean`, `number`, `string`, `date`, `list` or `mapping`.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Int(_) | Value::Float(_) => "number",
            Value::Str(_) => "string",
            Value::Timestamp(_) => "date",
            Value::Seq(_) => "list",
            Value::Map(_) => "mapping",
        }
    }
}

/// One `key: value` of a mapping.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key; Compose allows strings only.
    pub key: String,
    /// Where the key is written, quotes included.
    pub key_span: Span,
    /// The value.
    pub node: Node,
}

/// A mapping that keeps the order of the file. Keys are unique.
#[derive(Debug, Clone, Default)]
pub struct Map {
    entries: Vec<Entry>,
    /// Where each key is, once there are so many that a scan a look-up would cost.
    #[expect(clippy::box_collection, reason = "every node would be 40 bytes larger, and few mappings have an index")]
    index: Option<Box<HashMap<String, usize>>>,
}

impl Map {
    /// Up to this many entries are scanned.
    const SCANNED: usize = 32;

    fn position(&self, key: &str) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(key).copied(),
            None => self.entries.iter().position(|entry| entry.key == key),
        }
    }

    fn reindex(&mut self) {
        let indexed = self.entries.len() > Self::SCANNED;
        let places = || self.entries.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect();
        self.index = indexed.then(|| Box::new(places()));
    }

    /// The entry with this key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.get(self.position(key)?)
    }

    /// The value behind a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// The entry with this key, to be changed; its key stays as it is.
    pub fn entry_mut(&mut self, key: &str) -> Option<&mut Entry> {
        let at = self.position(key)?;
        self.entries.get_mut(at)
    }

    /// The value behind a key, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.entry_mut(key).map(|entry| &mut entry.node)
    }

    /// Whether the key is there.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    /// Appends an entry whose key the caller knows to be new.
    pub fn push(&mut self, entry: Entry) {
        if let Some(index) = &mut self.index {
            index.insert(entry.key.clone(), self.entries.len());
            self.entries.push(entry);
        } else {
            self.entries.push(entry);
            if self.entries.len() > Self::SCANNED {
                self.reindex();
            }
        }
    }

    /// Sets an entry: in place of the one with its key, else at the end.
    pub fn put(&mut self, entry: Entry) {
        match self.position(&entry.key) {
            Some(at) => self.entries[at] = entry,
            None => self.push(entry),
        }
    }

    /// Sets the value of a key: in place when it exists (the key keeps its place too), else at the end.
    pub fn insert(&mut self, key: impl Into<String>, key_span: Span, node: Node) {
        let key = key.into();
        match self.position(&key) {
            Some(at) => self.entries[at].node = node,
            None => self.push(Entry { key, key_span, node }),
        }
    }

    /// Takes a key out, keeping the order of the rest.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        let at = self.position(key)?;
        let entry = self.entries.remove(at);
        if self.index.is_some() {
            self.reindex();
        }
        Some(entry)
    }

    /// Keeps the entries for which `keep` holds.
    pub fn retain(&mut self, keep: impl FnMut(&mut Entry) -> bool) {
        let before = self.entries.len();
        self.entries.retain_mut(keep);
        if self.entries.len() != before && self.index.is_some() {
            self.reindex();
        }
    }

    /// The entries in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.entries.iter()
    }

    /// The entries in order, to be changed; their keys stay as they are.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Entry> {
        self.entries.iter_mut()
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

impl IntoIterator for Map {
    type Item = Entry;
    type IntoIter = std::vec::IntoIter<Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

impl FromIterator<Entry> for Map {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        let mut map = Self { entries: entries.into_iter().collect(), index: None };
        map.reindex();
        map
    }
}

impl<'a> IntoIterator for &'a mut Map {
    type Item = &'a mut Entry;
    type IntoIter = std::slice::IterMut<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter_mut()
    }
}
