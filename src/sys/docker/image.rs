// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Images that come and go as archives.

use hyper::Method;

use super::failure::Fault;
use super::http::Http;
use super::name;
use super::upload::{self, Upload};
use crate::sys::engine::{Body, Deadline, ImageImport};

pub(super) async fn import(
    http: &Http,
    plan: &ImageImport,
    tar: Body,
    deadline: Deadline,
    call: &'static str,
    address: &str,
) -> Result<String, Fault> {
    let repository = name::checked_image(&plan.repository)?;
    let mut query = vec![("fromSrc", "-".to_owned()), ("repo", repository.to_owned()), ("tag", plan.tag.clone())];
    for (label, value) in &plan.labels {
        query.push(("changes", format!("LABEL {}={}", quoted(label)?, quoted(value)?)));
    }
    let patience = deadline.duration();
    let upload = Upload { method: Method::POST, path: "/images/create", query: &query, patience, call, address };
    let lines = upload::lines(&upload.send(http, tar).await?)?;
    lines.into_iter().next_back().ok_or_else(|| Fault::Nonsense("it names no image".to_owned()))
}

/// A word of a Dockerfile, in which nothing has a meaning.
fn quoted(text: &str) -> Result<String, Fault> {
    if text.contains(['\n', '\r']) {
        return Err(Fault::Status { status: 400, message: "a label has a line break".to_owned() });
    }
    let escaped: String = text
        .chars()
        .flat_map(|letter| matches!(letter, '"' | '\\' | '$').then_some('\\').into_iter().chain([letter]))
        .collect();
    Ok(format!("\"{escaped}\""))
}

pub(super) async fn load(
    http: &Http,
    tar: Body,
    deadline: Deadline,
    call: &'static str,
    address: &str,
) -> Result<Vec<String>, Fault> {
    let (query, patience) = ([("quiet", "true".to_owned())], deadline.duration());
    let upload = Upload { method: Method::POST, path: "/images/load", query: &query, patience, call, address };
    let lines = upload::lines(&upload.send(http, tar).await?)?;
    Ok(lines.iter().filter_map(|line| loaded(line)).collect())
}

/// The name, or the id of one that has none.
fn loaded(line: &str) -> Option<String> {
    let name = line.strip_prefix("Loaded image: ").or_else(|| line.strip_prefix("Loaded image ID: "))?;
    Some(name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;

    #[test]
    fn labels_mean_nothing_to_the_engine() {
        assert_eq!(quoted("a $HOME \"b\" c\\").unwrap(), "\"a \\$HOME \\\"b\\\" c\\\\\"");
        assert!(quoted("a\nRUN b").is_err());
    }

    #[test]
    fn what_was_loaded_has_a_name_or_an_id() {
        assert_eq!(loaded("Loaded image: a:1").as_deref(), Some("a:1"));
        assert_eq!(loaded("Loaded image ID: sha256:ab").as_deref(), Some("sha256:ab"));
        assert_eq!(loaded("Loading layer"), None);
    }
}
