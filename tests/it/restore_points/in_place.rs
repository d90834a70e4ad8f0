// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Restores that delete what is there before they unpack.

use super::super::support::on_real_engines;
use super::lab::Lab;

#[test]
fn what_is_there_is_deleted_first_and_comes_back_from_the_set_that_was_made_of_it() {
    on_real_engines("in-place", |stage| {
        let lab = Lab::new(stage);
        let project = stage.project.clone();
        let wanted = lab.trees();
        lab.run("backup", &["--yes"]).expect(0);
        lab.spoil();
        let spoiled = lab.trees();

        let refused = lab.run("restore", &["--confirm", &project, "--in-place", "--no-backup"]).expect(3);
        assert!(refused.said.contains("error[in_place_no_way_back]"), "{}", refused.said);
        for other in [["--as", "other"], ["--keep-undo", "--yes"]] {
            lab.run("restore", &[&["--in-place"], &other[..]].concat()).expect(2);
        }
        assert_eq!(lab.run("restore", &["--in-place", "--yes"]).code, Some(4), "a yes does not do");
        let planned = lab.run("restore", &["--in-place", "--dry-run"]).expect(0);
        assert!(planned.out.contains("is deleted before the set is unpacked"), "{}", planned.out);
        assert_eq!(lab.trees(), spoiled);

        let done = lab.run("restore", &["1", "--confirm", &project, "--in-place"]).expect(0);
        assert!(done.out.contains("--in-place` puts it back"), "{}", done.out);
        assert!(done.said.contains("the way back is `stackctl restore"), "{}", done.said);
        assert_eq!((lab.trees(), lab.running()), (wanted.clone(), vec!["db".to_owned(), "web".to_owned()]));
        assert_eq!((lab.policy("web"), lab.leftovers()), ("unless-stopped".to_owned(), Vec::new()));
        assert!(lab.run("recover", &[]).expect(0).out.contains("nothing was cut short"));
        let kept = done.out.split("before is in ").nth(1).and_then(|rest| rest.split(';').next()).expect("its name");
        lab.run("restore", &[kept, "--confirm", &project, "--in-place"]).expect(0);
        assert_eq!(lab.trees(), spoiled, "the set of what was there holds exactly that");
        lab.sets("verify", &["--all"]).expect(0);

        // A service that is only well with what is there now.
        lab.replace_db("test -e /data/stale");
        let undone = lab.run("restore", &["1", "--confirm", &project, "--in-place", "--gate-timeout", "8s"]).expect(5);
        assert!(undone.out.contains("is back"), "{}", undone.out);
        assert_eq!((lab.trees(), lab.running()), (spoiled, vec!["db".to_owned(), "web".to_owned()]));
        assert!(lab.run("recover", &[]).expect(0).out.contains("nothing was cut short"));
        let agreed = ["1", "--confirm", &project, "--in-place", "--gate-timeout", "8s", "--on-unhealthy", "keep"];
        lab.run("restore", &agreed).expect(7);
        assert_eq!(lab.trees(), wanted);
    });
}
