// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Metrics for those who fetch them, and two addresses that tell whether we live and whether we see.

mod exposition;
mod metrics;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;

use serde_json::json;
use tokio_util::sync::CancellationToken;

pub(super) use metrics::render;

use super::backoff::Backoff;
use super::tally::{SinkState, Tally};
use crate::app::supervise::Picture;
use crate::config::PrometheusSettings;
use crate::sys::net::{HttpListener, HttpServer, Served, ServedRequest};

/// The name of the sink.
pub(super) const NAME: &str = "prometheus";

/// What metrics are written in.
const METRICS_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";
const JSON_TYPE: &str = "application/json";

/// Serves metrics.
pub(super) struct Prometheus<'a> {
    listen: SocketAddr,
    server: &'a dyn HttpServer,
    tally: Tally,
}

/// Whether there is something to be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readiness {
    /// An engine answers.
    Ready,
    /// Nothing was seen yet.
    NothingSeen,
    /// No engine can be asked.
    NoEngine,
}

/// How ready a picture makes us.
pub(super) fn readiness(picture: Option<&Picture>) -> Readiness {
    match picture {
        None => Readiness::NothingSeen,
        Some(picture) if picture.engines.values().any(|engine| engine.is_up) => Readiness::Ready,
        Some(_) => Readiness::NoEngine,
    }
}

impl<'a> Prometheus<'a> {
    pub(super) fn new(settings: &PrometheusSettings, server: &'a dyn HttpServer) -> Self {
        Self { listen: settings.listen, server, tally: Tally::new(NAME) }
    }

    pub(super) fn state(&self) -> SinkState {
        self.tally.state(0)
    }

    /// Serves until `cancelled`. An address that is taken is tried again and again.
    pub(super) async fn run(
        &self,
        metrics: impl Fn() -> String,
        readiness: impl Fn() -> Readiness,
        cancelled: &CancellationToken,
    ) {
        let mut backoff = Backoff::new();
        let listener: Box<dyn HttpListener> = loop {
            match self.server.bind(self.listen) {
                Ok(listener) => break listener,
                Err(reason) => self.tally.failed(&format!("cannot listen on {}: {reason}", self.listen)),
            }
            tokio::select! {
                () = cancelled.cancelled() => return,
                () = tokio::time::sleep(backoff.next()) => {}
            }
        };
        self.tally.works();
        tracing::info!(address = %listener.address(), "metrics are served");
        let counted = |request: &ServedRequest| {
            let served = answer(request, &metrics, &readiness);
            if served.status < 400 {
                self.tally.delivered(1);
            }
            served
        };
        tokio::select! {
            () = cancelled.cancelled() => {}
            () = listener.serve(&counted) => {}
        }
    }
}

fn answer(request: &ServedRequest, metrics: impl Fn() -> String, readiness: impl Fn() -> Readiness) -> Served {
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return plain(405, "only GET and HEAD are answered\n");
    }
    match request.path.as_str() {
        "/metrics" => Served { status: 200, content_type: METRICS_TYPE, body: metrics() },
        "/health" => said(200, "ok", "the supervisor runs"),
        "/ready" => match readiness() {
            Readiness::Ready => said(200, "ready", "an engine answers"),
            Readiness::NothingSeen => said(503, "not_ready", "nothing was seen yet"),
            Readiness::NoEngine => said(503, "not_ready", "no engine can be asked"),
        },
        _ => plain(404, "there are /metrics, /health and /ready\n"),
    }
}

fn plain(status: u16, text: &str) -> Served {
    Served { status, content_type: "text/plain; charset=utf-8", body: text.to_owned() }
}

fn said(status: u16, word: &str, about: &str) -> Served {
    let body = json!({ "schema": "stackctl/alive/v1", "status": word, "about": about });
    Served { status, content_type: JSON_TYPE, body: format!("{body}\n") }
}
