// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Caches that are not copied, and what is told of the models in them.

use super::super::support::on_real_engines;
use super::lab::Lab;

/// A store of Ollama with one model, something that is none, and a link that leads out.
const FILL: &str = r#"cd /tree && mkdir -p models/blobs models/manifests/registry.ollama.ai/library/llama3.2 &&
    echo weights >models/blobs/sha256-aa && ln -s / models/manifests/out &&
    printf '{"config":{"size":100},"layers":[{"size":2000000000}]}' >models/manifests/registry.ollama.ai/library/llama3.2/3b"#;

#[test]
fn the_models_of_a_cache_are_listed_and_told_while_their_service_runs() {
    on_real_engines("caches", |stage| {
        let lab = Lab::new(stage);
        for key in ["models", "words"] {
            lab.make_volume(key);
        }
        lab.in_volume("models", FILL);
        lab.in_volume("words", "cd /tree && mkdir -p corpora && echo words >corpora/list");
        let cache = |plan: &mut stackctl::sys::engine::ContainerPlan| {
            plan.labels.insert("stackctl.backup".to_owned(), "cache".to_owned());
        };
        lab.service("ai", &[("models", false), ("words", false)], cache);
        let made = lab.run("backup", &["--yes"]).expect(0);
        assert!(!made.said.contains(&format!("stopping `{}-ai-1`", stage.project)), "{}", made.said);
        assert_eq!(lab.leftovers(), Vec::<String>::new());

        let pull = "docker compose exec ai ollama pull llama3.2:3b";
        let shown = lab.sets("show", &["latest"]).expect(0).out;
        assert!(
            shown.contains("llama3.2:3b (1.8 GiB)") && shown.contains("nothing in it is known as a model"),
            "{shown}"
        );
        let told = lab.sets("show", &["latest", "--format", "json"]).expect(0).out;
        let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
        let left = told["sets"][0]["manifest"]["left_out"].as_array().expect("a list");
        let models = left.iter().find(|one| one["name"] == lab.volume("models")).expect("the cache");
        assert_eq!(
            (models["models"][0]["bytes"].as_u64(), &models["unlisted"]),
            (Some(2_000_000_100), &serde_json::Value::Null)
        );
        assert_eq!(models["models"][0]["fetch"], pull);

        let project = stage.project.clone();
        assert!(lab.run("restore", &["--dry-run"]).expect(0).out.contains(pull));
        let restored = lab.run("restore", &["--confirm", &project, "--no-backup"]).expect(0);
        assert!(restored.out.contains("to be fetched again") && restored.out.contains(pull), "{}", restored.out);
        let sets = std::path::Path::new(&lab.store()).join("sets");
        let set = std::fs::read_dir(sets).expect("a folder").flatten().next().expect("a set").path();
        assert!(std::fs::read_to_string(set.join("RESTORE.txt")).expect("the text").contains(pull));
    });
}
