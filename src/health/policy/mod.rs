// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The supervisor's policy: from verdicts, time and settings to actions with reasons.
//!
//! One supervisor looks after one engine. It is asked every second or after each change; it carries nothing out itself.
//! It never touches what somebody stopped or paused, never acts more often than its limits allow, never treats a service
//! whose dependency is the cause, and does nothing at all while the engine or the host is in trouble.
//!
//! Limits: whether an action worked is seen from the verdicts that follow, not from the action's own result.

pub mod decision;
mod host;
mod order;
mod patient;
#[cfg(test)]
mod property_tests;
pub mod settings;
mod subject;
#[cfg(test)]
mod tests;
pub mod window;

use std::collections::{BTreeMap, BTreeSet};

use super::board::SlotKey;
use super::observation::Timestamp;
pub use decision::{Action, ActionKind, Conditions, Decision, Link, NoticeKind, Notification};
use host::HostBrake;
use patient::{Class, Moment, Patient, Wish, class};
pub use settings::{Chosen, Execution, LABEL, Limits, Mode, PolicySettings, ServicePolicy};
pub use subject::Subject;
pub use window::{Schedule, Window};

/// The memory of the policy for one engine.
#[derive(Debug, Clone, Default)]
pub struct Supervisor {
    patients: BTreeMap<SlotKey, Patient>,
    brake: HostBrake,
    is_lost: bool,
}

/// A subject with all that is known of it in this step.
struct Case<'a> {
    subject: &'a Subject,
    class: Class,
    policy: ServicePolicy,
    chosen: Chosen,
    /// The dependency that is the cause.
    blocked_by: Option<String>,
    is_muted: bool,
    must_follow: Option<String>,
}

impl Supervisor {
    /// A supervisor that knows nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets attempts, waits and the breaker of a service, on request.
    pub fn reset(&mut self, key: &SlotKey) {
        self.patients.remove(key);
    }

    /// Whether the breaker of a service is open.
    #[must_use]
    pub fn is_open(&self, key: &SlotKey) -> bool {
        self.patients.get(key).is_some_and(Patient::is_open)
    }

    /// Attempts on a service in the window.
    #[must_use]
    pub fn attempts(&self, key: &SlotKey, now: Timestamp, limits: &Limits) -> u32 {
        self.patients.get(key).map_or(0, |patient| patient.attempts(now, limits))
    }

    /// Decides what is to be done and told now. `subjects` are all services of the engine.
    pub fn step(&mut self, subjects: &[Subject], conditions: &Conditions<'_>) -> Vec<Decision> {
        let now = conditions.now;
        let mut decisions = Vec::new();
        let cases = cases(subjects, conditions);
        // Where nobody wants to be told of a service, nobody is told of its engine and host.
        let audience =
            if cases.iter().any(|case| case.policy.mode != Mode::Observe) { Audience::Some } else { Audience::None };
        let notice = self.watch_link(conditions.link).filter(|_| audience == Audience::Some);
        decisions.extend(notice.map(Decision::Notify));
        let is_settled = match conditions.link {
            Link::Lost => false,
            Link::LiveSince(since) => now - since >= conditions.settings.limits.link_settle,
        };
        if !is_settled {
            return decisions;
        }
        // A service that comes back within the window has not got new attempts by that.
        let limits = &conditions.settings.limits;
        self.patients.retain(|key, patient| {
            subjects.iter().any(|subject| subject.key == *key) || patient.attempts(now, limits) > 0
        });
        for case in &cases {
            // Noted first for all, because the brake looks at all.
            let patient = self.patients.entry(case.subject.key.clone()).or_default();
            let is_bad = matches!(case.class, Class::Treatable | Class::Told);
            if is_bad {
                patient.bad_since.get_or_insert(now);
            }
        }
        let (braked, notice) = self.brake_host(&cases, conditions);
        decisions.extend(notice.filter(|_| audience == Audience::Some).map(Decision::Notify));
        let mut acted: BTreeSet<SlotKey> = BTreeSet::new();
        for case in &cases {
            self.decide(case, &cases, conditions, braked, &mut acted, &mut decisions);
        }
        decisions
    }

    fn watch_link(&mut self, link: Link) -> Option<Notification> {
        let is_lost = link == Link::Lost;
        if std::mem::replace(&mut self.is_lost, is_lost) == is_lost {
            return None;
        }
        let (kind, text) = if is_lost {
            (NoticeKind::EngineLost, "the engine cannot be asked; nothing is done until it is back")
        } else {
            (NoticeKind::EngineBack, "the engine can be asked again")
        };
        Some(Notification { kind, key: None, text: text.to_owned() })
    }

    fn brake_host(&mut self, cases: &[Case<'_>], conditions: &Conditions<'_>) -> (Brake, Option<Notification>) {
        let limits = &conditions.settings.limits;
        let counted = cases.iter().filter(|case| case.class != Class::Left && !case.subject.is_one_shot);
        let mut census = host::Census::default();
        for case in counted {
            let bad_since = self.patients.get(&case.subject.key).and_then(|patient| patient.bad_since);
            let is_own_fault = case.blocked_by.is_none() && !case.is_muted;
            census.add(bad_since.filter(|_| is_own_fault), conditions.now, limits);
        }
        let change = self.brake.update(&census, conditions.now, limits);
        let notice = change.map(|(kind, text)| Notification { kind, key: None, text });
        (if self.brake.is_on() { Brake::On } else { Brake::Off }, notice)
    }

    fn decide(
        &mut self,
        case: &Case<'_>,
        cases: &[Case<'_>],
        conditions: &Conditions<'_>,
        brake: Brake,
        acted: &mut BTreeSet<SlotKey>,
        decisions: &mut Vec<Decision>,
    ) {
        let limits = &conditions.settings.limits;
        let key = &case.subject.key;
        let depends_on_acted = case
            .subject
            .needs
            .iter()
            .any(|need| acted.iter().any(|other| other.project == key.project && other.service == need.service));
        let is_held = case.blocked_by.is_some() || case.is_muted || case.subject.is_quiet || brake == Brake::On;
        let is_held = is_held || depends_on_acted || acted.contains(key);
        // Who may not act is not counted as having tried.
        let may_act = case.policy.mode.acts();
        let patient = self.patients.entry(key.clone()).or_default();
        if case.blocked_by.is_some() {
            patient.excused = Some(conditions.now + case.subject.grace);
        }
        let wish = patient.advance(&Moment {
            now: conditions.now,
            limits,
            class: if acted.contains(key) { Class::Pending } else { case.class },
            started_at: case.subject.started_at,
            grace: case.subject.grace,
            is_held: is_held || !may_act,
            must_follow: case.must_follow.is_some(),
            seed: conditions.seed ^ seed_of(key),
        });
        let speaks = case.policy.mode != Mode::Observe && !case.is_muted && brake == Brake::Off;
        if speaks {
            decisions.extend(told(patient, case, conditions).map(Decision::Notify));
        }
        match wish {
            Wish::Nothing => {}
            Wish::GiveUp => decisions.push(Decision::Notify(Notification {
                kind: NoticeKind::GaveUp,
                key: Some(key.clone()),
                text: format!(
                    "{} attempts in {} did not help; nothing is done for {}",
                    limits.attempts,
                    super::explain::phrase::duration(limits.window),
                    super::explain::phrase::duration(limits.cool_down)
                ),
            })),
            Wish::Act { attempt, is_half_open } => {
                acted.insert(key.clone());
                let action = self.action(case, cases, conditions, (attempt, is_half_open), acted);
                decisions.push(Decision::Act(action));
            }
        }
    }

    fn action(
        &mut self,
        case: &Case<'_>,
        cases: &[Case<'_>],
        conditions: &Conditions<'_>,
        (attempt, is_half_open): (u32, bool),
        acted: &mut BTreeSet<SlotKey>,
    ) -> Action {
        let key = &case.subject.key;
        let reason = match &case.must_follow {
            Some(leader) => format!("follows `{leader}`, which has been restarted"),
            None => format!("is {}", case.subject.verdict.word()),
        };
        let mut targets = vec![key.clone()];
        let kind = match case.policy.mode {
            Mode::Command => ActionKind::Command(case.policy.command.clone()),
            // What follows another service follows alone.
            Mode::RestartStack if case.must_follow.is_none() => {
                targets = self.stack(case, cases, conditions, acted);
                ActionKind::RestartStack
            }
            _ => ActionKind::Restart,
        };
        Action {
            kind,
            cause: key.clone(),
            targets,
            attempt,
            is_half_open,
            reason,
            execution: conditions.settings.execution,
        }
    }

    /// The services that are restarted with `case`, in order of dependency. Each counts it as an attempt of its own, so
    /// those that have none left are not among them; nor is what somebody stopped, what runs once, what is under
    /// maintenance, and what was told to be left alone.
    fn stack(
        &mut self,
        case: &Case<'_>,
        cases: &[Case<'_>],
        conditions: &Conditions<'_>,
        acted: &mut BTreeSet<SlotKey>,
    ) -> Vec<SlotKey> {
        let limits = &conditions.settings.limits;
        let now = conditions.now;
        let mut targets = Vec::new();
        for other in cases.iter().filter(|other| other.subject.key.project == case.subject.key.project) {
            let key = &other.subject.key;
            if *key == case.subject.key {
                targets.push(key.clone());
                continue;
            }
            let is_left_alone = other.chosen == Chosen::ForService && !other.policy.mode.acts();
            let has_run = other.subject.started_at.is_some();
            let is_free = has_run && !is_left_alone && !other.is_muted && !other.subject.is_quiet;
            let is_service = other.class != Class::Left && !other.subject.is_one_shot && key.one_off.is_none();
            if !is_free || !is_service || acted.contains(key) {
                continue;
            }
            let patient = self.patients.entry(key.clone()).or_default();
            if patient.is_open() || patient.attempts(now, limits) >= limits.attempts {
                continue;
            }
            patient.acted(now, other.subject.grace, limits, false);
            acted.insert(key.clone());
            targets.push(key.clone());
        }
        targets
    }
}

/// Whether anybody wants to be told anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Audience {
    Some,
    None,
}

/// Whether the host is in trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Brake {
    On,
    Off,
}

/// The subjects in order of dependency, each with its class, its policy and what stands in its way.
fn cases<'a>(subjects: &'a [Subject], conditions: &Conditions<'_>) -> Vec<Case<'a>> {
    let classes: BTreeMap<&SlotKey, Class> = subjects
        .iter()
        .map(|one| {
            let class = match class(&one.verdict, one.is_one_shot || one.key.one_off.is_some()) {
                // A stop that is perhaps the first half of a restart is not yet anybody's will.
                Class::Left if one.is_quiet => Class::Pending,
                class => class,
            };
            (&one.key, class)
        })
        .collect();
    order::by_dependency(subjects)
        .into_iter()
        .map(|subject| {
            let label = subject.label.as_deref();
            let (policy, chosen) = conditions.settings.of(&subject.key.project, &subject.key.service, label);
            let service = subject.key.service.as_str();
            let in_window = conditions.settings.windows.iter().any(|window| window.is_open(service, conditions.now));
            Case {
                class: classes.get(&subject.key).copied().unwrap_or(Class::Pending),
                policy,
                chosen,
                blocked_by: order::blocked_by(subject, subjects, &classes),
                is_muted: in_window || conditions.locked.contains(&subject.key.project),
                must_follow: order::leader(subject, subjects, &classes),
                subject,
            }
        })
        .collect()
}

/// What is to be told of a service: that it turned bad, once, and that it is good again, once that has lasted.
fn told(patient: &mut Patient, case: &Case<'_>, conditions: &Conditions<'_>) -> Option<Notification> {
    let is_excused = patient.excused.is_some_and(|until| conditions.now < until);
    let notice = |kind, text| Some(Notification { kind, key: Some(case.subject.key.clone()), text });
    match case.class {
        Class::Treatable | Class::Told if !patient.is_told && !is_excused && !case.subject.is_quiet => {
            patient.is_told = true;
            notice(NoticeKind::Bad, format!("is {}", case.subject.verdict.word()))
        }
        Class::Fine if patient.is_told => {
            let lasted =
                patient.good_since.is_some_and(|since| conditions.now - since >= conditions.settings.limits.recovered);
            if !lasted {
                return None;
            }
            patient.is_told = false;
            notice(NoticeKind::Recovered, format!("is {} again", case.subject.verdict.word()))
        }
        _ => None,
    }
}

/// A number from a name, the same in every run (FNV-1a).
fn seed_of(key: &SlotKey) -> u64 {
    let name = key.to_string();
    name.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}
