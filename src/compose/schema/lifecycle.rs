// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Hooks of a service, its `develop` section and its provider.

use super::common::{BOOL_OR_TEXT, COMMAND, KEY_VALUES, TEXT, TEXT_OR_TEXT_SET};
use super::kinds::{Kind, Names, Object, Others, types};
use super::text::Text;

/// `post_start` and `pre_stop`.
pub(super) static HOOKS: Kind = Kind::list(&HOOK);

static HOOK: Kind = Kind::mapping(
    &Object::extensible(&[
        ("command", &COMMAND),
        ("environment", &KEY_VALUES),
        ("privileged", &BOOL_OR_TEXT),
        ("user", &TEXT),
        ("working_dir", &TEXT),
    ])
    .requires(&["command"]),
);

pub(super) static DEVELOP: Kind = Kind::of(types::NULL).or_mapping(&Object::extensible(&[("watch", &WATCHES)]));

static WATCHES: Kind = Kind::list(&WATCH);
static WATCH: Kind = Kind::mapping(
    &Object::extensible(&[
        ("action", &WATCH_ACTION),
        ("exec", &HOOK),
        ("ignore", &TEXT_OR_TEXT_SET),
        ("include", &TEXT_OR_TEXT_SET),
        ("path", &TEXT),
        ("target", &TEXT),
    ])
    .requires(&["path", "action"]),
);
static WATCH_ACTION: Kind =
    Kind::of(types::TEXT).text(Text::Words(&["rebuild", "sync", "restart", "sync+restart", "sync+exec"]));

pub(super) static PROVIDER: Kind =
    Kind::mapping(&Object::extensible(&[("options", &PROVIDER_OPTIONS), ("type", &TEXT)]).requires(&["type"]));

static PROVIDER_OPTIONS: Kind = Kind::mapping(&Object::of(Others::NamedOrIgnored(Names::NotEmpty, &PROVIDER_OPTION)));
static PROVIDER_OPTION: Kind = Kind::of(types::BOOL | types::NUMBER | types::TEXT).or_list(&PROVIDER_OPTION_ITEM);
static PROVIDER_OPTION_ITEM: Kind = Kind::of(types::BOOL | types::NUMBER | types::TEXT);
