// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Words in the output of probes, in start errors and logs that give a fault away, whatever the service is.
//!
//! Limits: words are looked for as they are, case included. Only faults whose words rarely mean anything else are
//! listed; what is true of one service alone stands in its `service.yaml`.

/// One fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Symptom {
    /// Short name.
    pub code: &'static str,
    /// Any of these gives it away.
    pub words: &'static [&'static str],
    /// What it means, as the end of a sentence.
    pub meaning: &'static str,
    /// What to do.
    pub hint: &'static str,
}

/// The list; the first that fits wins, so narrow ones stand first.
pub const SYMPTOMS: &[Symptom] = &[
    Symptom {
        code: "gpu_driver_missing",
        words: &["could not select device driver", "nvidia-container-cli", "unknown or invalid runtime name: nvidia"],
        meaning: "the engine has no GPU runtime",
        hint: "install the NVIDIA container toolkit and register it with `nvidia-ctk runtime configure`, or use the CPU profile",
    },
    Symptom {
        code: "gpu_lost",
        words: &["Failed to initialize NVML"],
        meaning: "the container has lost its GPU",
        hint: "restart it; to keep the GPU, set the engine's option `native.cgroupdriver=cgroupfs`",
    },
    Symptom {
        code: "gpu_out_of_memory",
        words: &["CUDA out of memory", "cudaMalloc failed: out of memory", "CUDA error: out of memory"],
        meaning: "the GPU has no memory left",
        hint: "use a smaller model or quantization, or unload another one",
    },
    Symptom {
        code: "program_missing",
        words: &["executable file not found in $PATH", "exec format error"],
        meaning: "the program cannot be run in this image",
        hint: "use a program that the image has, built for this machine's architecture",
    },
    Symptom {
        code: "port_taken",
        words: &["port is already allocated", "address already in use", "Address already in use"],
        meaning: "the port is taken",
        hint: "publish another port, or stop what uses it: `ss -ltnp` shows who",
    },
    Symptom {
        code: "mount_source_missing",
        words: &[
            "bind source path does not exist",
            "not a directory: unknown",
            "Are you trying to mount a directory onto a file",
        ],
        meaning: "a mounted path of the host is missing or is of the wrong kind",
        hint: "create the file or folder on the host first; the engine makes a folder where a file is missing",
    },
    Symptom {
        code: "read_only",
        words: &["Read-only file system", "read-only file system"],
        meaning: "it writes where it may not",
        hint: "mount a volume or tmpfs at that path, or mount the single file read-only instead of its folder",
    },
    Symptom {
        code: "disk_full",
        words: &["No space left on device", "no space left on device"],
        meaning: "the disk is full",
        hint: "`docker system df` shows what takes the room; never prune images that a way back needs",
    },
    Symptom {
        code: "shared_memory",
        words: &["Bus error"],
        meaning: "its shared memory is too small",
        hint: "raise `shm_size`",
    },
    Symptom {
        code: "process_limit",
        words: &["can't start new thread", "Resource temporarily unavailable: fork", "pthread_create failed"],
        meaning: "it has reached its limit of processes",
        hint: "raise `pids_limit`",
    },
    Symptom {
        code: "database_locked",
        words: &["database is locked"],
        meaning: "its database is locked",
        hint: "keep the database on a local disk, never on a network share, and run one instance",
    },
    Symptom {
        code: "name_unknown",
        words: &[
            "Temporary failure in name resolution",
            "Name or service not known",
            "Could not resolve host",
            "bad address",
        ],
        meaning: "a name cannot be resolved",
        hint: "use the service's name, and put both services on one network",
    },
    Symptom {
        code: "refused_password",
        words: &["NOAUTH", "password authentication failed", "WRONGPASS", "not authorised"],
        meaning: "the password was refused or not given",
        hint: "give the check and the clients the same secret as the service",
    },
    Symptom {
        code: "refused",
        words: &["Connection refused", "connection refused", "ECONNREFUSED"],
        meaning: "nothing listens where it connects",
        hint: "check the address and port: inside a container, `localhost` is the container itself",
    },
    Symptom {
        code: "permission",
        words: &["permission denied", "Permission denied", "EACCES"],
        meaning: "it lacks a permission",
        hint: "give the mounted folder or volume to the user that the container runs as",
    },
];

/// The first fault whose words are in `text`.
#[must_use]
pub fn find(text: &str) -> Option<&'static Symptom> {
    SYMPTOMS.iter().find(|symptom| symptom.words.iter().any(|word| text.contains(word)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_fault_is_found_by_each_of_its_words() {
        for symptom in SYMPTOMS {
            for word in symptom.words {
                assert_eq!(find(&format!("x {word} y")).map(|found| found.code), Some(symptom.code), "{word}");
            }
        }
        let codes: BTreeSet<&str> = SYMPTOMS.iter().map(|symptom| symptom.code).collect();
        assert_eq!(codes.len(), SYMPTOMS.len());
    }

    #[test]
    fn plain_output_is_no_symptom() {
        assert_eq!(find("HTTP/1.1 503 Service Unavailable"), None);
    }
}
