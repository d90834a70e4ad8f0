// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Volumes, secrets and configs of the project, mounts and devices of a service.

use super::common::{BOOL_OR_TEXT, DRIVER_OPTIONS, KEY_VALUES, NUMBER_OR_TEXT, TEXT, WHOLE_OR_TEXT};
use super::kinds::{Kind, Object, types};
use super::networks::EXTERNAL;
use super::text::Text;

/// A volume of the project.
pub(super) static VOLUME: Kind = Kind::of(types::NULL).or_mapping(&Object::extensible(&[
    ("driver", &TEXT),
    ("driver_opts", &DRIVER_OPTIONS),
    ("external", &EXTERNAL),
    ("labels", &KEY_VALUES),
    ("name", &TEXT),
]));

/// `external` of a secret or config. Compose 2.40 does not look at unknown keys of its old form.
static EXTERNAL_OPEN: Kind = Kind::of(types::BOOL | types::TEXT).or_mapping(&Object::open(&[("name", &TEXT)]));

/// A secret of the project.
pub(super) static SECRET: Kind = Kind::mapping(&Object::extensible(&[
    ("driver", &TEXT),
    ("driver_opts", &DRIVER_OPTIONS),
    ("environment", &TEXT),
    ("external", &EXTERNAL_OPEN),
    ("file", &TEXT),
    ("labels", &KEY_VALUES),
    ("name", &TEXT),
    ("template_driver", &TEXT),
]));

/// A config of the project.
pub(super) static CONFIG: Kind = Kind::mapping(&Object::extensible(&[
    ("content", &TEXT),
    ("environment", &TEXT),
    ("external", &EXTERNAL_OPEN),
    ("file", &TEXT),
    ("labels", &KEY_VALUES),
    ("name", &TEXT),
    ("template_driver", &TEXT),
]));

/// `services.<name>.volumes`.
pub(super) static MOUNTS: Kind = Kind::set(&MOUNT);

static MOUNT: Kind = Kind::of(types::TEXT).or_mapping(
    &Object::extensible(&[
        ("bind", &BIND),
        ("consistency", &TEXT),
        ("image", &SUBPATH),
        ("read_only", &BOOL_OR_TEXT),
        ("source", &TEXT),
        ("target", &TEXT),
        ("tmpfs", &TMPFS),
        ("type", &MOUNT_TYPE),
        ("volume", &MOUNTED_VOLUME),
    ])
    .requires(&["type"]),
);

static MOUNT_TYPE: Kind =
    Kind::of(types::TEXT).text(Text::Words(&["bind", "volume", "tmpfs", "cluster", "npipe", "image"]));

static BIND: Kind = Kind::mapping(&Object::extensible(&[
    ("create_host_path", &BOOL_OR_TEXT),
    ("propagation", &TEXT),
    ("recursive", &RECURSIVE),
    ("selinux", &SELINUX),
]));
static RECURSIVE: Kind = Kind::of(types::TEXT).text(Text::Words(&["enabled", "disabled", "writable", "readonly"]));
static SELINUX: Kind = Kind::of(types::TEXT).text(Text::Words(&["z", "Z"]));

static MOUNTED_VOLUME: Kind =
    Kind::mapping(&Object::extensible(&[("labels", &KEY_VALUES), ("nocopy", &BOOL_OR_TEXT), ("subpath", &TEXT)]));
static TMPFS: Kind = Kind::mapping(&Object::extensible(&[("mode", &NUMBER_OR_TEXT), ("size", &TMPFS_SIZE)]));
static TMPFS_SIZE: Kind = Kind::of(types::WHOLE | types::TEXT).within(0, i64::MAX);
static SUBPATH: Kind = Kind::mapping(&Object::extensible(&[("subpath", &TEXT)]));

/// `services.<name>.devices`.
pub(super) static DEVICES: Kind = Kind::list(&DEVICE);
static DEVICE: Kind = Kind::of(types::TEXT).or_mapping(
    &Object::extensible(&[("permissions", &TEXT), ("source", &TEXT), ("target", &TEXT)]).requires(&["source"]),
);

/// `services.<name>.blkio_config`.
pub(super) static BLKIO: Kind = Kind::mapping(&Object::closed(&[
    ("device_read_bps", &BLKIO_LIMITS),
    ("device_read_iops", &BLKIO_LIMITS),
    ("device_write_bps", &BLKIO_LIMITS),
    ("device_write_iops", &BLKIO_LIMITS),
    ("weight", &WHOLE_OR_TEXT),
    ("weight_device", &BLKIO_WEIGHTS),
]));
static BLKIO_LIMITS: Kind = Kind::list(&BLKIO_LIMIT);
static BLKIO_LIMIT: Kind = Kind::mapping(&Object::closed(&[("path", &TEXT), ("rate", &WHOLE_OR_TEXT)]));
static BLKIO_WEIGHTS: Kind = Kind::list(&BLKIO_WEIGHT);
static BLKIO_WEIGHT: Kind = Kind::mapping(&Object::closed(&[("path", &TEXT), ("weight", &WHOLE_OR_TEXT)]));
