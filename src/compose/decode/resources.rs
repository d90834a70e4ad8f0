// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The keys of top-level networks, volumes, secrets, configs and models.

use super::Kind::{Embedded, Flag, List, Number, OptionalFlag, Record, Text, TextMap, Texts};
use super::{Field, field};

pub(super) const NETWORK: &[Field] = &[
    field("attachable", Flag),
    field("driver", Text),
    field("driver_opts", TextMap),
    field("enable_ipv4", OptionalFlag),
    field("enable_ipv6", OptionalFlag),
    field("external", Flag),
    field("internal", Flag),
    field("ipam", Embedded(IPAM)),
    field("labels", TextMap),
    field("name", Text),
];
const IPAM: &[Field] = &[field("config", List(&Record(POOL))), field("driver", Text)];
const POOL: &[Field] =
    &[field("aux_addresses", TextMap), field("gateway", Text), field("ip_range", Text), field("subnet", Text)];

pub(super) const VOLUME: &[Field] = &[
    field("driver", Text),
    field("driver_opts", TextMap),
    field("external", Flag),
    field("labels", TextMap),
    field("name", Text),
];

pub(super) const FILE_OBJECT: &[Field] = &[
    field("content", Text),
    field("driver", Text),
    field("driver_opts", TextMap),
    field("environment", Text),
    field("external", Flag),
    field("file", Text),
    field("labels", TextMap),
    field("name", Text),
    field("template_driver", Text),
];

pub(super) const MODEL: &[Field] =
    &[field("context_size", Number), field("model", Text), field("name", Text), field("runtime_flags", Texts)];
