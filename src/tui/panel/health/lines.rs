// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! All that is known of the chosen service, as lines.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::timeline::{SPAN, parts};
use crate::app::dashboard::{Past, Service};
use crate::compose::model::Condition;
use crate::health::explain::phrase::duration;
use crate::health::observation::Probe;
use crate::tui::Model;
use crate::tui::look::Role;
use crate::tui::view::text::{age, fit, right, wrap};
use crate::tui::view::why;

/// Changes that are listed.
const CHANGES: usize = 12;

/// The lines, each at most so wide.
pub(super) fn chosen_lines(model: &Model, width: usize) -> Vec<Line<'static>> {
    let look = model.start.look;
    let Some(service) = model.chosen() else {
        return vec![Line::styled("  no service is chosen; `1` shows them", look.style(Role::Dim))];
    };
    let mut page = Page { model, width, lines: Vec::new() };
    page.lines.extend(why::reason(model, width));
    for fact in service.why.iter().flat_map(|why| &why.evidence) {
        page.wrapped(&format!("   {fact}"), look.style(Role::Dim));
    }
    page.process(service);
    page.check(service);
    page.links(service);
    page.probes(service);
    page.past(service);
    page.lines
}

/// The text of lines alone.
pub(super) fn plain(lines: &[Line<'_>]) -> String {
    let text = |line: &Line<'_>| line.spans.iter().map(|span| span.content.as_ref()).collect::<String>();
    lines.iter().map(|line| text(line).trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

struct Page<'m> {
    model: &'m Model,
    width: usize,
    lines: Vec<Line<'static>>,
}

impl Page<'_> {
    fn wrapped(&mut self, text: &str, style: Style) {
        self.lines.extend(wrap(text, self.width).into_iter().map(|line| Line::styled(line, style)));
    }

    fn title(&mut self, text: &str) {
        self.lines.push(Line::raw(""));
        self.lines.push(Line::styled(format!(" {text}"), self.model.start.look.style(Role::Title)));
    }

    fn process(&mut self, service: &Service) {
        self.title("process");
        let since = service.since.map(|since| format!(" for {}", age(self.model.now - since))).unwrap_or_default();
        let restarts = match service.restarts {
            0 => String::new(),
            count => format!(", started again {count} times by the engine"),
        };
        self.wrapped(&format!("   {}{since}{restarts}", service.state), Style::new());
        for (name, value) in [("container", &service.container), ("image", &service.image)] {
            if let Some(value) = value {
                self.wrapped(&format!("   {name} {value}"), Style::new());
            }
        }
        if let Some(since) = self.model.lost_since(&service.key.context) {
            let text = format!("   stale: the engine is lost since {}", age(self.model.now - since));
            self.wrapped(&text, self.model.start.look.style(Role::Noticed));
        }
    }

    fn check(&mut self, service: &Service) {
        self.title("check");
        let Some(detail) = self.model.health.detail.as_ref().filter(|detail| detail.key == service.key) else {
            let text =
                if service.id.is_some() { "   asking the engine" } else { "   no container, so nothing is checked" };
            self.wrapped(text, self.model.start.look.style(Role::Dim));
            return;
        };
        let Some(check) = &detail.check else {
            self.wrapped("   none: that it works is not checked", self.model.start.look.style(Role::Noticed));
            return;
        };
        self.wrapped(&format!("   {}", check.test.join(" ")), Style::new());
        let timings = &check.timings;
        let start = check.start_interval.map(|time| format!(", every {} at first", duration(time))).unwrap_or_default();
        let text = format!(
            "   every {}{start}, {} each, {} failures in a row count, {} after a start are free",
            duration(timings.interval),
            duration(timings.timeout),
            timings.retries,
            duration(timings.start_period)
        );
        self.wrapped(&text, Style::new());
        let (first, notice) = (duration(check.longest_to_verdict()), duration(check.longest_to_notice()));
        let text = format!("   at worst {first} to a first verdict, {notice} until a fault is noticed");
        self.wrapped(&text, self.model.start.look.style(Role::Dim));
    }

    fn links(&mut self, service: &Service) {
        let look = self.model.start.look;
        self.title("dependencies");
        let state = |name: &str| {
            let services = self.model.services().filter(|one| {
                one.key.service == name
                    && one.key.project == service.key.project
                    && one.key.context == service.key.context
            });
            let worst = services.map(|one| one.verdict.state()).min();
            worst.map_or_else(
                || "? not there".to_owned(),
                |state| format!("{} {}", look.sign(state.glyph()), state.word()),
            )
        };
        let mut found = Vec::new();
        for need in &service.needs {
            let wanted = match need.condition {
                Condition::Healthy => "healthy",
                Condition::Completed => "completed",
                Condition::Started | Condition::Unknown => "started",
            };
            found.push(format!("   needs {} {} ({wanted})", need.service, state(&need.service)));
        }
        for one in self.model.dependants(&service.key) {
            let state = one.verdict.state();
            found.push(format!("   needed by {} {} {}", one.key.service, look.sign(state.glyph()), state.word()));
        }
        if found.is_empty() {
            found.push("   none".to_owned());
        }
        for text in found {
            self.wrapped(&text, Style::new());
        }
    }

    fn probes(&mut self, service: &Service) {
        let detail = self.model.health.detail.as_ref().filter(|detail| detail.key == service.key);
        let past = self.known_past(service);
        let mut probes: Vec<Probe> = past.map(|past| past.probes.clone()).unwrap_or_default();
        for probe in detail.iter().flat_map(|detail| &detail.probes) {
            if probes.iter().all(|known| known.start != probe.start) {
                probes.push(probe.clone());
            }
        }
        if probes.is_empty() {
            return;
        }
        probes.sort_by_key(|probe| probe.start);
        self.title("probes, newest first");
        let started = detail.and_then(|detail| detail.started);
        for probe in probes.iter().rev() {
            self.probe(probe, started.is_some_and(|start| probe.start < start));
        }
    }

    fn probe(&mut self, probe: &Probe, is_of_earlier_run: bool) {
        let look = self.model.start.look;
        let passed = probe.exit_code == 0;
        let took = (probe.end - probe.start).num_milliseconds().max(0);
        let exit = if probe.exit_code == -1 { "timeout".to_owned() } else { format!("exit {}", probe.exit_code) };
        let sign = if passed { look.either("●", "+") } else { look.either("✘", "!") };
        let run = if is_of_earlier_run { " (earlier run)" } else { "" };
        let head = format!(
            "   {} {sign} {}{}{run}",
            probe.start.format("%H:%M:%S"),
            fit(&exit, 9),
            right(&format!("{took}ms"), 7)
        );
        let role = if passed { Role::Good } else { Role::Bad };
        self.lines.push(Line::from(vec![Span::styled(head, look.style(role))]));
        for line in probe.output.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
            for part in wrap(line, self.width.saturating_sub(15)) {
                self.lines.push(Line::raw(format!("             {} {part}", look.either("│", "|"))));
            }
        }
    }

    fn known_past(&self, service: &Service) -> Option<&Past> {
        let engine = self.model.engines.get(&service.key.context)?;
        engine.host.past.as_ref().filter(|past| past.key == service.key)
    }

    fn past(&mut self, service: &Service) {
        let look = self.model.start.look;
        let Some(past) = self.known_past(service).cloned() else { return };
        let columns = self.width.saturating_sub(6).min(60);
        self.title(&format!(
            "the last {}, one sign each {}",
            duration(SPAN),
            duration(SPAN / i32::try_from(columns.max(1)).unwrap_or(1))
        ));
        let signs: String = parts(&past.changes, self.model.now, columns)
            .into_iter()
            .map(|state| state.map_or(' ', |state| look.sign(state.glyph())))
            .collect();
        self.lines.push(Line::raw(format!("   [{signs}]")));
        for change in past.changes.iter().rev().take(CHANGES) {
            let from = change.from.map_or("first seen", crate::health::verdict::State::word);
            let text = format!(
                "   {} {from} {} {} {}",
                change.at.format("%H:%M:%S"),
                look.either("→", "->"),
                look.sign(change.to.glyph()),
                change.to.word()
            );
            self.wrapped(&text, look.standing(change.to.standing()));
        }
    }
}
