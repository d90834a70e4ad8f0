// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The first backup of a project, killed while it makes the store: the next one finds its way.

use super::super::lab::Lab;
use super::{assert_well, on_engines};

/// Changes of the disk that are tried; making the store takes fewer.
const CHANGES: u64 = 8;

#[test]
fn a_store_may_be_left_half_made() {
    on_engines("first", |stage| {
        let lab = Lab::new(stage);
        for number in 1..=CHANGES {
            let _ = std::fs::remove_dir_all(lab.store());
            let fault = format!("disk:{number}=late");
            assert_eq!(lab.run_with(Some(&fault), "backup", &["--yes"]).code, None, "{fault}");
            let recovered = lab.run("recover", &[]);
            let is_there = recovered.code == Some(0);
            assert!(is_there || recovered.said.contains("error[store_missing]"), "{fault}: {}", recovered.said);
            lab.run("backup", &["--yes"]).expect(0);
            assert_eq!(lab.sets("verify", &["--all"]).code, Some(0), "{fault}: a set that is not whole");
            assert_well(&lab, &fault);
        }
    });
}
