// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What an address in a setting is for, judged by the name of the variable or the option that holds it.

use crate::compose::model::Service;

/// What the service does with the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It calls it.
    Call,
    /// A bare host or address: it may listen there, or call it.
    Host,
    /// It listens there.
    Listen,
    /// It hands it to browsers and other clients outside, or compares it with what they send; or it checks itself.
    Outside,
}

const LISTEN: &[&str] = &[
    "BIND",
    "BINDING",
    "LISTEN",
    "LISTENER",
    "LISTENERS",
    "LISTENING",
    "LISTENADDR",
    "BINDADDR",
    "ASPNETCORE",
    "L",
    "B",
];

const OUTSIDE: &[&str] = &[
    "CORS",
    "ORIGIN",
    "ORIGINS",
    "PUBLIC",
    "EXTERNAL",
    "REDIRECT",
    "REDIRECTS",
    "CALLBACK",
    "CALLBACKS",
    "FRONTEND",
    "BROWSER",
    "VITE",
    "REACT",
    "NEXTAUTH",
    "WEBHOOK",
    "SITE",
    "TRUSTED",
    "ALLOW",
    "ALLOWED",
    "CSRF",
    "OVERWRITE",
    "OVERWRITEHOST",
    "ADVERTISE",
    "ADVERTISED",
    "NOPROXY",
    "DOMAIN",
    "DOMAINS",
    "HEALTH",
    "HEALTHCHECK",
    "EXPOSE",
    "EXPOSED",
    "TEMPLATE",
    "REFERER",
];

/// Words before `URL` that make it the service's own address, as people see it.
const OWN_URL: &[&str] = &["APP", "ROOT", "SITE", "SELF", "INSTANCE", "HOMEPAGE", "WEBUI"];

const HOST: &[&str] = &["HOST", "HOSTNAME", "ADDR", "ADDRESS", "INTERFACE"];

/// Words before `HOST` that name the service's own server.
const OWN_SERVER: &[&str] =
    &["SERVER", "APP", "WEB", "HTTP", "HTTPS", "UI", "GRPC", "METRICS", "UVICORN", "GUNICORN", "GRADIO", "FLASK"];

/// The purpose that the name of a variable (`OLLAMA_BASE_URL`) or option (`--web.listen-address`) tells.
pub(super) fn purpose(name: &str) -> Purpose {
    let words = words(name);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if has(LISTEN) {
        Purpose::Listen
    } else if has(OUTSIDE)
        || matches!(words.as_slice(), [.., own, url] if url == "URL" && OWN_URL.contains(&own.as_str()))
        || words.windows(2).any(|pair| pair == ["NO", "PROXY"])
    {
        Purpose::Outside
    } else if words.last().is_some_and(|word| HOST.contains(&word.as_str())) {
        Purpose::Host
    } else {
        Purpose::Call
    }
}

/// Whether the service is a web page built here, which calls its peers from the reader's browser, through their published
/// ports. A finished image (`open-webui`) calls them itself.
pub(super) fn is_own_page(service: &Service) -> bool {
    let words = words(&service.name.value);
    let is_front = words.iter().any(|word| word == "FRONTEND") || words.windows(2).any(|pair| pair == ["FRONT", "END"]);
    is_front && service.build.is_some()
}

/// Whether a host setting (`HOST`, `OLLAMA_HOST`, `--host`) is the service's own: it names no one else.
pub(super) fn is_own_host(name: &str, service: &Service) -> bool {
    let text =
        |spanned: &Option<crate::diag::Spanned<String>>| spanned.as_ref().map_or("", |one| &one.value).to_uppercase();
    let own = [service.name.value.to_uppercase(), text(&service.image), text(&service.container_name)];
    let words = words(name);
    let (_, rest) = words.split_last().map_or(("", [].as_slice()), |(last, rest)| (last.as_str(), rest));
    rest.iter().all(|word| {
        OWN_SERVER.contains(&word.as_str()) || (word.len() > 2 && own.iter().any(|text| text.contains(word.as_str())))
    })
}

/// The name of the port setting beside a host setting: `DB_HOST` has `DB_PORT`.
pub(super) fn port_name(host_name: &str) -> Option<String> {
    let stem = host_name.strip_suffix("HOSTNAME").or_else(|| host_name.strip_suffix("HOST"))?;
    stem.ends_with('_').then(|| format!("{stem}PORT"))
}

/// The option or assignment that an address in a command belongs to: `--url=…`, `--url …`, `URL=…`.
pub(super) fn option_name(word_before: Option<&str>, text_before: &str) -> Option<String> {
    let is_option = |word: &&str| word.starts_with('-') && !word.contains('=');
    let (earlier, open) = text_before.rsplit_once(char::is_whitespace).unwrap_or(("", text_before));
    if let Some((name, _)) = open.split_once('=') {
        return Some(name.trim_start_matches(['"', '\'']).to_owned());
    }
    let previous = if earlier.is_empty() { word_before } else { earlier.split_whitespace().last() };
    previous.filter(is_option).map(str::to_owned)
}

fn words(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_purpose() {
        for (name, expected) in [
            ("OLLAMA_BASE_URL", Purpose::Call),
            ("DATABASE_URL", Purpose::Call),
            ("OLLAMA_HOST", Purpose::Host),
            ("HOST", Purpose::Host),
            ("--host", Purpose::Host),
            ("WEB_BIND", Purpose::Listen),
            ("--web.listen-address", Purpose::Listen),
            ("LISTEN", Purpose::Listen),
            ("CORS_ALLOW_ORIGIN", Purpose::Outside),
            ("OLLAMA_ORIGINS", Purpose::Outside),
            ("NEXT_PUBLIC_API_URL", Purpose::Outside),
            ("PUBLIC_URL", Purpose::Outside),
            ("OAUTH_REDIRECT_URI", Purpose::Outside),
            ("APP_URL", Purpose::Outside),
            ("GF_SERVER_ROOT_URL", Purpose::Outside),
            ("EXPOSE_DEBUGGING_HOST", Purpose::Outside),
            ("ENDPOINT_URL_TEMPLATE", Purpose::Outside),
            ("NO_PROXY", Purpose::Outside),
            ("no_proxy", Purpose::Outside),
            ("KAFKA_ADVERTISED_LISTENERS", Purpose::Listen),
        ] {
            assert_eq!(purpose(name), expected, "{name}");
        }
    }

    #[test]
    fn a_host_has_its_port_beside_it() {
        assert_eq!(port_name("DB_HOST").as_deref(), Some("DB_PORT"));
        assert_eq!(port_name("HOST"), None);
    }
}
