// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The files of a tree, and what the small ones say.

use super::*;
use crate::volume::request::Survey;

fn surveyed(place: &Path, wanted: &[&str]) -> Survey {
    ask(place, no_fault(), async |session| session.survey(wanted).await.unwrap())
}

fn paths(survey: &Survey) -> Vec<&str> {
    survey.files.iter().map(|file| file.path.as_str()).collect()
}

#[test]
fn files_are_listed_and_wanted_ones_are_read() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir_all(place.path().join("models/manifests/host")).unwrap();
    fs::create_dir(place.path().join(".stackctl-x")).unwrap();
    for (path, text) in [
        ("models/blob", "12345"),
        ("models/manifests/host/tag", "{}"),
        ("refs", "main"),
        ("odd%name", ""),
        (".stackctl-x/STAGED", ""),
    ] {
        fs::write(place.path().join(path), text).unwrap();
    }
    let survey = surveyed(place.path(), &["manifests", "refs"]);
    let told: Vec<_> = survey.files.iter().map(|one| (one.path.as_str(), one.bytes, one.text.as_deref())).collect();
    let expected = [
        ("models/blob", 5, None),
        ("models/manifests/host/tag", 2, Some("{}")),
        ("odd%25name", 0, None),
        ("refs", 4, Some("main")),
    ];
    assert_eq!(told, expected);
    assert!(!survey.is_cut);
}

#[test]
fn nothing_leads_out_of_the_tree_or_holds_the_worker() {
    let (place, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(outside.path().join("secret"), "secret").unwrap();
    let at = |name: &str| place.path().join(name);
    std::os::unix::fs::symlink(outside.path(), at("manifests")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret"), at("refs")).unwrap();
    rustix::fs::mknodat(rustix::fs::CWD, at("pipe"), rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0).unwrap();
    assert_eq!(paths(&surveyed(place.path(), &["manifests", "refs", "pipe"])), [""; 0]);
}

#[test]
fn what_is_too_large_too_many_or_too_deep_is_bounded() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("large"), vec![b'x'; 65 * 1024]).unwrap();
    fs::write(place.path().join("small"), vec![b'x'; 64 * 1024]).unwrap();
    fs::write(place.path().join("binary"), [0xff, 0xfe]).unwrap();
    let texts: Vec<bool> =
        surveyed(place.path(), &["large", "small", "binary"]).files.iter().map(|file| file.text.is_some()).collect();
    assert_eq!(texts, [false, false, true]);

    let deep = tempfile::tempdir().unwrap();
    fs::create_dir_all(deep.path().join("d/".repeat(20))).unwrap();
    fs::write(deep.path().join("d/".repeat(20)).join("file"), "").unwrap();
    fs::write(deep.path().join("e"), "").unwrap();
    let survey = surveyed(deep.path(), &[]);
    assert_eq!((paths(&survey), survey.is_cut), (vec!["e"], true));

    let many = tempfile::tempdir().unwrap();
    for number in 0..300 {
        // Every byte takes six in the answer.
        fs::write(many.path().join(number.to_string()), vec![1; 1024]).unwrap();
    }
    let wanted: Vec<String> = (0..300).map(|number| number.to_string()).collect();
    let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
    let survey = surveyed(many.path(), &wanted);
    assert!(survey.is_cut && (100..150).contains(&survey.files.len()), "{}", survey.files.len());
}
