// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use super::*;
use crate::catalog::Catalog;

fn known(image: &str) -> Option<&'static KnownService> {
    Catalog::embedded().find_text(image)
}

fn mount<'a>(target: &'a str, label: Option<&'a LabelClasses>, image: &str) -> Use<'a> {
    Use { service: "ai", target, label, known: known(image) }
}

#[test]
fn volume_beats_label_beats_catalog_beats_default() {
    let label = LabelClasses::read("ai", "media").unwrap();
    let with = [mount("/root/.ollama/models", Some(&label), "ollama/ollama:0.35.1")];
    let without = [mount("/root/.ollama/models", None, "ollama/ollama:0.35.1")];
    let of = |explicit, uses: &[Use<'_>]| {
        let judged = judge(explicit, Some("models"), uses);
        (judged.class, judged.source)
    };
    assert_eq!(of(Some(DataClass::Config), &with), (DataClass::Config, Source::Volume));
    assert_eq!(of(None, &with), (DataClass::Media, Source::Label));
    assert_eq!(of(None, &without), (DataClass::Cache, Source::Catalog));
    assert_eq!(of(None, &[mount("/x", None, "nobody/knows:1")]), (DataClass::Critical, Source::Default));
    assert_eq!(judge(None, None, &without).why, "known of the image of `ai`");
}

#[test]
fn nearest_known_path_counts_and_dearer_places_inside_are_told() {
    let of = |target: &str| judge(None, None, &[mount(target, None, "ollama/ollama:0.35.1")]);
    assert_eq!(of("/root/.ollama/models/blobs").class, DataClass::Cache);
    let whole = of("/root/.ollama/");
    assert_eq!((whole.class, whole.inner), (DataClass::Critical, vec![("models".to_owned(), DataClass::Cache)]));
    assert_eq!(of("/root").source, Source::Default);
}

#[test]
fn dearest_of_several_mounts_holds() {
    let uses = [mount("/root/.ollama/models", None, "ollama/ollama:1.2.3"), mount("/data", None, "redis:8.4.2")];
    assert_eq!(judge(None, None, &uses).class, DataClass::Critical);
    let (cache, media) = (LabelClasses::read("a", "cache").unwrap(), LabelClasses::read("b", "media").unwrap());
    let labels = [mount("/a", Some(&cache), "x"), mount("/b", Some(&media), "x")];
    assert_eq!(judge(None, None, &labels).class, DataClass::Media);
}

#[test]
fn labels_name_volumes_and_paths() {
    let label = LabelClasses::read("ai", "cache, keys=critical,/conf = config").unwrap();
    assert_eq!(label.of(Some("keys"), "/k"), Some(DataClass::Critical));
    assert_eq!(label.of(None, "/conf"), Some(DataClass::Config));
    assert_eq!(label.of(Some("other"), "/o"), Some(DataClass::Cache));
    assert_eq!(LabelClasses::read("ai", "").unwrap(), LabelClasses::default());
}

#[test]
fn unknown_words_name_place_and_what_was_meant() {
    let fault = LabelClasses::read("ai", "models=cahce").unwrap_err();
    assert_eq!(fault.message(), "`services.ai.labels.stackctl.backup` has the backup class `cahce`, which is none");
    assert_eq!(fault.hints()[0], "did you mean `cache`?");
}

#[test]
fn words_of_volumes_are_read_with_their_place() {
    use crate::compose::Node;
    use crate::diag::{FileId, Spanned};

    let span = Span::new(FileId::from_index(0), 5, 9);
    let resource = |text: &str| {
        let inner = map("backup", Node::string(text, span), span);
        let node = map("x-stackctl", inner, span);
        Resource { name: Spanned { value: "data".to_owned(), span, used_at: None }, external: false, node }
    };
    assert_eq!(of_volume(&resource("media")), Ok(Some(DataClass::Media)));
    let fault = of_volume(&resource("kache")).unwrap_err();
    assert_eq!((fault.subject.as_str(), fault.span), ("volumes.data", Some(span)));
}

fn map(key: &str, value: crate::compose::Node, span: Span) -> crate::compose::Node {
    let mut map = crate::compose::Map::default();
    map.insert(key, span, value);
    crate::compose::Node::derived(crate::compose::Value::Map(map), span)
}
