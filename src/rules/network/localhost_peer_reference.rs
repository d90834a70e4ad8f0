// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `localhost-peer-reference`: a service that looks for a peer on its own loopback address.
//!
//! Limits: environment, command and entrypoint are read; health checks are not, since there the own container is right.

use super::super::{Context, FixSafety, Persona, Rule, RuleMeta, sub_token};
use super::known_ports::known_ports;
use super::loopback::{Mention, is_loopback, mentions};
use super::namespace::{Listeners, voids_ports};
use super::purpose::{Purpose, is_own_host, is_own_page, option_name, port_name, purpose};
use crate::compose::model::{EnvForm, EnvVar, Service};
use crate::diag::{Applicability, Diagnostic, Edit, Fix, Level, Spanned};

pub(super) const RULE: Rule = Rule { meta: &META, check };

static META: RuleMeta = RuleMeta {
    name: "localhost-peer-reference",
    summary: "a service looks for another one on `localhost`",
    why: "In a container, `localhost` is the container itself. A port that another service listens on is reached under \
          that service's name; under `localhost` nothing answers.\n\n\
          The rule speaks when the port belongs to another service and not to this one. Addresses to listen on, and \
          addresses that are handed to browsers, are left alone.",
    bad: "services:\n  portal:\n    image: registry.local/portal:1.2.3\n    environment:\n      OLLAMA_BASE_URL: \
          http://localhost:11434\n  ollama:\n    image: ollama/ollama:0.35.1\n    expose:\n      - \"11434\"\n",
    good: "services:\n  portal:\n    image: registry.local/portal:1.2.3\n    environment:\n      OLLAMA_BASE_URL: \
           http://ollama:11434\n  ollama:\n    image: ollama/ollama:0.35.1\n    expose:\n      - \"11434\"\n",
    sections: &[1],
    level: Level::Warning,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::Unsafe,
    needs: &[],
    absence: false,
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let listeners = Listeners::of(context.project, |service| known_ports(context, service));
    for service in &context.project.services {
        // In another's network, or on the host's, loopback may well be the right address.
        if !service.has_container() || voids_ports(service) {
            continue;
        }
        let judge = Judge { context, listeners: &listeners, service };
        for variable in &service.environment {
            let Some(value) = &variable.value else { continue };
            if judge.is_shared_setting(variable) {
                continue;
            }
            let subject = format!("environment.{}", variable.name.value);
            judge.text(&subject, value, |_| Some(variable.name.value.clone()), findings);
            judge.host_and_port(variable, value, findings);
        }
        for (key, command) in [("command", &service.command), ("entrypoint", &service.entrypoint)] {
            let words = command.iter().flat_map(|command| &command.words).collect::<Vec<_>>();
            for (at, word) in words.iter().enumerate() {
                let before = at.checked_sub(1).map(|at| words[at].value.as_str());
                judge.text(key, word, |mention| option_name(before, &word.value[..mention.host.start]), findings);
            }
        }
    }
}

struct Judge<'a, 'c> {
    context: &'c Context<'a>,
    listeners: &'c Listeners<'a>,
    service: &'a Service,
}

impl Judge<'_, '_> {
    fn text(
        &self,
        subject: &str,
        text: &Spanned<String>,
        name: impl Fn(&Mention) -> Option<String>,
        findings: &mut Vec<Diagnostic>,
    ) {
        let mut seen = Vec::new();
        for mention in mentions(&text.value) {
            if seen.contains(&mention.port) || !self.is_call(name(&mention).as_deref(), mention.in_url) {
                continue;
            }
            seen.push(mention.port);
            self.report(
                subject,
                text,
                &text.value[mention.authority.clone()],
                mention.host.len(),
                mention.port,
                findings,
            );
        }
    }

    /// `DB_HOST: localhost` beside `DB_PORT: 5432`.
    fn host_and_port(&self, variable: &EnvVar, value: &Spanned<String>, findings: &mut Vec<Diagnostic>) {
        let name = &variable.name.value;
        let Some(port_name) = port_name(name).filter(|_| is_loopback(&value.value)) else { return };
        let beside = self.service.environment.iter().find(|other| other.name.value == port_name);
        let port = beside.and_then(|other| other.value.as_ref()).and_then(|port| port.value.trim().parse().ok());
        if let Some(port) = port.filter(|_| self.is_call(Some(name), false)) {
            self.report(&format!("environment.{name}"), value, &value.value, value.value.len(), port, findings);
        }
    }

    /// Whether a variable comes from an env file that a listener reads too: such a file holds the settings of all, and
    /// this one may be the listener's own.
    fn is_shared_setting(&self, variable: &EnvVar) -> bool {
        let EnvForm::EnvFile(file) = &variable.form else { return false };
        let reads = |service: &Service| {
            service.environment.iter().any(|other| matches!(&other.form, EnvForm::EnvFile(own) if own == file))
        };
        self.context.project.services.iter().filter(|service| reads(service)).count() > 1
    }

    fn is_call(&self, name: Option<&str>, in_url: bool) -> bool {
        let Some(name) = name else { return true };
        match purpose(name) {
            Purpose::Call => true,
            Purpose::Host => in_url || !is_own_host(name, self.service),
            Purpose::Listen | Purpose::Outside => false,
        }
    }

    fn report(
        &self,
        subject: &str,
        text: &Spanned<String>,
        shown: &str,
        host_length: usize,
        port: u16,
        findings: &mut Vec<Diagnostic>,
    ) {
        let owners = self.listeners.elsewhere(self.service, port);
        let Some(first) = owners.first() else { return };
        let is_published = owners.iter().any(|owner| owner.ports.iter().any(|own| own.target == Some(port)));
        if is_published && is_own_page(self.service) {
            return;
        }
        let names: Vec<String> = owners.iter().map(|owner| format!("`{}`", owner.name.value)).collect();
        let own = &self.service.name.value;
        let message =
            format!("`{shown}` is service `{own}` itself, but port {port} belongs to {}", names.join(" and "));
        let place = sub_token::only(self.context.sources, text.span, shown);
        let mut finding = META
            .finding(place, format!("{}.{subject}", self.service.path()), message)
            .related(first.name.span, format!("`{}` listens on port {port}", first.name.value))
            .hint(format!("call it by its name: `{}:{port}`", first.name.value));
        if owners.len() == 1 && self.context.sources.slice(place) == shown {
            finding = finding.fix(Fix {
                title: format!("call service `{}` by its name", first.name.value),
                edits: vec![Edit { span: place.slice(0, host_length), text: first.name.value.clone() }],
                applicability: Applicability::Unsafe,
            });
        }
        findings.push(finding);
    }
}

#[cfg(test)]
#[path = "localhost_peer_reference_tests.rs"]
mod tests;
