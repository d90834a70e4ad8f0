// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Reports, pictures and a network in memory for the tests of sinks.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::pin::Pin;

use chrono::DateTime;

use super::{Outside, RunName};
use crate::app::supervise::{EngineView, Fact, Picture, Report, ServiceView};
use crate::health::Verdict;
use crate::health::board::SlotKey;
use crate::health::policy::{Mode, NoticeKind, Notification};
use crate::sys::fake::{FakeBroker, FakeFiles, FakeHttp};
use crate::sys::net::{HttpListener, HttpServer, Served, ServedRequest};

/// The first container of a service of the project `voice`.
pub(super) fn key(service: &str) -> SlotKey {
    SlotKey {
        context: "default".to_owned(),
        project: "voice".to_owned(),
        service: service.to_owned(),
        number: 1,
        one_off: None,
    }
}

/// A notice about a service; about the engine where it has no name.
pub(super) fn notice(seq: u64, kind: NoticeKind, service: &str, text: &str) -> Report {
    let key = (!service.is_empty()).then(|| key(service));
    let notification = Notification { kind, key, text: text.to_owned() };
    let fact = Fact::Notice { context: "default".to_owned(), notification };
    Report { seq, at: DateTime::UNIX_EPOCH, fact }
}

/// A service that is well.
pub(super) fn view(service: &str) -> ServiceView {
    ServiceView {
        key: key(service),
        verdict: Verdict::Ok { completed: false },
        why: String::new(),
        secrets: Vec::new(),
        mode: Mode::Observe,
        restarts: 0,
        oom_kills: 0,
        probe: None,
        attempts: BTreeMap::new(),
        is_breaker_open: false,
        labels: BTreeMap::new(),
    }
}

/// A service that lets its health be told.
pub(super) fn opted(service: &str) -> ServiceView {
    ServiceView { labels: [("stackctl.mqtt".to_owned(), "true".to_owned())].into(), ..view(service) }
}

/// A service that fails its check.
pub(super) fn sick(view: ServiceView, why: &str) -> ServiceView {
    ServiceView { verdict: Verdict::Unhealthy { streak: Some(3), last: None }, why: why.to_owned(), ..view }
}

/// These services on one engine that is up.
pub(super) fn picture(services: Vec<ServiceView>) -> Picture {
    let engine = EngineView { is_up: true, events: 7, lag: None };
    Picture { engines: [("default".to_owned(), engine)].into(), services }
}

/// Who speaks.
pub(super) fn run_name() -> RunName {
    RunName { run_id: "r1".to_owned(), host: "lab".to_owned(), version: "1.2.3" }
}

/// A network in memory.
#[derive(Default)]
pub(super) struct Net {
    pub(super) files: FakeFiles,
    pub(super) http: FakeHttp,
    pub(super) server: FakeServer,
    pub(super) broker: FakeBroker,
}

impl Net {
    pub(super) fn outside(&self) -> Outside<'_> {
        Outside { files: &self.files, http: &self.http, server: &self.server, mqtt: &self.broker }
    }
}

/// Addresses that can be had, or not, and are never asked.
#[derive(Default)]
pub(super) struct FakeServer {
    pub(super) is_taken: bool,
}

impl HttpServer for FakeServer {
    fn bind(&self, address: SocketAddr) -> Result<Box<dyn HttpListener>, String> {
        if self.is_taken { Err("Address already in use".to_owned()) } else { Ok(Box::new(Silent(address))) }
    }
}

struct Silent(SocketAddr);

impl HttpListener for Silent {
    fn address(&self) -> SocketAddr {
        self.0
    }

    fn serve<'a>(&'a self, _: &'a dyn Fn(&ServedRequest) -> Served) -> Pin<Box<dyn Future<Output = ()> + 'a>> {
        Box::pin(std::future::pending())
    }
}
