// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which host paths reach the socket of a container engine.

/// File names of engine sockets, wherever they lie.
const SOCKETS: &[&str] =
    &["docker.sock", "docker.raw.sock", "containerd.sock", "crio.sock", "podman.sock", "docker_engine"];

/// Folders that hold such a socket on an ordinary host.
const FOLDERS: &[&str] =
    &["/", "/run", "/var", "/var/run", "/run/containerd", "/run/crio", "/run/podman", "/run/docker"];

/// How a host path reaches an engine socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// It is the socket.
    Socket,
    /// It is a folder above the socket.
    Folder,
}

/// How the path reaches an engine socket; `None` when it does not.
pub(super) fn reach(path: &str) -> Option<Reach> {
    let path = path.replace('\\', "/");
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    if parts.last().is_some_and(|name| SOCKETS.contains(name)) {
        return Some(Reach::Socket);
    }
    if !path.starts_with('/') || parts.contains(&"..") {
        return None;
    }
    let plain = format!("/{}", parts.join("/"));
    // `/var/run` is a link to `/run` on every current distribution.
    let plain = match plain.strip_prefix("/var/run/") {
        Some(below) => format!("/run/{below}"),
        None => plain,
    };
    FOLDERS.contains(&plain.as_str()).then_some(Reach::Folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_of_every_engine_are_known() {
        for path in [
            "/var/run/docker.sock",
            "/run/docker.sock",
            "//var/run/docker.sock",
            "/run/user/1000/docker.sock",
            "/run/containerd/containerd.sock",
            "/run/crio/crio.sock",
            "/run/user/1000/podman/podman.sock",
            r"\\.\pipe\docker_engine",
            "./docker.sock",
        ] {
            assert_eq!(reach(path), Some(Reach::Socket), "{path}");
        }
    }

    #[test]
    fn folders_above_a_socket_are_known_in_every_spelling() {
        for path in ["/", "/run", "/run/", "/var/run", "/var//run/", "/var/./run", "/var", "/var/run/podman"] {
            assert_eq!(reach(path), Some(Reach::Folder), "{path}");
        }
    }

    #[test]
    fn neighbours_of_a_socket_are_left_alone() {
        for path in [
            "/run/user/1000/pulse",
            "/run/dbus",
            "/var/lib/docker",
            "/etc/localtime",
            "./run",
            "run",
            "/home/me/run",
            "/dev/snd",
            "/var/log",
            "/data/docker.sock.d",
            "..",
        ] {
            assert_eq!(reach(path), None, "{path}");
        }
    }
}
