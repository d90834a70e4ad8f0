// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Names that become part of a request's path. bollard puts them there as they are, so `../` would ask for something else.

use super::failure::Fault;

/// A name or id of a container, volume or network, by Docker's own rule.
pub(super) fn checked(name: &str) -> Result<&str, Fault> {
    let mut bytes = name.bytes();
    let begins = bytes.next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    if begins && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte)) {
        return Ok(name);
    }
    Err(Fault::Status { status: 404, message: format!("`{name}` is no name or id") })
}

/// A reference of an image: name, tag, digest or id.
pub(super) fn checked_image(reference: &str) -> Result<&str, Fault> {
    let fits = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-:@".contains(&byte))
    };
    if reference.split('/').all(fits) {
        return Ok(reference);
    }
    Err(Fault::Status { status: 404, message: format!("`{reference}` is no image reference") })
}

/// A name of an image in its two parts; without a tag it is `latest`. A port of a registry is no tag.
pub(super) fn repository_and_tag(name: &str) -> (&str, &str) {
    name.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).unwrap_or((name, "latest"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_what_follows_the_last_colon_of_the_last_part() {
        assert_eq!(repository_and_tag("a/b:1"), ("a/b", "1"));
        assert_eq!(repository_and_tag("host:5000/a"), ("host:5000/a", "latest"));
        assert_eq!(repository_and_tag("host:5000/a:2"), ("host:5000/a", "2"));
    }

    #[test]
    fn names_never_leave_their_place_in_the_path() {
        for name in ["", "..", "../images/x", "a/b", "a?all=1", "a#b", "a b", "-a", "é"] {
            assert!(checked(name).is_err(), "{name}");
        }
        assert!(checked("s-web-1").is_ok() && checked("a1b2").is_ok());
        for image in ["", "/", "a//b", "../x", "a/../b", "a?b", "a/."] {
            assert!(checked_image(image).is_err(), "{image}");
        }
        assert!(checked_image("ghcr.io:443/a/b:1@sha256:00").is_ok());
    }
}
