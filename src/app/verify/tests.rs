// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Verifying stacks in memory.
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use super::record::{CheckKind, Last, Record};
use super::*;
use crate::app::testing::{Lab, check};
use crate::sys::fake::{FakeFiles, FakeHttp, FakePrograms, FakePrompt, FakeRecords, FakeTalker};
use crate::sys::programs::ProgramEnd;

const COMPOSE: &str = "name: lab\nservices:\n  bus:\n    image: stackctl-test:1\n  web:\n    image: stackctl-test:1\n";
const GUIDE: &str = "# Bus\n\n## Verification\n\n```sh\ncurl -f http://127.0.0.1/\n```\n";
const SECRET: &str = "hunter2hunter2hunter2";

fn lab() -> Lab {
    let mut lab = Lab::new();
    lab.files = vec![("/w/lab/compose.yaml", COMPOSE), ("/w/lab/guides/BUS_SETUP_GUIDE.md", GUIDE)];
    lab.start("bus", &["sleep", "1000"], |plan| {
        plan.health_check = Some(check(&["CMD", "true"]));
        plan.environment = vec![format!("API_TOKEN={SECRET}")];
        plan.labels.insert(probe::LABEL.to_owned(), "tcp://10.0.0.1:1".to_owned());
    });
    lab.start("web", &["sleep", "1000"], |_| {});
    lab.engine().advance(Duration::from_secs(5));
    lab
}

struct Stage {
    talker: FakeTalker,
    programs: FakePrograms,
    records: FakeRecords,
}

impl Stage {
    fn new(end: ProgramEnd) -> Self {
        Self {
            talker: FakeTalker::new([("10.0.0.1:1", Ok(""))]),
            programs: FakePrograms::new([("/bin/sh", end)]),
            records: FakeRecords::default(),
        }
    }

    fn verify(&self, lab: &Lab, request: &Request, approval: Approval) -> Outcome {
        lab.ask(async |live| {
            let plan = plan(live, request).await.unwrap();
            let http = FakeHttp::default();
            let outside = probe::Outside { http: &http, talker: &self.talker, step: probe::STEP };
            let prompt = FakePrompt::default();
            let tools = Tools { probe: outside, records: &self.records, prompt: &prompt };
            let live = &Live { programs: &self.programs, ..*live };
            run(live, request, plan, approval, tools).await
        })
    }
}

fn of<'o>(outcome: &'o Outcome, service: &str) -> &'o Verified {
    outcome.services.iter().find(|one| one.service == service).unwrap()
}

fn marks(verified: &Verified) -> Vec<(CheckKind, Mark)> {
    verified.checks.iter().map(|check| (check.kind, check.result)).collect()
}

#[test]
fn all_three_checks_of_a_service_are_made() {
    let stage = Stage::new(ProgramEnd { stdout: b"fine\n".to_vec(), ..ProgramEnd::default() });
    let outcome = stage.verify(&lab(), &Request::default(), Approval::Given);
    let bus = of(&outcome, "bus");
    let all = [(CheckKind::Health, Mark::Ok), (CheckKind::Probe, Mark::Ok), (CheckKind::Guide, Mark::Ok)];
    assert_eq!((marks(bus).as_slice(), bus.result), (all.as_slice(), Mark::Ok));
    assert_eq!(bus.checks[2].evidence, ["$ curl -f http://127.0.0.1/", "fine"]);
    let web = of(&outcome, "web");
    assert!(web.checks.iter().all(|check| check.result == Mark::NotChecked), "{web:?}");
    assert!(web.checks[1].found.starts_with("no probe is known") && web.checks[2].found.contains("no setup guide"));
    assert_eq!(outcome.result(), Mark::Ok);
    let calls = stage.programs.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].directory, Path::new("/w/lab"));
    let value = |name: &str| calls[0].environment.iter().find(|(key, _)| key == name).unwrap().1.clone();
    assert_eq!((value("DOCKER_HOST"), value("COMPOSE_FILE")), ("fake://engine".into(), "/w/lab/compose.yaml".into()));
}

#[test]
fn commands_are_planned_and_nothing_runs_without_a_yes() {
    let stage = Stage::new(ProgramEnd::default());
    let lab = lab();
    let titles = |request: &Request| {
        lab.ask(async |live| {
            plan(live, request).await.unwrap().commands().map(|one| one.title.clone()).collect::<Vec<_>>()
        })
    };
    assert_eq!(titles(&Request::default()), ["guides/BUS_SETUP_GUIDE.md, `Verification`"]);
    let without = Request { commands: Commands::LeftOut, ..Request::default() };
    assert!(titles(&without).is_empty());
    assert_eq!(of(&stage.verify(&lab, &without, Approval::Given), "bus").checks.len(), 2);
    let refused = stage.verify(&lab, &Request::default(), Approval::Refused);
    assert!(of(&refused, "bus").checks[2].found.ends_with("was not agreed to"));
    assert!(stage.programs.calls().is_empty());
}

#[test]
fn a_command_that_fails_fails_the_service_and_secrets_stay_hidden() {
    let end = ProgramEnd {
        status: 22,
        stderr: format!("token {SECRET}\npassword=swordfish99\n").into(),
        ..ProgramEnd::default()
    };
    let outcome = Stage::new(end).verify(&lab(), &Request::default(), Approval::Given);
    let bus = of(&outcome, "bus");
    assert_eq!((bus.result, bus.checks[2].result), (Mark::Failed, Mark::Failed));
    assert!(bus.checks[2].found.starts_with("exit 22, guides/"));
    let shown = format!("{bus:?}");
    assert!(!shown.contains(SECRET) && !shown.contains("swordfish99"), "{shown}");
}

#[test]
fn a_script_that_cannot_be_shown_is_not_offered() {
    let mut lab = lab();
    lab.files[1].1 = "## Verify\n```sh\necho a\u{1b}[8mrm -rf\n```\n";
    let stage = Stage::new(ProgramEnd::default());
    let outcome = stage.verify(&lab, &Request::default(), Approval::Given);
    assert!(of(&outcome, "bus").checks[2].found.contains("cannot be shown"));
    assert!(stage.programs.calls().is_empty());
}

#[test]
fn guides_are_found_in_docs_and_whatever_their_case() {
    let mut lab = lab();
    lab.files[1] = ("/w/lab/docs/Bus_Setup_Guide.md", GUIDE);
    lab.files.push(("/w/lab/guides/WEB_SETUP_GUIDE.md", "# Web\n"));
    let outcome = Stage::new(ProgramEnd::default()).verify(&lab, &Request::default(), Approval::Given);
    assert!(of(&outcome, "bus").checks[2].found.starts_with("exit 0, docs/Bus_Setup_Guide.md"));
    assert!(of(&outcome, "web").checks[2].found.contains("has no verification command"));
}

#[test]
fn services_that_are_nowhere_are_told_and_probes_name_services_too() {
    let url = ProbeUrl::parse("tcp://10.0.0.2:9").unwrap();
    let request = Request {
        services: vec!["bus".into(), "typo".into()],
        probes: [("bus".to_owned(), url.clone()), ("other".to_owned(), url)].into(),
        ..Request::default()
    };
    let lab = lab();
    let unknown = lab.ask(async |live| plan(live, &request).await.unwrap().unknown);
    assert_eq!(unknown, ["other", "typo"]);
    let outcome = Stage::new(ProgramEnd::default()).verify(&lab, &request, Approval::Given);
    assert_eq!(of(&outcome, "bus").checks[1].result, Mark::Failed);
    assert_eq!(outcome.services.len(), 1);
}

#[test]
fn an_engine_that_is_away_is_part_of_the_outcome() {
    let lab = lab();
    lab.engine().go_away();
    let outcome = Stage::new(ProgramEnd::default()).verify(&lab, &Request::default(), Approval::Given);
    assert!(outcome.engines[0].fault.is_some() && outcome.services.is_empty());
    assert_eq!(outcome.result(), Mark::NotChecked);
}

const STATE: &str = "/state";

fn read(text: &str) -> Last {
    record::read(&FakeFiles::new(&[("/state/lab/verify.json", text)]), Path::new(STATE), "lab")
}

#[test]
fn a_record_is_written_and_read_back() {
    let stage = Stage::new(ProgramEnd::default());
    let lab = lab();
    let outcome = stage.verify(&lab, &Request::default(), Approval::Given);
    let notes = lab.ask(async |live| outcome.keep(live, &[], &stage.records, Path::new(STATE)));
    assert_eq!(notes, Vec::<String>::new());
    let written = stage.records.written();
    let Last::Found(found) = read(&written[Path::new("/state/lab/verify.json")]) else { unreachable!("{written:?}") };
    let mut expected = outcome.services.clone();
    expected.sort_by(|a, b| a.service.cmp(&b.service));
    assert_eq!(found.services, expected);
    assert!(found.services.iter().all(|one| one.container_id.is_some() && one.image_id.is_some()));
}

#[test]
fn a_run_over_one_service_keeps_what_is_known_of_the_others() {
    let stage = Stage::new(ProgramEnd::default());
    let outcome = stage.verify(&lab(), &Request::default(), Approval::Given);
    let files = FakeFiles::default();
    let covered = |services: &[&str]| Covered {
        contexts: vec!["here".to_owned()],
        services: services.iter().map(|name| (*name).to_owned()).collect(),
    };
    let bus = [of(&outcome, "bus").clone()];
    let (folder, records) = (Path::new(STATE), &stage.records);
    record::write(&files, records, folder, "lab", &outcome.services, &covered(&[])).unwrap();
    let text = records.written()[Path::new("/state/lab/verify.json")].clone();
    let files = FakeFiles::new(&[("/state/lab/verify.json", &text)]);
    let names = |covered: &Covered| {
        record::write(&files, records, folder, "lab", &bus, covered).unwrap();
        let record: Record = serde_json::from_str(&records.written()[Path::new("/state/lab/verify.json")]).unwrap();
        record.services.into_iter().map(|one| one.service).collect::<Vec<_>>()
    };
    assert_eq!(names(&covered(&["bus"])), ["bus", "web"]);
    assert_eq!(names(&covered(&[])), ["bus"]);
}

#[test]
fn records_that_cannot_be_used_say_why() {
    let reason = |text: &str| match read(text) {
        Last::Unusable(reason) => reason,
        other => format!("{other:?}"),
    };
    assert!(reason("{").contains("is damaged"));
    assert!(reason(r#"{"schema":"stackctl/verify-record/v1"}"#).contains("is damaged"));
    assert!(reason(r#"{"schema":"stackctl/verify-record/v9"}"#).contains("this version reads"));
    assert!(reason("[]").contains("format `none`"));
    assert_eq!(record::read(&FakeFiles::default(), Path::new(STATE), "lab"), Last::Missing);
    assert_eq!(record::read(&FakeFiles::default(), Path::new(STATE), "../../etc"), Last::Missing);
    let refusing = FakeRecords::refusing("no room");
    let covered = Covered { contexts: Vec::new(), services: Vec::new() };
    let fault = record::write(&FakeFiles::default(), &refusing, Path::new(STATE), "lab", &[], &covered);
    assert_eq!(fault, Err("`/state/lab/verify.json`: no room".to_owned()));
    assert!(record::write(&FakeFiles::default(), &refusing, Path::new(STATE), "..", &[], &covered).is_err());
}
