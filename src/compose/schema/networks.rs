// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Networks and ports: `networks` of the project, `networks` and `ports` of a service.

use super::common::{BOOL_OR_TEXT, DRIVER_OPTIONS, KEY_VALUES, NUMBER, TEXT, TEXT_SET, WHOLE_OR_TEXT};
use super::kinds::{Kind, Names, Object, Others, types};

/// A network of the project.
pub(super) static NETWORK: Kind = Kind::of(types::NULL).or_mapping(&Object::extensible(&[
    ("attachable", &BOOL_OR_TEXT),
    ("driver", &TEXT),
    ("driver_opts", &DRIVER_OPTIONS),
    ("enable_ipv4", &BOOL_OR_TEXT),
    ("enable_ipv6", &BOOL_OR_TEXT),
    ("external", &EXTERNAL),
    ("internal", &BOOL_OR_TEXT),
    ("ipam", &IPAM),
    ("labels", &KEY_VALUES),
    ("name", &TEXT),
]));

/// `external` of a network or volume: a switch, or the old form with a name inside.
pub(super) static EXTERNAL: Kind =
    Kind::of(types::BOOL | types::TEXT).or_mapping(&Object::extensible(&[("name", &TEXT)]));

static IPAM: Kind =
    Kind::mapping(&Object::extensible(&[("config", &IPAM_POOLS), ("driver", &TEXT), ("options", &TEXTS_BY_NAME)]));
static IPAM_POOLS: Kind = Kind::list(&IPAM_POOL);
static IPAM_POOL: Kind = Kind::mapping(&Object::extensible(&[
    ("aux_addresses", &TEXTS_BY_NAME),
    ("gateway", &TEXT),
    ("ip_range", &TEXT),
    ("subnet", &TEXT),
]));
static TEXTS_BY_NAME: Kind = Kind::mapping(&Object::of(Others::Named(Names::NotEmpty, &TEXT)));

/// `services.<name>.networks`.
pub(super) static ATTACHMENTS: Kind =
    Kind::mapping(&Object::of(Others::Named(Names::Resource, &ATTACHMENT))).or_set(&TEXT);

static ATTACHMENT: Kind = Kind::of(types::NULL).or_mapping(&Object::extensible(&[
    ("aliases", &TEXT_SET),
    ("driver_opts", &DRIVER_OPTIONS),
    ("gw_priority", &NUMBER),
    ("interface_name", &TEXT),
    ("ipv4_address", &TEXT),
    ("ipv6_address", &TEXT),
    ("link_local_ips", &TEXT_SET),
    ("mac_address", &TEXT),
    ("priority", &NUMBER),
]));

/// `services.<name>.ports`.
pub(super) static PORTS: Kind = Kind::set(&PORT);

static PORT: Kind = Kind::of(types::NUMBER | types::TEXT).or_mapping(&Object::extensible(&[
    ("app_protocol", &TEXT),
    ("host_ip", &TEXT),
    ("mode", &TEXT),
    ("name", &TEXT),
    ("protocol", &TEXT),
    ("published", &WHOLE_OR_TEXT),
    ("target", &WHOLE_OR_TEXT),
]));
