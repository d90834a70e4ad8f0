// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Files into and out of containers in memory, as tar archives of regular files.

use bytes::Bytes;

use super::FakeEngine;
use super::act::{at_once, find, missing};
use super::image::{drain, once};
use crate::sys::engine::{Body, Call, Deadline, Feed, Idle};

/// The unit of an archive, in bytes.
const BLOCK: usize = 512;

impl FakeEngine {
    pub(super) fn pack<'a>(
        &'a self,
        container: &'a str,
        path: &'a str,
        deadline: Deadline,
        idle: Idle,
    ) -> Call<'a, Feed<Bytes>> {
        const CALL: &str = "read from container";
        self.act(CALL, deadline, move |world, _| {
            let found = &world.containers[find(world, CALL, container)?];
            let is_there = found.files.contains(path);
            let content = found.contents.get(path).map(Vec::as_slice).unwrap_or_default();
            if !is_there {
                return Err(missing(CALL, "file", path));
            }
            let name = path.rsplit('/').next().unwrap_or_default();
            at_once(once(self, CALL, tar_of(name, content), idle))
        })
    }

    pub(super) fn unpack<'a>(
        &'a self,
        container: &'a str,
        path: &'a str,
        tar: Body,
        deadline: Deadline,
    ) -> Call<'a, ()> {
        const CALL: &str = "write into container";
        Box::pin(async move {
            let bytes = drain(self, CALL, tar, deadline).await?;
            self.act(CALL, deadline, move |world, _| {
                let index = find(world, CALL, container)?;
                let found = &mut world.containers[index];
                let folder = path.trim_end_matches('/');
                let is_there = folder.is_empty() || found.files.contains(folder);
                if !is_there {
                    return Err(missing(CALL, "folder", path));
                }
                for (name, content) in files_of(&bytes) {
                    let path = format!("{folder}/{name}");
                    found.files.insert(path.clone());
                    found.contents.insert(path, content);
                }
                at_once(())
            })
            .await
        })
    }
}

/// An archive of one file.
fn tar_of(name: &str, content: &[u8]) -> Vec<u8> {
    let mut header = [0; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &name.as_bytes()[..name.len().min(100)]);
    put(100, b"0000644\x000000000\x000000000\0");
    put(124, format!("{:011o}\x0000000000000\0        0", content.len()).as_bytes());
    put(257, b"ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut tar = [&header[..], content].concat();
    tar.resize(tar.len().next_multiple_of(BLOCK) + 2 * BLOCK, 0);
    tar
}

/// The regular files of an archive, without looking for what is wrong with it.
fn files_of(tar: &[u8]) -> Vec<(String, Vec<u8>)> {
    let (mut files, mut rest) = (Vec::new(), tar);
    while let Some((header, after)) = rest.split_first_chunk::<BLOCK>() {
        let text = |from: usize, to: usize| {
            let field = header[from..to].split(|byte| *byte == 0).next().unwrap_or_default();
            String::from_utf8_lossy(field).trim().to_owned()
        };
        let size = usize::from_str_radix(&text(124, 136), 8).unwrap_or(0);
        let Some(content) = after.get(..size) else { break };
        if header[156] == b'0' {
            files.push((text(0, 100).trim_start_matches("./").to_owned(), content.to_vec()));
        }
        rest = after.get(size.next_multiple_of(BLOCK)..).unwrap_or_default();
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_back() {
        let tar = tar_of("a", &[7; 700]);
        assert_eq!(files_of(&tar), [("a".to_owned(), vec![7; 700])]);
    }
}
