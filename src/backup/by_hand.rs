// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `RESTORE.txt`: a shell script that restores a set with docker, tar and zstd alone, and says what it does.

use super::CONFIG_HASH_LABEL;
use super::manifest::{Bind, LeftOut, LeftOutReason, Manifest, Volume};

/// Unpacks from standard input into the working directory, with everything that an archive holds.
const UNPACK: &str = "tar -x --numeric-owner --xattrs --xattrs-include='*' --acls -p -f -";

/// A word for a shell.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=@%+,".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// The script. Every line that is no comment is a command.
#[must_use]
pub fn text(manifest: &Manifest) -> String {
    let project = &manifest.project.name;
    let mut lines = vec![
        format!(
            "# Restores set {} of project {project} without stackctl: docker, tar and zstd are enough.",
            manifest.id
        ),
        "# Run it as root on the engine's machine, in the folder of the set: sh -e RESTORE.txt".to_owned(),
        "# It replaces what is there. Every archive is checked before anything is touched.".to_owned(),
        String::new(),
        "# 1. Are the files whole?".to_owned(),
        "sha256sum -c manifest.sha256".to_owned(),
    ];
    let data = manifest.volumes.iter().map(|one| &one.data).chain(manifest.binds.iter().map(|one| &one.data));
    lines.extend(data.map(|data| format!("echo '{}  {}' | sha256sum -c -", data.archive.sha256, data.archive.path)));
    lines.push("\n# 2. Stop whoever uses the data.".to_owned());
    lines.push(format!("docker ps -q --filter label=com.docker.compose.project={project} | xargs -r docker stop"));
    if !manifest.volumes.is_empty() {
        lines.push("\n# 3. The volumes.".to_owned());
    }
    for volume in &manifest.volumes {
        of_volume(volume, &mut lines);
    }
    if !manifest.binds.is_empty() {
        lines.push("\n# 4. Files and folders of the host.".to_owned());
    }
    for bind in &manifest.binds {
        of_bind(bind, &mut lines);
    }
    lines.push("\n# 5. Start the project again, from its folder: docker compose up -d".to_owned());
    lines.push("#    The compose files are in `compose/`, the images that ran in `manifest.json`.".to_owned());
    let caches: Vec<&LeftOut> = manifest.left_out.iter().filter(|left| left.reason == LeftOutReason::Cache).collect();
    if !caches.is_empty() {
        lines.push("\n# 6. Not in the set. Once the project runs, fetch what is gone of it:".to_owned());
    }
    for left in caches {
        of_cache(left, &mut lines);
    }
    lines.join("\n") + "\n"
}

/// Comments alone: what is to be done depends on what is still there.
fn of_cache(left: &LeftOut, lines: &mut Vec<String>) {
    let mut say = |text: String| {
        // A line break would end the comment.
        let line: String = text.chars().map(|letter| if letter.is_control() { '?' } else { letter }).collect();
        lines.push(format!("#    {line}"));
    };
    for model in &left.models {
        let how = model.fetch.as_ref().map(|fetch| format!(": {fetch}")).unwrap_or_default();
        say(format!("{} in {}{how}", model.name, left.name));
    }
    match &left.unlisted {
        Some(reason) => say(format!("what {} held is not known in full: {reason}", left.name)),
        None if left.models.is_empty() => say(left.name.clone()),
        None => {}
    }
}

fn of_volume(volume: &Volume, lines: &mut Vec<String>) {
    let name = &volume.name;
    let options = volume.options.iter().map(|(key, value)| format!(" --opt {}", quoted(&format!("{key}={value}"))));
    let labels = volume.labels.iter().filter(|(label, _)| *label != CONFIG_HASH_LABEL);
    let labels = labels.map(|(key, value)| format!(" --label {}", quoted(&format!("{key}={value}"))));
    let flags: String = options.chain(labels).collect();
    if !volume.masked_options.is_empty() {
        lines.push("# Put the secrets back where the next line has ***.".to_owned());
    }
    let driver = quoted(&volume.driver);
    lines.push(format!(
        "docker volume inspect {name} >/dev/null 2>&1 || docker volume create --driver {driver}{flags} {name}"
    ));
    if !volume.options.is_empty() {
        lines.push("# Its data lies where the options say: mount it somewhere, and unpack there instead.".to_owned());
    }
    lines.push(format!("at=$(docker volume inspect --format '{{{{.Mountpoint}}}}' {name})"));
    lines.push("find \"$at\" -mindepth 1 -delete".to_owned());
    lines.push(format!("zstd -dcq {} | (cd \"$at\" && {UNPACK})", quoted(&volume.data.archive.path)));
}

fn of_bind(bind: &Bind, lines: &mut Vec<String>) {
    let archive = quoted(&bind.data.archive.path);
    if bind.is_file {
        let (folder, name) = bind.source.rsplit_once('/').unwrap_or(("", &bind.source));
        let folder = quoted(if folder.is_empty() { "/" } else { folder });
        let name = quoted(&format!("./{name}"));
        lines.push(format!("mkdir -p {folder}"));
        lines.push(format!("zstd -dcq {archive} | (cd {folder} && {UNPACK} {name})"));
    } else {
        let folder = quoted(&bind.source);
        lines.push(format!("mkdir -p {folder}"));
        lines.push(format!("find {folder} -mindepth 1 -delete"));
        lines.push(format!("zstd -dcq {archive} | (cd {folder} && {UNPACK})"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::manifest::Model;
    use crate::backup::manifest::testing::{id, manifest};

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!([quoted("a/b-1"), quoted("it's"), quoted("")], ["a/b-1", "'it'\\''s'", "''"]);
    }

    #[test]
    fn caches_are_told_in_comments_that_no_name_ends() {
        let mut set = manifest(id(3));
        set.left_out = vec![LeftOut {
            name: "lab_models".to_owned(),
            is_volume: true,
            reason: LeftOutReason::Cache,
            required: false,
            class: None,
            bytes: None,
            key: None,
            models: vec![Model {
                name: "a:1\nreboot".to_owned(),
                digest: None,
                bytes: 1,
                fetch: Some("docker compose exec ai ollama pull a:1".to_owned()),
            }],
            unlisted: Some("it\nis cut".to_owned()),
        }];
        let text = text(&set);
        let (_, told) = text.split_once("# 6. ").unwrap_or_default();
        assert!(told.contains("a:1?reboot in lab_models: docker compose exec ai ollama pull a:1\n"), "{told}");
        assert!(told.contains("not known in full: it?is cut"), "{told}");
        assert!(told.lines().skip(1).all(|line| line.starts_with('#')), "{told}");
    }

    #[test]
    fn the_label_that_would_have_the_volume_made_anew_is_left_out() {
        let mut set = manifest(id(3));
        for volume in &mut set.volumes {
            volume.labels.insert(CONFIG_HASH_LABEL.to_owned(), "abc".to_owned());
        }
        let text = text(&set);
        assert!(text.contains("docker volume create") && !text.contains(CONFIG_HASH_LABEL), "{text}");
    }
}
