// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Volumes and `GET /system/df`.

use serde::Deserialize;

use super::{Words, count, lenient, time};
use crate::sys::engine::{DiskUse, Volume};

/// `GET /volumes`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::sys::docker) struct Listed {
    #[serde(default, deserialize_with = "lenient")]
    pub(in crate::sys::docker) volumes: Vec<StoredVolume>,
}

/// A volume, also as `df` lists it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::sys::docker) struct StoredVolume {
    name: String,
    #[serde(default, deserialize_with = "lenient")]
    driver: String,
    #[serde(default, deserialize_with = "lenient")]
    mountpoint: String,
    #[serde(default, deserialize_with = "lenient")]
    labels: Words,
    #[serde(default, deserialize_with = "lenient")]
    options: Words,
    #[serde(default, deserialize_with = "lenient")]
    created_at: String,
    #[serde(default)]
    usage_data: Option<VolumeUse>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct VolumeUse {
    /// -1 when the driver cannot tell.
    #[serde(default, deserialize_with = "lenient")]
    size: i64,
}

impl From<StoredVolume> for Volume {
    fn from(stored: StoredVolume) -> Self {
        Self {
            name: stored.name,
            driver: stored.driver,
            mountpoint: stored.mountpoint,
            labels: stored.labels,
            options: stored.options,
            created: time(&stored.created_at),
        }
    }
}

/// `GET /system/df` in its form up to API 1.51.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::sys::docker) struct Room {
    #[serde(default, deserialize_with = "lenient")]
    layers_size: i64,
    #[serde(default, deserialize_with = "lenient")]
    containers: Vec<ContainerRoom>,
    #[serde(default, deserialize_with = "lenient")]
    volumes: Vec<StoredVolume>,
    #[serde(default, deserialize_with = "lenient")]
    build_cache: Vec<CacheRoom>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ContainerRoom {
    #[serde(default, deserialize_with = "lenient")]
    size_rw: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CacheRoom {
    #[serde(default, deserialize_with = "lenient")]
    size: i64,
    /// Shared ones are counted with the images.
    #[serde(default, deserialize_with = "lenient")]
    shared: bool,
}

impl From<Room> for DiskUse {
    fn from(room: Room) -> Self {
        let volumes = room.volumes.into_iter().map(|volume| {
            let size = volume.usage_data.and_then(|used| u64::try_from(used.size).ok());
            (volume.name, size)
        });
        Self {
            images_bytes: count(room.layers_size),
            containers_bytes: room.containers.iter().map(|container| count(container.size_rw)).sum(),
            build_cache_bytes: room
                .build_cache
                .iter()
                .filter(|cache| !cache.shared)
                .map(|cache| count(cache.size))
                .sum(),
            volumes: volumes.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;

    #[test]
    fn volume_of_a_driver_that_cannot_tell_has_no_size() {
        let text = r#"{"LayersSize":7,"Images":[],"Containers":[{"SizeRw":2},{}],"BuildCache":null,
            "Volumes":[{"Name":"a","UsageData":{"Size":-1,"RefCount":1}},{"Name":"b","Status":{"x":{}},"UsageData":{"Size":5}}]}"#;
        let disk = DiskUse::from(serde_json::from_str::<Room>(text).unwrap());
        assert_eq!((disk.images_bytes, disk.containers_bytes), (7, 2));
        assert_eq!(disk.volumes["a"], None);
        assert_eq!(disk.volumes["b"], Some(5));
    }
}
