// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Images that come back with the data.

use stackctl::sys::engine::{Deadline, Engine as _, ImageImport, Labels};

use super::super::support::on_real_engines;
use super::super::support::tar::{body, tar};
use super::lab::Lab;

impl Lab<'_> {
    /// Makes an image of the name of this project, which goes away from any other; gives its id.
    fn make_image(&self, content: &str) -> String {
        let plan = ImageImport { repository: self.stage.project.clone(), tag: "1".to_owned(), labels: Labels::new() };
        let files = tar(&[("what", content.as_bytes())]);
        self.stage.does(self.stage.engine.import_image(&plan, body(&files), Deadline::CHANGE))
    }

    /// The id that the name means.
    fn meaning(&self) -> Option<String> {
        let name = format!("{}:1", self.stage.project);
        let looked = self.stage.engine.inspect_image(&name, Deadline::QUESTION);
        self.stage.runtime.block_on(looked).ok().map(|image| image.id)
    }

    /// Makes a container of the image, which never runs.
    fn of_image(&self) {
        let mut plan = self.stage.plan("made", &["/what"]);
        plan.image = format!("{}:1", self.stage.project);
        self.stage.does(self.stage.engine.create_container(&plan, Deadline::CHANGE));
    }

    fn without_container(&self) {
        let name = format!("{}-made-1", self.stage.project);
        self.stage.does(self.stage.engine.remove_container(&name, Deadline::CHANGE));
    }

    fn remove_image(&self, image: &str) {
        self.stage.does(self.stage.engine.remove_image(image, Deadline::CHANGE));
    }
}

#[test]
fn names_mean_again_what_they_meant_and_what_is_gone_is_loaded() {
    on_real_engines("images", |stage| {
        let lab = Lab::new(stage);
        let (project, name) = (stage.project.clone(), format!("{}:1", stage.project));
        let first = lab.make_image("first");
        lab.of_image();
        lab.run("backup", &["--yes", "--save-images"]).expect(0);
        lab.run("backup", &["--yes"]).expect(0);
        let restore = |set: &str, more: &[&str]| {
            lab.run("restore", &[&[set, "--confirm", &project, "--no-backup", "--with-images"], more].concat())
        };

        // It is there, under no name.
        let second = lab.make_image("second");
        let plan = restore("1", &["--dry-run"]).expect(0);
        assert!(plan.out.contains("at the engine") && plan.out.contains("loses the name"), "{}", plan.out);
        assert_eq!(lab.meaning(), Some(second.clone()));
        restore("2", &[]).expect(0);
        assert_eq!(lab.meaning(), Some(first.clone()));

        // It is gone.
        lab.without_container();
        lab.remove_image(&name);
        assert_eq!(lab.meaning(), None);
        let before = lab.trees();
        let refused = restore("2", &[]).expect(3);
        assert!(
            refused.said.contains("error[image_missing]") && refused.said.contains("--save-images"),
            "{}",
            refused.said
        );
        assert_eq!(lab.trees(), before);
        let plan = restore("1", &["--dry-run", "--format", "json"]).expect(0);
        let plan: serde_json::Value = serde_json::from_str(&plan.out).expect("JSON");
        let step = &plan["plan"]["image_steps"][0];
        assert_eq!((&step["id"], &step["names"][0]["name"]), (&first.clone().into(), &name.clone().into()));
        assert!(step["loaded_from"].as_str().is_some_and(|path| path.starts_with("images/")), "{plan}");
        restore("1", &[]).expect(0);
        assert_eq!(lab.meaning(), Some(first));

        // A damaged one is found before anything is changed.
        lab.remove_image(&name);
        let set = std::path::Path::new(&lab.store()).join("sets");
        let mut sets: Vec<_> = std::fs::read_dir(set).expect("a folder").flatten().map(|one| one.path()).collect();
        sets.sort();
        let path = sets[0].join(step["loaded_from"].as_str().expect("a path"));
        let mut bytes = std::fs::read(&path).expect("the image");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&path, bytes).expect("the image");
        lab.spoil();
        let spoiled = lab.trees();
        let damaged = restore("1", &[]).expect(1);
        assert!(damaged.said.contains("error[set_damaged]"), "{}", damaged.said);
        assert_eq!((lab.trees(), lab.meaning()), (spoiled, None));
        lab.remove_image(&second);
    });
}
