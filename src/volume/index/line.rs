// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A record as a line of JSON and back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::record::{Attributes, Record, Stamp};
use crate::volume::digest::ContentDigest;
use crate::volume::{Device, MAX_ID, Timestamp, TreePath, text};

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Opening {
    pub(super) format: String,
    pub(super) version: u32,
    pub(super) fidelity: String,
}

/// The last line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Closing {
    pub(super) entries: u64,
    pub(super) sha256: String,
}

/// A line between them. What does not belong to the kind is left out.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    path: String,
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mode: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    uid: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gid: Option<u32>,
    /// Seconds and nanoseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mtime: Option<(i64, u32)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device: Option<(u32, u32)>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    xattrs: BTreeMap<String, String>,
}

impl Line {
    pub(super) fn of(record: &Record) -> Self {
        let mut line = Self {
            path: text::escape(record.path.as_bytes()),
            kind: record.stamp.word().to_owned(),
            mode: None,
            uid: None,
            gid: None,
            mtime: None,
            size: None,
            digest: None,
            target: None,
            device: None,
            xattrs: BTreeMap::new(),
        };
        match &record.stamp {
            Stamp::File { size, digest } => (line.size, line.digest) = (Some(*size), Some(digest.word())),
            Stamp::Symlink(target) => line.target = Some(text::escape(target)),
            Stamp::HardLink(target) => line.target = Some(text::escape(target.as_bytes())),
            Stamp::CharDevice(device) | Stamp::BlockDevice(device) => line.device = Some((device.major, device.minor)),
            Stamp::Directory | Stamp::Fifo => {}
        }
        if let Some(meta) = &record.meta {
            line.mode = Some(format!("{:04o}", meta.mode));
            (line.uid, line.gid) = (Some(meta.uid), Some(meta.gid));
            line.mtime = Some((meta.mtime.seconds, meta.mtime.nanoseconds));
            line.xattrs = meta.xattrs.iter().map(|(name, value)| (text::escape(name), value.clone())).collect();
        }
        line
    }

    /// None of a line that [`Line::of`] would not have made.
    pub(super) fn record(self) -> Option<Record> {
        let path = TreePath::parse(&text::unescape(&self.path)?).ok()?;
        let target = || text::unescape(self.target.as_deref()?);
        let device = || self.device.map(|(major, minor)| Device { major, minor });
        let stamp = match self.kind.as_str() {
            "file" => Stamp::File { size: self.size?, digest: ContentDigest::of_word(self.digest.as_deref()?)? },
            "directory" => Stamp::Directory,
            "symlink" => Stamp::Symlink(target()?),
            "hardlink" => Stamp::HardLink(TreePath::parse(&target()?).ok()?),
            "fifo" => Stamp::Fifo,
            "char-device" => Stamp::CharDevice(device()?),
            "block-device" => Stamp::BlockDevice(device()?),
            _ => return None,
        };
        let meta = if matches!(stamp, Stamp::HardLink(_)) { None } else { Some(self.attributes()?) };
        Some(Record { path, stamp, meta })
    }

    fn attributes(&self) -> Option<Attributes> {
        let mode = u16::from_str_radix(self.mode.as_deref()?, 8).ok().filter(|mode| *mode <= 0o7777)?;
        let (seconds, nanoseconds) = self.mtime?;
        let (uid, gid) = (self.uid?, self.gid?);
        let xattrs: Option<BTreeMap<Vec<u8>, String>> =
            self.xattrs.iter().map(|(name, value)| Some((text::unescape(name)?, value.clone()))).collect();
        let fits = nanoseconds < 1_000_000_000 && uid.max(gid) <= MAX_ID;
        fits.then_some(Attributes { mode, uid, gid, mtime: Timestamp { seconds, nanoseconds }, xattrs: xattrs? })
    }
}
