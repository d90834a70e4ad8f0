// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Kinds that several parts of the schema share.

use super::kinds::{Kind, Names, Object, Others, types};
use super::text::Text;

pub(super) static ANYTHING: Kind =
    Kind::of(types::NULL | types::BOOL | types::NUMBER | types::TEXT | types::LIST | types::MAPPING);
pub(super) static TEXT: Kind = Kind::of(types::TEXT);
pub(super) static BOOL: Kind = Kind::of(types::BOOL);
pub(super) static WHOLE: Kind = Kind::of(types::WHOLE);
pub(super) static NUMBER: Kind = Kind::of(types::NUMBER);
/// A string is allowed because a variable leaves one; it is cast later.
pub(super) static BOOL_OR_TEXT: Kind = Kind::of(types::BOOL | types::TEXT);
pub(super) static WHOLE_OR_TEXT: Kind = Kind::of(types::WHOLE | types::TEXT);
pub(super) static NUMBER_OR_TEXT: Kind = Kind::of(types::NUMBER | types::TEXT);
pub(super) static DURATION: Kind = Kind::of(types::TEXT).text(Text::Duration);
/// A mapping whose content the schema leaves alone.
pub(super) static FREE_MAPPING: Kind = Kind::of(types::MAPPING);

pub(super) static TEXT_LIST: Kind = Kind::list(&TEXT);
pub(super) static TEXT_SET: Kind = Kind::set(&TEXT);
pub(super) static NUMBER_OR_TEXT_SET: Kind = Kind::set(&NUMBER_OR_TEXT);
pub(super) static TEXT_OR_TEXT_SET: Kind = Kind::of(types::TEXT).or_set(&TEXT);

static SCALAR: Kind = Kind::of(types::NULL | types::BOOL | types::NUMBER | types::TEXT);

/// `KEY: value` lines, or a list of `KEY=value`.
pub(super) static KEY_VALUES: Kind = Kind::mapping(&Object::of(Others::Named(Names::NotEmpty, &SCALAR))).or_set(&TEXT);

/// Options of a driver: texts or numbers, by name.
pub(super) static DRIVER_OPTIONS: Kind =
    Kind::mapping(&Object::of(Others::NamedOrIgnored(Names::NotEmpty, &NUMBER_OR_TEXT)));

/// `command` and `entrypoint`: a line to be split, or the finished words; null takes back what the image says.
pub(super) static COMMAND: Kind = Kind::of(types::NULL | types::TEXT).or_list(&TEXT);

static ADDRESSES: Kind = Kind::of(types::TEXT).or_list(&TEXT);

/// `extra_hosts`: an address or several for each host name, or a list of `name=address`.
pub(super) static EXTRA_HOSTS: Kind =
    Kind::mapping(&Object::of(Others::Named(Names::NotEmpty, &ADDRESSES))).or_set(&TEXT);

static ULIMIT: Kind = Kind::of(types::WHOLE | types::TEXT)
    .or_mapping(&Object::extensible(&[("hard", &WHOLE_OR_TEXT), ("soft", &WHOLE_OR_TEXT)]).requires(&["soft", "hard"]));

/// `ulimits` by name. Compose 2.40 does not look at values whose name has anything but `a` to `z` in it.
pub(super) static ULIMITS: Kind = Kind::mapping(&Object::of(Others::NamedOrIgnored(Names::Lowercase, &ULIMIT)));

static GRANT: Kind = Kind::of(types::TEXT).or_mapping(&Object::extensible(&[
    ("gid", &TEXT),
    ("mode", &NUMBER_OR_TEXT),
    ("source", &TEXT),
    ("target", &TEXT),
    ("uid", &TEXT),
]));

/// The secrets or configs that a service or a build is given.
pub(super) static GRANTS: Kind = Kind::list(&GRANT);
