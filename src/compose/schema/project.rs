// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The top level of a compose file.

use super::common::{TEXT, TEXT_LIST, TEXT_OR_TEXT_SET, WHOLE};
use super::kinds::{Kind, Names, Object, Others, types};
use super::networks::NETWORK;
use super::service::SERVICE;
use super::storage::{CONFIG, SECRET, VOLUME};

pub(super) static PROJECT: Kind = Kind::mapping(&Object::extensible(&[
    ("configs", &CONFIGS),
    ("include", &INCLUDES),
    ("models", &MODELS),
    ("name", &TEXT),
    ("networks", &NETWORKS),
    ("secrets", &SECRETS),
    ("services", &SERVICES),
    ("version", &TEXT),
    ("volumes", &VOLUMES),
]));

static SERVICES: Kind = Kind::mapping(&Object::of(Others::Named(Names::Resource, &SERVICE)));
static VOLUMES: Kind = Kind::mapping(&Object::of(Others::Named(Names::Resource, &VOLUME)));
static SECRETS: Kind = Kind::mapping(&Object::of(Others::Named(Names::Resource, &SECRET)));
static CONFIGS: Kind = Kind::mapping(&Object::of(Others::Named(Names::Resource, &CONFIG)));
/// Compose 2.40 does not look at networks and models whose name has other characters.
static NETWORKS: Kind = Kind::mapping(&Object::of(Others::NamedOrIgnored(Names::Resource, &NETWORK)));
static MODELS: Kind = Kind::mapping(&Object::of(Others::NamedOrIgnored(Names::Resource, &MODEL)));

static MODEL: Kind = Kind::mapping(
    &Object::extensible(&[("context_size", &WHOLE), ("model", &TEXT), ("name", &TEXT), ("runtime_flags", &TEXT_LIST)])
        .requires(&["model"]),
);

static INCLUDES: Kind = Kind::list(&INCLUDE);
static INCLUDE: Kind = Kind::of(types::TEXT).or_mapping(&Object::closed(&[
    ("env_file", &TEXT_OR_TEXT_SET),
    ("path", &TEXT_OR_TEXT_SET),
    ("project_directory", &TEXT),
]));
