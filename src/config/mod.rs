// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Settings in ordered layers: default < `stackctl.toml` < `STACKCTL_*` < flag. Every value knows where it comes from.
//! Pure: texts and snapshots in, settings out; `app` finds the file and `wire` reads the environment.

mod backup;
mod dashboard;
pub mod env;
mod error;
mod file;
mod layer;
mod length;
mod reader;
mod secret;
mod settings;
mod sinks;
mod supervise;
mod value;

pub use backup::BackupSettings;
pub use dashboard::DashboardSettings;
pub use error::SettingsError;
pub use file::{FILE_NAME, KEYS, parse_file};
pub use layer::{Layer, Origin};
pub use length::parse_length;
pub use secret::Secret;
pub use settings::{DEFAULT_MAX_FILE_SIZE, Setting, Settings, resolve};
pub use sinks::{MqttSettings, PrometheusSettings, SecretSource, SinkLayer, SinkSettings, WebhookSettings};
pub use supervise::{HealSettings, Maintenance, SuperviseSettings, When};
pub use value::{
    ColorChoice, FindingFormat, HealChoice, LogFormat, PersonaChoice, WebhookEvent, WebhookTemplate, level_word,
    parse_size,
};
