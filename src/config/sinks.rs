// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `[prometheus]`, `[mqtt]` and `[[webhook]]`: who is told what a supervisor sees.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::reader::Field;
use super::{Secret, SettingsError, WebhookEvent, WebhookTemplate};

/// Where metrics are served unless settings say otherwise.
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 9817);
/// The usual port of a broker.
const MQTT_PORT: u16 = 1883;

const PROMETHEUS_KEYS: &[&str] = &["allow_remote", "listen"];
const MQTT_KEYS: &[&str] = &["broker", "client_id", "home_assistant", "password_file", "services", "username"];
const WEBHOOK_KEYS: &[&str] = &["events", "name", "repeat", "template", "token_file", "url", "url_file"];

/// Who is told. Empty unless settings name somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SinkSettings {
    /// Metrics to be fetched.
    pub prometheus: Option<PrometheusSettings>,
    /// States at a broker.
    pub mqtt: Option<MqttSettings>,
    /// Messages to servers, in the order of the file. No two share a name.
    pub webhooks: Vec<WebhookSettings>,
}

/// Where metrics are served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrometheusSettings {
    /// The address; on this machine alone unless the settings allow more.
    pub listen: SocketAddr,
}

/// A broker and what goes there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MqttSettings {
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The user, where it asks for one.
    pub username: Option<String>,
    /// The user's password.
    pub password: Option<SecretSource>,
    /// What we call ourselves there; `None`: after the machine.
    pub client_id: Option<String>,
    /// Whether Home Assistant is told of the services.
    pub home_assistant: bool,
    /// Services whose health is published under its short topic, beside those with the label.
    pub services: Vec<String>,
}

/// A server that messages are sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookSettings {
    /// What it is called in output.
    pub name: String,
    /// Its address; `None` when none was given anywhere.
    pub url: Option<SecretSource>,
    /// Sent as a bearer token.
    pub token: Option<SecretSource>,
    /// The form of messages.
    pub template: WebhookTemplate,
    /// What it is told; `None`: everything.
    pub events: Option<Vec<WebhookEvent>>,
    /// After how long it is told again that something is still bad; `None`: never.
    pub repeat: Option<Duration>,
}

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// Here.
    Given(Secret),
    /// In this file.
    File(PathBuf),
}

/// What one source says of the sinks: the file has the tables, the environment the secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SinkLayer {
    /// The tables.
    pub settings: SinkSettings,
    /// The password at the broker.
    pub mqtt_password: Option<Secret>,
    /// The address of the first webhook.
    pub webhook_url: Option<Secret>,
    /// The token of the first webhook.
    pub webhook_token: Option<Secret>,
}

impl SinkLayer {
    /// Makes the paths of secrets absolute: relative ones count from this folder.
    pub fn anchor(&mut self, folder: &Path) {
        let webhooks = self.settings.webhooks.iter_mut().flat_map(|webhook| [&mut webhook.url, &mut webhook.token]);
        let password = self.settings.mqtt.iter_mut().map(|mqtt| &mut mqtt.password);
        for source in webhooks.chain(password) {
            if let Some(SecretSource::File(path)) = source {
                *path = folder.join(&*path);
            }
        }
    }

    /// Lays the secrets of the environment over the tables of the file.
    pub(super) fn under(&self, environment: &Self) -> SinkSettings {
        let mut settings = self.settings.clone();
        let given = |secret: &Option<Secret>| secret.clone().map(SecretSource::Given);
        if let Some(mqtt) = &mut settings.mqtt {
            mqtt.password = given(&environment.mqtt_password).or(mqtt.password.take());
        }
        if settings.webhooks.is_empty() && environment.webhook_url.is_some() {
            settings.webhooks.push(unnamed());
        }
        for (at, webhook) in settings.webhooks.iter_mut().enumerate() {
            if at == 0 {
                webhook.url = given(&environment.webhook_url).or(webhook.url.take());
                webhook.token = given(&environment.webhook_token).or(webhook.token.take());
            }
            if webhook.name.is_empty() {
                webhook.name = if at == 0 { "webhook".to_owned() } else { format!("webhook-{}", at + 1) };
            }
        }
        settings
    }
}

impl SinkSettings {
    /// Whether nobody is told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.prometheus.is_none() && self.mqtt.is_none() && self.webhooks.is_empty()
    }
}

fn unnamed() -> WebhookSettings {
    WebhookSettings {
        name: String::new(),
        url: None,
        token: None,
        template: WebhookTemplate::Json,
        events: None,
        repeat: None,
    }
}

/// Reads `[prometheus]`.
pub(super) fn prometheus(at: &Field<'_>) -> Result<PrometheusSettings, SettingsError> {
    let (mut listen, mut named, mut allow_remote) = (LISTEN, None, false);
    for field in at.table("a table with `listen`")? {
        match field.name() {
            "allow_remote" => allow_remote = field.flag()?,
            "listen" => {
                let text = field.text()?.replacen("localhost:", "127.0.0.1:", 1);
                listen = text.parse().map_err(|_| field.bad("an address and a port such as \"127.0.0.1:9817\""))?;
                named = Some(field);
            }
            _ => return Err(field.unknown(PROMETHEUS_KEYS)),
        }
    }
    match named {
        Some(field) if !allow_remote && !listen.ip().is_loopback() => Err(field.refused(
            "is reachable from other machines, and whoever reaches it can read the metrics",
            "listen on 127.0.0.1, or set `allow_remote = true` in the same table",
        )),
        _ => Ok(PrometheusSettings { listen }),
    }
}

/// Reads `[mqtt]`.
pub(super) fn mqtt(at: &Field<'_>) -> Result<MqttSettings, SettingsError> {
    let mut broker = None;
    let mut settings = MqttSettings {
        host: String::new(),
        port: MQTT_PORT,
        username: None,
        password: None,
        client_id: None,
        home_assistant: false,
        services: Vec::new(),
    };
    for field in at.table("a table with `broker`")? {
        match field.name() {
            "broker" => broker = Some(address(&field)?),
            "client_id" => settings.client_id = Some(field.filled()?.to_owned()),
            "home_assistant" => settings.home_assistant = field.flag()?,
            "password_file" => settings.password = Some(SecretSource::File(field.path()?)),
            "services" => settings.services = field.names("a list of service names")?,
            "username" => settings.username = Some(field.filled()?.to_owned()),
            _ => return Err(field.unknown(MQTT_KEYS)),
        }
    }
    let missing = || at.refused("names no broker", "add a line such as `broker = \"mqtt://localhost:1883\"`");
    (settings.host, settings.port) = broker.ok_or_else(missing)?;
    Ok(settings)
}

/// `mqtt://host:port`, the port optional.
fn address(field: &Field<'_>) -> Result<(String, u16), SettingsError> {
    const EXPECTED: &str = "an address such as \"mqtt://localhost:1883\"";
    let text = field.text()?;
    let Some((scheme, rest)) = text.split_once("://") else { return Err(field.bad_unseen(EXPECTED)) };
    if scheme == "mqtts" || scheme == "ssl" {
        return Err(field.refused(
            "cannot be encrypted: stackctl speaks plain MQTT alone",
            "name a broker on this machine that bridges to the far one with TLS, or a TLS tunnel such as stunnel",
        ));
    }
    let rest = rest.trim_end_matches('/');
    if scheme != "mqtt" || rest.contains(['@', '/', '?']) {
        let hint = "write `mqtt://host:port`; the user goes into `username`, the password into `password_file`";
        return Err(field.refused("is no plain address of a broker", hint));
    }
    let (host, port) = match rest.rsplit_once(':') {
        // The colons of a bare IPv6 address stand between brackets.
        Some((host, port)) if !port.contains(']') => {
            (host, port.parse().ok().filter(|port| *port != 0).ok_or_else(|| field.bad(EXPECTED))?)
        }
        _ => (rest, MQTT_PORT),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if host.is_empty() { Err(field.bad(EXPECTED)) } else { Ok((host.to_owned(), port)) }
}

/// Reads `[[webhook]]`.
pub(super) fn webhooks(at: &Field<'_>) -> Result<Vec<WebhookSettings>, SettingsError> {
    let mut all: Vec<WebhookSettings> = Vec::new();
    for table in at.tables("tables that each begin with `[[webhook]]`")? {
        let webhook = webhook(&table)?;
        let is_taken = |name: &str| matches!(name, "prometheus" | "mqtt") || all.iter().any(|one| one.name == name);
        if !webhook.name.is_empty() && is_taken(&webhook.name) {
            let hint = "give each webhook a name of its own; `prometheus` and `mqtt` are taken";
            return Err(table.refused(format!("has the name `{}`, which is taken", webhook.name), hint));
        }
        all.push(webhook);
    }
    Ok(all)
}

fn webhook(at: &Field<'_>) -> Result<WebhookSettings, SettingsError> {
    const URL: &str = "an address that begins with http:// or https://";
    let mut webhook = unnamed();
    for field in at.table("a table with `url`")? {
        match field.name() {
            "events" => webhook.events = Some(field.words(WebhookEvent::from_word, WebhookEvent::WORDS)?),
            "name" => webhook.name = name(&field)?,
            "repeat" => webhook.repeat = Some(field.length_from(Duration::from_secs(1))?),
            "template" => webhook.template = field.word(WebhookTemplate::from_word, WebhookTemplate::WORDS)?,
            "token_file" => webhook.token = Some(SecretSource::File(field.path()?)),
            "url" => {
                let url = field.secret()?;
                if !["http://", "https://"].iter().any(|scheme| url.reveal().starts_with(scheme)) {
                    return Err(field.bad_unseen(URL));
                }
                webhook.url = Some(SecretSource::Given(url));
            }
            "url_file" => webhook.url = Some(SecretSource::File(field.path()?)),
            _ => return Err(field.unknown(WEBHOOK_KEYS)),
        }
    }
    Ok(webhook)
}

/// A name as it stands on the command line and in metrics; that of a webhook without one is made from its place.
fn name(field: &Field<'_>) -> Result<String, SettingsError> {
    let name = field.filled()?;
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let is_made = name == "webhook" || name.starts_with("webhook-");
    if is_plain && !is_made && name.len() <= 40 {
        Ok(name.to_owned())
    } else {
        Err(field.bad("up to 40 letters, digits, `-`, `_` and `.`, not beginning with `webhook`"))
    }
}

#[cfg(test)]
#[path = "sinks_tests.rs"]
mod tests;
