// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which strings are turned into other scalars after interpolation, by their place.
//!
//! Compose 2.40 does so before it merges and checks, and for every string at such a place, with a variable in it or not.

/// What a string becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cast {
    /// A boolean; Compose 2.40 takes `y`, `yes`, `on` and their opposites too, with a warning.
    Bool,
    /// A decimal integer of 64 bits, signed.
    Int,
    /// A number of 64 bits.
    Float,
    /// A number of 32 bits; `config` prints it with that precision.
    Float32,
}

/// The longest path that has a cast: `services.<name>.deploy.update_config.parallelism`, and one piece to tell longer ones.
const LONGEST: usize = 6;

/// The cast for the value at `path`, if there is one.
///
/// `path` holds the keys from the top level down, with `[]` for a list item. Compose 2.40 joins them with dots and splits
/// them again, so below a service named `a.b` nothing is cast; this does the same.
#[must_use]
pub fn cast_for(path: &[&str]) -> Option<Cast> {
    if path.len() < 3 || path.len() > LONGEST {
        return None;
    }
    if !path.iter().any(|piece| piece.contains('.')) {
        return cast_at(path);
    }
    let mut pieces = [""; LONGEST];
    let mut count = 0;
    for piece in path.iter().flat_map(|piece| piece.split('.')) {
        *pieces.get_mut(count)? = piece;
        count += 1;
    }
    cast_at(pieces.get(..count)?)
}

fn cast_at(path: &[&str]) -> Option<Cast> {
    match path {
        ["services", _, rest @ ..] => service_cast(rest),
        ["networks", _, "attachable" | "enable_ipv6" | "external" | "internal"]
        | ["volumes" | "secrets" | "configs", _, "external"] => Some(Cast::Bool),
        _ => None,
    }
}

fn service_cast(path: &[&str]) -> Option<Cast> {
    match path {
        ["init" | "oom_kill_disable" | "privileged" | "read_only" | "stdin_open" | "tty"]
        | ["healthcheck", "disable"]
        | ["volumes", "[]", "read_only"]
        | ["volumes", "[]", "volume", "nocopy"] => Some(Cast::Bool),
        [
            "cpu_count" | "cpu_period" | "cpu_quota" | "cpu_rt_period" | "cpu_rt_runtime" | "cpu_shares"
            | "oom_score_adj" | "pids_limit" | "scale",
        ]
        | ["deploy", "replicas"]
        | ["deploy", "update_config" | "rollback_config", "parallelism"]
        | ["deploy", "restart_policy", "max_attempts"]
        | ["deploy", "placement", "max_replicas_per_node"]
        | ["healthcheck", "retries"]
        | ["ports", "[]", "target"]
        | ["ulimits", _]
        | ["ulimits", _, "hard" | "soft"] => Some(Cast::Int),
        ["cpu_percent"] | ["deploy", "update_config" | "rollback_config", "max_failure_ratio"] => Some(Cast::Float),
        ["cpus"] => Some(Cast::Float32),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Cast, cast_for};

    #[test]
    fn casts_are_found_by_place() {
        assert_eq!(cast_for(&["services", "a", "read_only"]), Some(Cast::Bool));
        assert_eq!(cast_for(&["services", "a", "cpus"]), Some(Cast::Float32));
        assert_eq!(cast_for(&["services", "a", "cpu_percent"]), Some(Cast::Float));
        assert_eq!(cast_for(&["services", "a", "ports", "[]", "target"]), Some(Cast::Int));
        assert_eq!(cast_for(&["services", "a", "ulimits", "nofile"]), Some(Cast::Int));
        assert_eq!(cast_for(&["services", "a", "ulimits", "nofile", "soft"]), Some(Cast::Int));
        assert_eq!(cast_for(&["services", "a", "deploy", "update_config", "parallelism"]), Some(Cast::Int));
        assert_eq!(cast_for(&["services", "a", "volumes", "[]", "volume", "nocopy"]), Some(Cast::Bool));
        assert_eq!(cast_for(&["networks", "n", "external"]), Some(Cast::Bool));
        assert_eq!(cast_for(&["configs", "n", "external"]), Some(Cast::Bool));
    }

    #[test]
    fn other_places_have_none() {
        assert_eq!(cast_for(&[]), None);
        assert_eq!(cast_for(&["name"]), None);
        assert_eq!(cast_for(&["services", "a", "image"]), None);
        assert_eq!(cast_for(&["services", "a", "ports", "[]"]), None);
        assert_eq!(cast_for(&["volumes", "v", "internal"]), None);
        assert_eq!(cast_for(&["x-a", "b", "read_only"]), None);
    }

    #[test]
    fn a_dotted_service_name_hides_its_casts() {
        assert_eq!(cast_for(&["services", "a.b", "read_only"]), None);
        assert_eq!(cast_for(&["services", "a.b.c.d.e.f", "read_only"]), None);
        assert_eq!(cast_for(&["services", "a.deploy", "replicas"]), Some(Cast::Int));
    }
}
