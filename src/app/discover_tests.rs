// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use super::*;
use crate::catalog::Catalog;
use crate::sys::fake::{FakeFiles, FakeInput};

/// A machine in memory; the working directory is `/w/app`.
struct World {
    files: Vec<(&'static str, &'static str)>,
    environment: Vec<(&'static str, &'static str)>,
    selection: Selection,
    reach: Reach,
}

impl World {
    fn new(files: &[(&'static str, &'static str)]) -> Self {
        Self { files: files.to_vec(), environment: Vec::new(), selection: Selection::default(), reach: Reach::Compose }
    }

    fn set(mut self, name: &'static str, value: &'static str) -> Self {
        self.environment.push((name, value));
        self
    }

    fn reach(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }

    fn select(mut self, change: impl FnOnce(&mut Selection)) -> Self {
        change(&mut self.selection);
        self
    }

    fn file(self, file: &str) -> Self {
        let file = file.to_owned();
        self.select(|selection| selection.files.push(file))
    }

    fn discover(self) -> Result<Discovered, AppError> {
        let files = FakeFiles::new(&self.files);
        let environment =
            self.environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let context = Context {
            files: &files,
            input: &FakeInput(b"services: {}".to_vec()),
            environment: &environment,
            working_dir: Path::new("/w/app"),
            catalog: &Catalog::default(),
            max_file_size: 1 << 20,
        };
        discover(&context, &self.selection, self.reach, Purpose::Config)
    }

    fn request(self) -> LoadRequest {
        self.discover().unwrap().request
    }
}

fn paths(request: &LoadRequest) -> Vec<String> {
    request.files.iter().map(|file| file.path.display().to_string()).collect()
}

fn names(request: &LoadRequest) -> Vec<&str> {
    request.files.iter().map(|file| file.display.as_str()).collect()
}

#[test]
fn default_names_have_an_order_of_preference() {
    let discovered = World::new(&[("/w/app/docker-compose.yml", ""), ("/w/app/compose.yaml", "")]).discover().unwrap();
    assert_eq!(names(&discovered.request), ["compose.yaml"]);
    assert_eq!(discovered.notes.len(), 1);
}

#[test]
fn override_is_taken_with_a_default_name_only() {
    let files = [("/w/app/compose.yaml", ""), ("/w/app/docker-compose.override.yml", "")];
    assert_eq!(names(&World::new(&files).request()), ["compose.yaml", "docker-compose.override.yml"]);
    assert_eq!(names(&World::new(&files).file("compose.yaml").request()), ["compose.yaml"]);
}

#[test]
fn search_goes_up_through_the_parents() {
    let request = World::new(&[("/w/compose.yaml", ""), ("/w/app/x", "")]).request();
    assert_eq!(paths(&request), ["/w/compose.yaml"]);
    assert_eq!(request.project_dir, Path::new("/w"));
    assert_eq!(request.default_name, "w");
}

#[test]
fn nothing_found_is_an_error() {
    let error = World::new(&[("/w/app/readme.md", "")]).discover().unwrap_err();
    assert!(matches!(error, AppError::ProjectMissing { parents: true, .. }));
}

#[test]
fn fallbacks_belong_to_stackctl_alone() {
    let files = [("/w/app/docker-compose.ai.yml", ""), ("/w/app/docker-compose.dev.yml", "")];
    assert!(World::new(&files).discover().is_err());
    assert_eq!(names(&World::new(&files).reach(Reach::Stackctl).request()), ["docker-compose.ai.yml"]);
}

#[test]
fn a_single_named_file_is_taken_and_several_are_ambiguous() {
    let one = World::new(&[("/w/app/docker-compose.dev.yml", ""), ("/w/app/docker-compose.override.yml", "")]);
    assert_eq!(names(&one.reach(Reach::Stackctl).request()), ["docker-compose.dev.yml"]);
    let two = World::new(&[("/w/app/docker-compose.dev.yml", ""), ("/w/app/docker-compose.prod.yml", "")]);
    let error = two.reach(Reach::Stackctl).discover().unwrap_err();
    assert_eq!(
        error.to_string(),
        "several compose files could be meant in `.`: `docker-compose.dev.yml`, `docker-compose.prod.yml`"
    );
}

#[test]
fn compose_file_variable_lists_files_with_a_separator() {
    let files = [("/w/app/a.yml", ""), ("/w/app/b.yml", "")];
    assert_eq!(names(&World::new(&files).set("COMPOSE_FILE", "a.yml:b.yml").request()), ["a.yml", "b.yml"]);
    let other = World::new(&files).set("COMPOSE_FILE", "a.yml;b.yml").set("COMPOSE_PATH_SEPARATOR", ";");
    assert_eq!(names(&other.request()), ["a.yml", "b.yml"]);
}

#[test]
fn compose_file_may_stand_in_the_env_file_and_the_projects_own_env_file_adds() {
    let request = World::new(&[
        ("/w/app/.env", "COMPOSE_FILE=sub/x.yml\nQ=outer\n"),
        ("/w/app/sub/x.yml", ""),
        ("/w/app/sub/.env", "Q=inner\nR=inner\n"),
    ])
    .request();
    assert_eq!(names(&request), ["sub/x.yml"]);
    assert_eq!(request.environment["Q"], "outer");
    assert_eq!(request.environment["R"], "inner");
}

#[test]
fn a_file_in_a_folder_brings_that_folders_env_file_alone() {
    let request = World::new(&[
        ("/w/app/.env", "Q=outer\nO=outer\n"),
        ("/w/app/sub/compose.yaml", ""),
        ("/w/app/sub/.env", "Q=sub\n"),
    ])
    .file("sub/compose.yaml")
    .request();
    assert_eq!(request.environment["Q"], "sub");
    assert!(!request.environment.contains_key("O"));
    assert_eq!(request.default_name, "sub");
}

#[test]
fn process_environment_beats_env_files() {
    let request = World::new(&[("/w/app/compose.yaml", ""), ("/w/app/.env", "A=file\n")]).set("A", "shell").request();
    assert_eq!(request.environment["A"], "shell");
    assert_eq!(request.environment["PWD"], "/w/app");
}

#[test]
fn env_file_flags_replace_the_default_and_the_last_wins() {
    let request = World::new(&[
        ("/w/app/compose.yaml", ""),
        ("/w/app/.env", "D=default\n"),
        ("/w/app/one.env", "A=1\nB=1\n"),
        ("/w/app/two.env", "B=2\n"),
    ])
    .select(|selection| selection.env_files = vec!["one.env".into(), "two.env".into()])
    .request();
    assert_eq!((request.environment["A"].as_str(), request.environment["B"].as_str()), ("1", "2"));
    assert!(!request.environment.contains_key("D"));
}

#[test]
fn env_files_may_come_from_the_environment_or_be_switched_off() {
    let files = [("/w/app/compose.yaml", ""), ("/w/app/.env", "D=1\n"), ("/w/app/a.env", "A=1\n")];
    let listed = World::new(&files).set("COMPOSE_ENV_FILES", "a.env").request();
    assert!(listed.environment.contains_key("A") && !listed.environment.contains_key("D"));
    let off = World::new(&files).set("COMPOSE_DISABLE_ENV_FILE", "1").request();
    assert!(!off.environment.contains_key("D"));
    assert!(World::new(&files).set("COMPOSE_DISABLE_ENV_FILE", "maybe").discover().is_err());
}

#[test]
fn missing_files_are_errors_of_their_own() {
    let files = [("/w/app/compose.yaml", "")];
    let error = World::new(&files).file("nope.yaml").discover().unwrap_err();
    assert_eq!(error, AppError::InputMissing { path: "nope.yaml".into() });
    let error =
        World::new(&files).select(|selection| selection.env_files = vec!["nope.env".into()]).discover().unwrap_err();
    assert_eq!(error, AppError::EnvFileMissing { path: "nope.env".into() });
    let error = World::new(&[("/w/app/d/x", "")]).file("d").discover().unwrap_err();
    assert!(matches!(error, AppError::InputUnreadable { .. }));
}

#[test]
fn standard_input_takes_the_folder_of_the_next_file() {
    let request = World::new(&[("/w/app/sub/o.yaml", "")]).file("-").file("sub/o.yaml").request();
    assert_eq!(names(&request), ["<stdin>", "sub/o.yaml"]);
    assert_eq!(request.files[0].content.as_deref(), Some(b"services: {}".as_slice()));
    assert_eq!(request.project_dir, Path::new("/w/app/sub"));
}

#[test]
fn project_directory_moves_search_name_and_env_file() {
    let request = World::new(&[("/w/app/compose.yaml", ""), ("/w/app/My Dir.v2/.env", "A=1\n")])
        .select(|selection| selection.project_directory = Some("My Dir.v2".into()))
        .request();
    assert_eq!(paths(&request), ["/w/app/compose.yaml"]);
    assert_eq!(request.default_name, "mydirv2");
    assert_eq!(request.environment["A"], "1");
}

#[test]
fn project_name_comes_from_flag_then_variable() {
    let world = || World::new(&[("/w/app/compose.yaml", "")]).set("COMPOSE_PROJECT_NAME", "envname");
    assert_eq!(world().request().project_name.as_deref(), Some("envname"));
    let flag = world().select(|selection| selection.project_name = Some("flagname".into()));
    assert_eq!(flag.request().project_name.as_deref(), Some("flagname"));
    let bad = world().select(|selection| selection.project_name = Some("FlagName".into()));
    assert!(matches!(bad.discover(), Err(AppError::BadProjectName { .. })));
}

#[test]
fn profile_flags_replace_the_variable() {
    let world = || World::new(&[("/w/app/compose.yaml", "")]).set("COMPOSE_PROFILES", "dev, test");
    assert_eq!(world().request().profiles, ["dev", "test"]);
    assert_eq!(world().select(|selection| selection.profiles = vec!["x".into()]).request().profiles, ["x"]);
}
