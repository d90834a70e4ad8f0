// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use proptest::prelude::*;

use super::testing::{data, file_ref, id, manifest};
use super::*;
use crate::catalog::DataClass;
use crate::error::UserError as _;

fn read(text: &str) -> std::result::Result<Manifest, ManifestError> {
    parse(text.as_bytes(), digest_line(text.as_bytes()).as_bytes())
}

fn full() -> Manifest {
    let mut full = manifest(id(7));
    full.note = Some("before the upgrade".into());
    full.binds.push(Bind {
        source: "/srv/lab/config".into(),
        relative: Some("config".into()),
        is_file: false,
        class: DataClass::Config,
        data: data("binds/0", b"a", b"b"),
    });
    full.left_out.push(LeftOut {
        name: "lab_models".into(),
        is_volume: true,
        reason: LeftOutReason::Cache,
        required: false,
        class: Some(DataClass::Cache),
        bytes: Some(1 << 35),
        key: Some("models".into()),
        models: vec![Model { name: "llama3:8b".into(), digest: Some("sha256:2".into()), bytes: 5, fetch: None }],
        unlisted: Some("it is cut".into()),
    });
    full.compose_files.push(ComposeFile {
        source: "/srv/lab/compose.yaml".into(),
        file: file_ref("compose/0-compose.yaml", b"services: {}\n"),
    });
    full.environment.push(EnvironmentFile {
        source: "/srv/lab/.env".into(),
        names: vec!["PASSWORD".into()],
        file: None,
    });
    full.hooks.push(Hook {
        service: "db".into(),
        phase: HookPhase::Pre,
        program: "redis-cli".into(),
        exit_code: Some(0),
        took_ms: 12,
    });
    full
}

#[test]
fn what_is_written_is_read_back() {
    let manifest = full();
    assert_eq!(read(&render(&manifest).unwrap()), Ok(manifest));
}

#[test]
fn unknown_fields_are_passed_over_and_optional_ones_may_lack() {
    let mut value = serde_json::to_value(manifest(id(1))).unwrap();
    let fields = value.as_object_mut().unwrap();
    fields.insert("invented_later".into(), 1.into());
    for name in ["binds", "left_out", "images", "hooks", "environment", "verified", "note", "host"] {
        fields.remove(name);
    }
    assert!(read(&value.to_string()).unwrap().binds.is_empty());
}

#[test]
fn newer_formats_damage_and_foreign_digests_are_told_apart() {
    let text = render(&manifest(id(1))).unwrap();
    let newer = read(&text.replace(SCHEMA, "stackctl/set/v2")).unwrap_err();
    assert_eq!((newer.code(), newer.clone()), ("set_format_newer", ManifestError::Newer("stackctl/set/v2".into())));
    assert!(newer.hints()[0].contains("newer stackctl"));
    assert_eq!(read(&text.replace(SCHEMA, "other/v1")).unwrap_err().code(), "set_damaged");
    assert_eq!(read("{").unwrap_err().code(), "set_damaged");
    assert_eq!(parse(text.as_bytes(), b"").unwrap_err(), ManifestError::Digest);
    assert_eq!(parse(text.as_bytes(), digest_line(b"x").as_bytes()).unwrap_err(), ManifestError::Digest);
}

#[test]
fn hostile_manifests_are_refused() {
    let refused = |change: &dyn Fn(&mut Manifest)| {
        let mut manifest = full();
        change(&mut manifest);
        // Not through `render`, which refuses to write them.
        let text = serde_json::to_string(&manifest).unwrap();
        assert!(render(&manifest).is_err());
        read(&text).unwrap_err().to_string()
    };
    for path in ["/etc/passwd", "../x", "a/../b", "a//b", "", "a/.", "a\\b", "a\nb"] {
        let said = refused(&|manifest| manifest.extras[0].path = path.into());
        assert!(said.contains("leads out"), "{path}: {said}");
    }
    assert!(refused(&|manifest| manifest.extras[0].path = FILE.into()).contains("lists itself"));
    assert!(refused(&|manifest| manifest.extras[0].sha256 = "ABC".into()).contains("no digest"));
    assert!(refused(&|manifest| manifest.extras.push(manifest.extras[0].clone())).contains("twice"));
    assert!(refused(&|manifest| manifest.volumes[0].name = "../x".into()).contains("no engine"));
    assert!(refused(&|manifest| manifest.binds[0].source = "etc".into()).contains("absolute"));
    assert!(refused(&|manifest| manifest.binds[0].relative = Some("../..".into())).contains("leads out"));
    assert!(refused(&|manifest| manifest.left_out[0].required = true).contains("complete and lacks"));
}

#[test]
fn every_file_of_the_set_is_listed() {
    let paths: Vec<String> = full().files().map(|file| file.path.clone()).collect();
    assert_eq!(
        paths,
        [
            "volumes/lab_data.tar.zst",
            "volumes/lab_data.index.zst",
            "binds/0.tar.zst",
            "binds/0.index.zst",
            "compose/0-compose.yaml",
            "RESTORE.txt"
        ]
    );
    assert_eq!(full().stored_bytes(), 7 + 5 + 1 + 1 + 13 + 4);
    assert_eq!(full().data_bytes(), 8192);
}

proptest! {
    #[test]
    fn damaged_bytes_never_panic(at in 0_usize..4000, byte in any::<u8>(), cut in 0_usize..4000) {
        let mut bytes = render(&full()).unwrap().into_bytes();
        let place = at % bytes.len();
        bytes[place] = byte;
        bytes.truncate(bytes.len() - cut % bytes.len());
        let _ = parse(&bytes, digest_line(&bytes).as_bytes());
    }
}
