// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Caches made up for the purpose, honest and hostile.

use super::*;
use crate::backup::manifest::digest;

const LLAMA: &str = r#"{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",
"config":{"mediaType":"m","digest":"sha256:34bb","size":561},
"layers":[{"mediaType":"m","digest":"sha256:dde5","size":2019377376},{"mediaType":"m","digest":"sha256:966d","size":1429}]}"#;

fn file(path: &str) -> File<'_> {
    File { path, bytes: 10, text: None }
}

fn saying<'a>(path: &'a str, text: &'a str) -> File<'a> {
    File { path, bytes: text.len() as u64, text: Some(text) }
}

fn listed(files: &[File<'_>]) -> Listing {
    list(files, Extent::Whole, Some("ai"))
}

fn model(name: &str, digest: Option<&str>, bytes: u64, fetch: &str) -> Model {
    Model { name: name.to_owned(), digest: digest.map(str::to_owned), bytes, fetch: Some(fetch.to_owned()) }
}

#[test]
fn ollama_tells_names_digests_sizes_and_how_to_pull() {
    let id = format!("sha256:{}", digest(LLAMA.as_bytes()));
    let bytes = 561 + 2_019_377_376 + 1_429;
    for above in ["", "models/"] {
        let path = |rest: &str| format!("{above}manifests/{rest}");
        let [library, own, other] = [
            path("registry.ollama.ai/library/llama3.2/3b"),
            path("registry.ollama.ai/me/mine/latest"),
            path("hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF/Q4_K_M"),
        ];
        let blob = format!("{above}blobs/sha256-dde5");
        let listing =
            listed(&[file(&blob), saying(&library, LLAMA), saying(&own, LLAMA), saying(&other, r#"{"layers":[]}"#)]);
        let pull = |name: &str| format!("docker compose exec ai ollama pull {name}");
        let hugging = "hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M";
        let empty = format!("sha256:{}", digest(br#"{"layers":[]}"#));
        let expected = [
            model(hugging, Some(&empty), 0, &pull(hugging)),
            model("llama3.2:3b", Some(&id), bytes, &pull("llama3.2:3b")),
            model("me/mine:latest", Some(&id), bytes, &pull("me/mine:latest")),
        ];
        assert_eq!((listing.models.as_slice(), listing.unlisted), (&expected[..], None));
    }
}

#[test]
fn hub_coqui_and_single_files_are_models_too() {
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let listing = listed(&[
        file("hub/models--Systran--faster-whisper-base/blobs/a"),
        saying("hub/models--Systran--faster-whisper-base/refs/main", commit),
        file("hub/models--Systran--faster-whisper-base/snapshots/x/model.bin"),
        file("tts/tts_models--multilingual--multi-dataset--xtts_v2/model.pth"),
        saying("tts/tts_models--multilingual--multi-dataset--xtts_v2/hash.md5", "10f92b55c512af7a8d39d650547a15a7\n"),
        file("whisper/large-v3.pt"),
        file("notes.txt"),
    ]);
    let restart = "docker compose restart ai";
    let expected = [
        model("Systran/faster-whisper-base", Some(&format!("git:{commit}")), 60, restart),
        model("large-v3.pt", None, 10, restart),
        model(
            "tts_models/multilingual/multi-dataset/xtts_v2",
            Some("md5:10f92b55c512af7a8d39d650547a15a7"),
            43,
            restart,
        ),
    ];
    assert_eq!((listing.models.as_slice(), listing.unlisted), (&expected[..], None));
}

#[test]
fn damage_is_told_and_hides_no_other() {
    let deep = "[".repeat(100_000);
    let good = "manifests/registry.ollama.ai/library/good/1";
    for text in [Some(""), Some("{}"), Some("{\"layers\":{}}"), Some("{\"layers\":[{\"size\":-1}]}"), Some(&deep), None]
    {
        let bad = File { path: "manifests/registry.ollama.ai/library/bad/1", bytes: 0, text };
        let listing = listed(&[bad, saying(good, LLAMA)]);
        assert_eq!(listing.models.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["good:1"]);
        assert_eq!(listing.unlisted.as_deref(), Some("1 of its manifests cannot be read"));
    }
    let huge = r#"{"layers":[{"size":18446744073709551615},{"size":5}]}"#;
    assert_eq!(listed(&[saying(good, huge)]).models[0].bytes, u64::MAX);
    let reference = saying("models--a--b/refs/main", "$(reboot)");
    assert_eq!(listed(&[reference]).models[0].digest, None);
}

#[test]
fn no_name_runs_away_with_the_command() {
    for (namespace, name, tag) in [("me", "x;reboot", "1"), ("me", "a b", "1"), ("-x", "a", "1"), ("me", "$(id)", "1")]
    {
        let path = format!("manifests/registry.ollama.ai/{namespace}/{name}/{tag}");
        assert_eq!(listed(&[saying(&path, LLAMA)]).models[0].fetch, None, "{path}");
    }
    let path = "manifests/registry.ollama.ai/library/a/1";
    for service in [None, Some("a b"), Some("--rm"), Some("")] {
        assert_eq!(list(&[saying(path, LLAMA)], Extent::Whole, service).models[0].fetch, None);
    }
}

#[test]
fn a_cache_that_is_not_listed_says_why() {
    let reason = |files: &[File<'_>], extent| list(files, extent, None).unlisted.unwrap_or_default();
    assert_eq!(reason(&[], Extent::Whole), "it is empty");
    assert_eq!(reason(&[file("corpora/words")], Extent::Whole), "nothing in it is known as a model");
    assert_eq!(reason(&[file("base.pt")], Extent::Cut), "it holds more than can be listed");
    // Names without a model behind them.
    for path in
        ["models--", "models--/x", "manifests/a/b/c", "manifests/a/b/c/d/e", ".pt", "a/b/c/d.pt", "x/manifests/a/b/c/d"]
    {
        assert_eq!(listed(&[file(path)]).models, [], "{path}");
    }
    let many: Vec<String> = (0..1500).map(|number| format!("{number}.pt")).collect();
    let files: Vec<File<'_>> = many.iter().map(|path| file(path)).collect();
    assert_eq!(listed(&files).models.len(), 1000);
    assert_eq!(reason(&files, Extent::Whole), "it holds more than can be listed");
}
