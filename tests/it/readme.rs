// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What the README shows is what the program prints, and what it links to is there.

use super::support::{Repository, Sandbox, has_ending};

/// The fenced block after a line.
fn block(text: &str, mark: &str) -> String {
    let after = text.split_once(&format!("{mark}\n```")).expect(mark).1;
    let (_, body) = after.split_once('\n').expect("a block");
    body.split_once("```").expect("the end of the block").0.to_owned()
}

#[test]
fn the_example_is_real() {
    let readme = Repository::text("README.md");
    let sandbox = Sandbox::with_compose(block(&readme, "<!-- example -->"));
    let ended = sandbox.run(&["validate"]).expect(1);
    assert_eq!(ended.stdout, block(&readme, "<!-- output of the example -->"));
}

#[test]
fn links_lead_somewhere() {
    for name in Repository::files().iter().filter(|name| has_ending(name, "md")) {
        let text = Repository::text(name);
        let folder = Repository::root().join(name);
        for (_, rest) in text.match_indices("](").map(|(at, mark)| text.split_at(at + mark.len())) {
            let target = rest.split([')', '#']).next().unwrap_or_default();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            let path = folder.parent().expect("a folder").join(target);
            assert!(path.exists(), "{name} links to {target}");
        }
    }
}
