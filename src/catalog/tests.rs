// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Tests of the catalog, its data files and the shipped stack.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use super::check::collect;
use super::data::ServiceFile;
use super::{
    Access, Catalog, DataClass, HealthcheckKnowledge, ImageRef, Knowledge, KnownService, Period, Pin, Speech, TagShape,
    Transport,
};

const SHIPPED: &str = include_str!("../../docker-compose.ai.yml");

fn known(image: &str) -> &'static KnownService {
    Catalog::embedded().find_text(image).unwrap()
}

fn shipped() -> serde_yaml::Value {
    let mut stack: serde_yaml::Value = serde_yaml::from_str(SHIPPED).unwrap();
    stack.apply_merge().unwrap();
    stack
}

/// Name and definition of each service of the shipped stack.
fn shipped_services() -> Vec<(String, serde_yaml::Value)> {
    let stack = shipped();
    let services = stack["services"].as_mapping().unwrap();
    services.iter().map(|(name, service)| (name.as_str().unwrap().to_owned(), service.clone())).collect()
}

#[test]
fn the_first_services_are_embedded_in_order() {
    let catalog = Catalog::embedded();
    let names: Vec<String> =
        catalog.services().iter().map(|known| format!("{}/{}", known.service, known.kind)).collect();
    assert_eq!(
        names,
        [
            "frigate/frigate",
            "mosquitto/mosquitto",
            "ollama/ollama",
            "open_webui/open_webui",
            "ovos_core/ovos_core",
            "ovos_messagebus/ovos_messagebus",
            "postgres/postgres",
            "redis/redis",
            "whisper/wyoming",
            "whisper/asr",
            "whisper/speaches",
            "xtts/coqui",
            "xtts/streaming",
            "xtts/daswer123",
        ]
    );
    assert!(Catalog::default().services().is_empty());
}

#[test]
fn an_image_is_found_in_every_spelling() {
    let catalog = Catalog::embedded();
    for (image, service, kind) in [
        ("ollama/ollama", "ollama", "ollama"),
        ("docker.io/ollama/ollama:0.35.1-rocm", "ollama", "ollama"),
        ("index.docker.io/library/redis:8", "redis", "redis"),
        ("redis", "redis", "redis"),
        ("ghcr.io/speaches-ai/speaches:0.8.3-cpu", "whisper", "speaches"),
        ("onerahmet/openai-whisper-asr-webservice:v1.9.1-gpu", "whisper", "asr"),
        ("rhasspy/wyoming-whisper", "whisper", "wyoming"),
        ("ghcr.io/idiap/coqui-tts:v0.27.2", "xtts", "coqui"),
        ("daswer123/xtts-api-server", "xtts", "daswer123"),
        ("smartgic/ovos-messagebus:stable-20260921", "ovos_messagebus", "ovos_messagebus"),
    ] {
        let found = catalog.find_text(image).unwrap();
        assert_eq!((found.service.as_str(), found.kind.as_str()), (service, kind), "image `{image}`");
        assert_eq!(catalog.find_kind(service, kind).unwrap().title, found.title);
    }
    for image in ["nginx:1.27.0", "ghcr.io/ollama/ollama", "registry.local:5000/redis", "not an image", ""] {
        assert!(catalog.find_text(image).is_none(), "image `{image}`");
    }
}

#[test]
fn rules_learn_who_the_image_runs_as() {
    assert_eq!(known("ollama/ollama").stays_root(), Knowledge::Yes);
    assert_eq!(known("ollama/ollama").recommended_user(), Some("1000:1000"));
    assert_eq!(known("smartgic/ovos-core").stays_root(), Knowledge::No);
    for image in ["redis", "postgres", "eclipse-mosquitto"] {
        assert_eq!(known(image).stays_root(), Knowledge::No, "image `{image}`");
        assert!(known(image).drops_root(), "image `{image}`");
    }
}

#[test]
fn rules_learn_which_tools_an_image_has() {
    assert_eq!(known("ollama/ollama").has_tool("curl"), Knowledge::No);
    assert_eq!(known("ollama/ollama").has_tool("/bin/ollama"), Knowledge::Yes);
    assert_eq!(known("ollama/ollama").has_tool("jq"), Knowledge::Unknown);
}

#[test]
fn rules_learn_of_health_checks_in_images() {
    let HealthcheckKnowledge::Present(check) = known("smartgic/ovos-core").image_check() else {
        unreachable!("the image has a check")
    };
    assert_eq!(check.interval.seconds(), 60);
    assert!(matches!(known("ollama/ollama").image_check(), HealthcheckKnowledge::Absent));
    let mut unknown = known("ollama/ollama").clone();
    unknown.image_healthcheck = None;
    assert!(matches!(unknown.image_check(), HealthcheckKnowledge::Unknown));
}

#[test]
fn rules_learn_of_ports_and_data() {
    let bus = known("smartgic/ovos-messagebus");
    assert_eq!(bus.unauthenticated_ports().map(|port| port.port).collect::<Vec<_>>(), [8181]);
    assert_eq!(bus.internal_ports().count(), 1);
    assert_eq!(bus.port(8181, Transport::Tcp).unwrap().protocol, "websocket");
    assert!(bus.port(8181, Transport::Udp).is_none());
    assert_eq!(known("postgres").unauthenticated_ports().count(), 0);

    let core = known("smartgic/ovos-core");
    assert_eq!(core.data_at("/home/ovos/.config/mycroft/").unwrap().class, DataClass::Critical);
    assert_eq!(core.data_at("/home/ovos/.config/mycroft/skills/x").unwrap().class, DataClass::Critical);
    assert_eq!(core.data_at("/home/ovos/.config/mycroft/mycroft.conf").unwrap().access, Some(Access::ReadOnly));
    assert!(core.data_at("/home/ovos/.config/mycroftx").is_none());
    assert_eq!(known("ollama/ollama").data_at("/root/.ollama/models/blobs").unwrap().class, DataClass::Cache);
    assert_eq!(known("ghcr.io/idiap/coqui-tts").required_environment()[0].name, "COQUI_TOS_AGREED");
    assert!(!core.is_one_shot());
}

#[test]
fn postgres_versions_of_two_numbers_are_whole() {
    let catalog = Catalog::embedded();
    let pin = |text| catalog.pin(&ImageRef::parse(text).unwrap());
    assert_eq!(pin("postgres:18.6"), Pin::Tag(TagShape::FullVersion));
    assert_eq!(pin("postgres:18"), Pin::Tag(TagShape::Floating));
    assert_eq!(pin("redis:8.10"), Pin::Tag(TagShape::Floating));
}

#[test]
fn reading_the_embedded_data_is_quick_work() {
    // The aim is under a millisecond; what can be held without a clock is the size of the text.
    assert!(super::EMBEDDED.len() < 64 * 1024);
    assert!(!super::EMBEDDED.contains('\n'));
}

#[test]
fn periods_are_read_as_written() {
    for (text, seconds) in [("90s", 90), ("10m", 600), ("1m30s", 90), ("2h", 7200), ("0s", 0)] {
        let period = Period::try_from(text.to_owned()).unwrap();
        assert_eq!((period.as_str(), period.seconds()), (text, seconds));
    }
    for text in ["", "90", "s", "1.5s", "-1s", "10 s", "99999999h", "5ms"] {
        assert!(Period::try_from(text.to_owned()).is_err(), "period `{text}`");
    }
}

const MINIMAL: &str = "
schema: stackctl/service/v1
service: demo
summary: A service.
names: [demo]
kinds:
  - kind: demo
    title: Demo
    images: [docker.io/team/demo]
";

fn faults_of(text: &str) -> Vec<String> {
    match serde_yaml::from_str::<ServiceFile>(text) {
        Ok(file) => collect(vec![("demo".to_owned(), file)]).err().unwrap_or_default(),
        Err(error) => vec![error.to_string()],
    }
}

#[test]
fn a_file_that_says_little_is_enough() {
    assert_eq!(faults_of(MINIMAL), Vec::<String>::new());
}

#[test]
fn faults_in_a_file_stop_the_build() {
    let with = |extra: &str| format!("{MINIMAL}{extra}");
    let failure =
        |given: &str| with(&format!("    failures: [{{code: demo_full, symptom: s, cause: c, fix: f, {given}}}]\n"));
    for (text, part) in [
        (MINIMAL.replace("v1", "v9"), "`schema` must be"),
        (MINIMAL.replace("service: demo", "service: other"), "the folder's name"),
        (MINIMAL.replace("docker.io/team/demo", "team/demo"), "no complete repository"),
        (MINIMAL.replace("docker.io/team/demo", "docker.io/team/demo:1"), "no complete repository"),
        (MINIMAL.replace("docker.io/team/demo", "docker.io/*/demo"), "no complete repository"),
        (with("    colour: red\n"), "unknown field `colour`"),
        (with("    user: {image: bob}\n"), "neither `root`"),
        (with("    tags: {seen: [{tag: latest}]}\n"), "is no pin"),
        (with("    tags: {seen: [{tag: latest, digest: 'sha256:12'}]}\n"), "is no digest"),
        (with("    tools: {has: [curl], lacks: [curl]}\n"), "present and missing"),
        (with("    data: [{path: data, class: cache, holds: x}]\n"), "not absolute"),
        (
            with("    healthcheck: {test: [CMD, curl], interval: 1s, timeout: 1s, retries: 1, start_period: 0s}\n"),
            "not in `tools.has`",
        ),
        (
            with(
                "    healthcheck: {test: [CMD-SHELL, curl], interval: 1s, timeout: 1s, retries: 0, start_period: 0s}\n",
            ),
            "exec form",
        ),
        (
            with("    healthcheck: {test: [CMD, curl], interval: 5, timeout: 1s, retries: 0, start_period: 0s}\n"),
            "is no time",
        ),
        (failure("log: [EOF]"), "too short to tell"),
        (failure("when: {mount: {target: data}}"), "is not absolute"),
        (failure("when: {exit_code: 0}"), "is no failure"),
        (failure("when: {environment: {name: A=b}}"), "has no name"),
        (failure("when: {colour: red}"), "unknown field `colour`"),
        (failure("log: no room left").replace("demo_full", "Demo-Full"), "snake_case"),
        (
            with("    failures: [{code: a, symptom: s, cause: c, fix: f}, {code: a, symptom: s, cause: c, fix: f}]\n"),
            "is there twice",
        ),
    ] {
        let faults = faults_of(&text).join("\n");
        assert!(faults.contains(part), "`{part}` is not in `{faults}`");
    }
}

#[test]
fn probes_ask_ports_that_are_there_in_their_own_words() {
    let file = |probe: &str| {
        let port = "{port: 80, protocol: http, exposure: internal, authentication: none}";
        format!("{MINIMAL}    ports: [{port}]\n    probes: [{probe}]\n")
    };
    assert!(faults_of(&file("{speaks: http, port: 80, path: /a, status: 204}")).is_empty());
    for (probe, fault) in [
        ("{speaks: tcp, port: 81}", "`ports` lacks it"),
        ("{speaks: tcp, port: 80, path: /}", "have a `path`"),
        ("{speaks: http, port: 80, path: a}", "must begin with `/`"),
        ("{speaks: redis, port: 80, status: 200}", "has a `status`"),
        ("{speaks: http, port: 80, status: 7}", "from 100 to 599"),
        ("{speaks: http, port: 80, greeting: x}", "has a `greeting`"),
    ] {
        let faults = faults_of(&file(probe));
        assert!(faults.iter().any(|text| text.contains(fault)), "{probe}: {faults:?}");
    }
}

#[test]
fn services_that_speak_a_known_protocol_have_a_probe() {
    let has = |service: &str, speech| {
        let known = Catalog::embedded().services().iter().filter(|known| known.service == service);
        known.flat_map(|known| &known.probes).any(|probe| probe.speaks == speech)
    };
    assert!(has("ovos_messagebus", Speech::Websocket) && has("ollama", Speech::Ollama));
    assert!(has("whisper", Speech::Wyoming) && has("whisper", Speech::Http) && has("xtts", Speech::Http));
    assert!(has("mosquitto", Speech::Mqtt) && has("postgres", Speech::Postgres) && has("redis", Speech::Redis));
}

#[test]
fn two_kinds_cannot_claim_one_image() {
    let file = || serde_yaml::from_str::<ServiceFile>(MINIMAL).unwrap();
    let mut twin = file();
    twin.service = "twin".to_owned();
    let faults = collect(vec![("demo".to_owned(), file()), ("twin".to_owned(), twin)]).unwrap_err();
    assert!(faults[0].contains("claimed by demo/demo too"), "{faults:?}");
}

#[test]
fn every_image_of_the_shipped_stack_is_known_and_pinned() {
    let catalog = Catalog::embedded();
    for (name, service) in shipped_services() {
        let image = ImageRef::parse(service["image"].as_str().unwrap()).unwrap();
        let found = catalog.find(&image);
        assert!(found.is_some(), "image of `{name}` is unknown");
        assert!(catalog.pin(&image).is_pinned(), "image of `{name}` moves");
        if let (Some(found), Some(digest)) = (found, image.digest()) {
            let seen = found.tags.seen.iter().find(|seen| Some(seen.tag.as_str()) == image.tag()).unwrap();
            assert_eq!(seen.digest.as_deref(), Some(digest), "digest of `{name}` is not the one on record");
        }
    }
}

#[test]
fn the_shipped_stack_follows_the_catalog() {
    for (name, service) in shipped_services().into_iter().filter(|(name, _)| name != "volume_init") {
        let known = Catalog::embedded().find_text(service["image"].as_str().unwrap()).unwrap();
        assert_eq!(service["user"].as_str(), known.recommended_user(), "user of `{name}`");
        let check = &service["healthcheck"];
        let test: Vec<String> =
            check["test"].as_sequence().unwrap().iter().map(|word| word.as_str().unwrap().replace("$$", "$")).collect();
        assert_eq!(Some(&test), known.healthcheck.as_ref().map(|known| &known.test), "health check of `{name}`");
        for timing in ["interval", "timeout", "retries", "start_period"] {
            assert!(!check[timing].is_null(), "`{timing}` of `{name}`");
        }
        for variable in known.required_environment() {
            assert!(!service["environment"][variable.name.as_str()].is_null(), "`{}` of `{name}`", variable.name);
        }
        for mount in service["volumes"].as_sequence().unwrap() {
            let mount = mount.as_str().unwrap();
            assert!(mount.ends_with(":ro") || mount.ends_with(":rw"), "mount `{mount}` of `{name}`");
        }
        assert!(service["ports"].is_null(), "`{name}` publishes a port");
    }
}

#[test]
fn volumes_of_the_shipped_stack_have_the_class_that_the_catalog_gives() {
    let stack = shipped();
    let class_of = |volume: &str| stack["volumes"][volume]["x-stackctl"]["backup"].as_str().unwrap().to_owned();
    for (name, service) in shipped_services() {
        let known = Catalog::embedded().find_text(service["image"].as_str().unwrap()).unwrap();
        for mount in service["volumes"].as_sequence().unwrap() {
            let parts: Vec<&str> = mount.as_str().unwrap().split(':').collect();
            if parts[0].starts_with('.') || name == "volume_init" {
                continue;
            }
            assert!(SHIPPED.contains(&format!("#     {} ", parts[0])), "`{}` is not in the backup section", parts[0]);
            let Some(data) = known.data_at(parts[1]) else { continue };
            let class = serde_yaml::to_string(&data.class).unwrap();
            assert_eq!(class_of(parts[0]), class.trim(), "volume `{}`", parts[0]);
        }
    }
}

#[test]
fn every_variable_of_the_shipped_stack_is_in_the_example() {
    let example = include_str!("../../.env.example");
    let values =
        |line: &str| line.split("${").skip(1).filter_map(|rest| rest.split(':').next().map(str::to_owned)).collect();
    let used: Vec<String> = SHIPPED
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .flat_map(|line| -> Vec<String> { values(line) })
        .collect();
    assert!(!used.is_empty());
    for name in used {
        assert!(example.lines().any(|line| line.starts_with(&format!("{name}="))), "`{name}` is not in .env.example");
    }
}

#[test]
fn the_two_configurations_of_the_bus_are_json_with_comments() {
    for (text, host) in [
        (include_str!("../../ovos_config/bus/mycroft.conf"), "0.0.0.0"),
        (include_str!("../../ovos_config/client/mycroft.conf"), "ovos_messagebus"),
    ] {
        let bare: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let config: serde_json::Value = serde_json::from_str(&bare.join("\n")).unwrap();
        assert_eq!(config["websocket"]["host"], host);
        assert_eq!(config["logs"]["path"], "stdout");
    }
}
