// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `port-conflict`: two entries that want the same port of the host.

use super::super::{Context, FixSafety, Persona, Rule, RuleMeta};
use super::namespace::voids_ports;
use crate::compose::model::{HostAddress, Port, PortRange, Service};
use crate::diag::{Diagnostic, Level, Span};

pub(super) const RULE: Rule = Rule { meta: &META, check };

static META: RuleMeta = RuleMeta {
    name: "port-conflict",
    summary: "two ports are published on the same port of the host",
    why: "The engine gives a port of the host to one container. The second one fails to start, with a message about an \
          address in use.\n\n\
          TCP and UDP, two host addresses, and IPv4 and IPv6 live beside each other. Services of different profiles \
          clash only when both profiles are enabled, and a range that the engine picks one port from may give way: \
          both are advice.",
    bad: "services:\n  whisper:\n    image: registry.local/whisper:3.8.1\n    ports:\n      - \"127.0.0.1:9000:9000\"\n  \
          portal:\n    image: registry.local/portal:1.2.3\n    ports:\n      - \"127.0.0.1:9000:80\"\n",
    good: "services:\n  whisper:\n    image: registry.local/whisper:3.8.1\n    ports:\n      - \"127.0.0.1:9000:9000\"\n  \
           portal:\n    image: registry.local/portal:1.2.3\n    ports:\n      - \"127.0.0.1:9080:80\"\n",
    sections: &[19],
    level: Level::Error,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: false,
};

/// A published port, with its rank in the order in which a reader meets the entries.
struct Taken<'a> {
    rank: usize,
    service: &'a Service,
    port: &'a Port,
    range: PortRange,
}

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let mut taken = Vec::new();
    for service in context.project.services.iter().filter(|service| service.has_container() && !voids_ports(service)) {
        for port in &service.ports {
            // Port 0 asks the engine to pick one.
            if let Some(range) = port.published.filter(|range| range.first > 0) {
                taken.push(Taken { rank: 0, service, port, range });
            }
        }
    }
    taken.sort_by_key(|one| (one.port.span.file, one.port.span.start));
    taken.iter_mut().enumerate().for_each(|(rank, one)| one.rank = rank);
    taken.sort_by_key(|one| (one.range.first, one.rank));
    let mut pairs: Vec<(&Taken<'_>, &Taken<'_>)> = Vec::new();
    for (at, one) in taken.iter().enumerate() {
        for other in taken[at + 1..].iter().take_while(|other| other.range.first <= one.range.last) {
            if one.port.protocol == other.port.protocol && share_address(one.port.host, other.port.host) {
                pairs.push(if one.rank < other.rank { (one, other) } else { (other, one) });
            }
        }
    }
    pairs.sort_by_key(|(earlier, later)| (later.rank, level(earlier, later) != Level::Error, earlier.rank));
    // One finding a place: the gravest clash with the earliest entry stands for the rest.
    pairs.dedup_by_key(|(_, later)| (later.port.span, later.service.name.span));
    findings.extend(pairs.into_iter().map(|(earlier, later)| finding(earlier, later)));
}

/// Whether some address of some family is in both. Without an address, the engine takes all of both families.
fn share_address(one: HostAddress, other: HostAddress) -> bool {
    use HostAddress::{Address, Unspecified, Wildcard};
    match (one, other) {
        (Unspecified, _) | (_, Unspecified) => true,
        (Address(one), Address(other)) => one == other,
        (Wildcard(one) | Address(one), Wildcard(other) | Address(other)) => one.is_ipv4() == other.is_ipv4(),
    }
}

/// Whether no single profile starts both services.
fn need_two_profiles(one: &Service, other: &Service) -> bool {
    let both_need_one = !one.profiles.is_empty() && !other.profiles.is_empty();
    both_need_one && !one.profiles.iter().any(|mine| other.profiles.iter().any(|theirs| theirs.value == mine.value))
}

fn is_picked_from(range: PortRange) -> bool {
    range.first != range.last
}

fn level(earlier: &Taken<'_>, later: &Taken<'_>) -> Level {
    let may_live_together = need_two_profiles(earlier.service, later.service)
        || is_picked_from(earlier.range)
        || is_picked_from(later.range);
    if may_live_together { Level::Info } else { Level::Error }
}

fn finding(earlier: &Taken<'_>, later: &Taken<'_>) -> Diagnostic {
    let port = earlier.range.first.max(later.range.first);
    let (first, second) = (&earlier.service.name.value, &later.service.name.value);
    let condition = if need_two_profiles(earlier.service, later.service) {
        " when both profiles are enabled"
    } else if level(earlier, later) == Level::Info {
        " when the engine picks it from the range"
    } else {
        ""
    };
    let message = if first == second {
        format!("service `{first}` publishes port {port} of the host twice{condition}")
    } else {
        format!("services `{first}` and `{second}` both publish port {port} of the host{condition}")
    };
    let subject = format!("{}.ports.{port}", later.service.path());
    let mut finding = META.finding(place(later, earlier), subject, message);
    finding.level = level(earlier, later);
    finding
        .related(place(earlier, later), format!("`{first}` takes the port here"))
        .hint("give one of them another port of the host, or another host address")
}

/// Where the entry is written; two services that share it through an anchor are told apart by where they use it.
fn place(of: &Taken<'_>, other: &Taken<'_>) -> Span {
    if of.port.span == other.port.span { of.port.used_at.unwrap_or(of.service.name.span) } else { of.port.span }
}

#[cfg(test)]
#[path = "port_conflict_tests.rs"]
mod tests;
