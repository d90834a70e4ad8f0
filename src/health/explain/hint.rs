// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Advice: first what the catalog knows of the very service, then what the words mean anywhere.

use super::Background;
use super::phrase::duration;
use crate::catalog::{KnownFailure, KnownService};
use crate::health::symptom;
use crate::health::verdict::{Degraded, Evidence, Standing, Verdict};
use chrono::TimeDelta;

/// A piece of advice with the facts it rests on.
pub(super) struct Hint {
    pub(super) evidence: Vec<String>,
    pub(super) advice: String,
}

/// Advice on `verdict`; none when all is well. `has_advice` says that there already is some, which only the catalog may
/// replace.
pub(super) fn of(
    verdict: &Verdict,
    evidence: &Evidence<'_>,
    background: Background<'_>,
    has_advice: bool,
) -> Option<Hint> {
    let is_wanted_down = matches!(verdict, Verdict::Stopped { wanted, .. } if wanted.is_wanted());
    if is_wanted_down || !matches!(verdict.standing(), Standing::Bad | Standing::Pending) {
        return None;
    }
    let texts = texts(verdict, evidence, background);
    if let Some(known) = background.known {
        if let Some(failure) = known_failure(known, verdict, &texts) {
            return Some(Hint {
                evidence: vec![format!("known failure `{}`: {}", failure.code, failure.cause)],
                advice: failure.fix.clone(),
            });
        }
        if let Some(advice) = first_start(known, verdict, evidence) {
            return Some(Hint { evidence: Vec::new(), advice });
        }
        if has_advice && let Some(advice) = known_check(known, verdict, &texts) {
            return Some(Hint { evidence: Vec::new(), advice });
        }
    }
    if has_advice && !matches!(verdict, Verdict::Loop { .. } | Verdict::Stopped { .. }) {
        return None;
    }
    let found = texts.iter().find_map(|text| symptom::find(text))?;
    Some(Hint { evidence: vec![format!("{}: {}", found.code, found.meaning)], advice: found.hint.to_owned() })
}

/// The texts that may give a fault away: what the present state produced itself first.
fn texts<'a>(verdict: &'a Verdict, evidence: &Evidence<'a>, background: Background<'a>) -> Vec<&'a str> {
    let mut texts: Vec<&str> = Vec::new();
    if let Verdict::Unhealthy { last: Some(last), .. } = verdict {
        texts.push(&last.output);
    }
    if let Verdict::Degraded { reason: Degraded::NotWorking { detail, .. } } = verdict {
        texts.push(detail);
    }
    if let Some(container) = evidence.container {
        if !container.start_error.is_empty() {
            texts.push(&container.start_error);
        }
        if matches!(verdict, Verdict::Starting { .. }) {
            texts.extend(
                container.probes().rev().filter(|probe| probe.exit_code != 0).map(|probe| probe.output.as_str()),
            );
        }
    }
    texts.extend(background.log_tail.iter().rev().map(String::as_str));
    texts
}

/// The failure of the service that fits: by the words that give it away, or, for a lost GPU, by the verdict.
fn known_failure<'a>(known: &'a KnownService, verdict: &Verdict, texts: &[&str]) -> Option<&'a KnownFailure> {
    if matches!(verdict, Verdict::Degraded { reason: Degraded::GpuLost }) {
        return known.failures.iter().find(|failure| failure.code.ends_with("_lost_gpu"));
    }
    // What else a failure asks for is not known here. The longest words are the least likely to be there by chance.
    let by_words = known.failures.iter().filter(|failure| failure.when.is_empty());
    let longest = |failure: &KnownFailure| texts.iter().filter_map(|text| failure.words_in(text)).map(str::len).max();
    by_words
        .filter_map(|failure| Some((longest(failure)?, failure)))
        .max_by_key(|(length, _)| *length)
        .map(|(_, one)| one)
}

/// A first start that downloads models takes longer than any other.
fn first_start(known: &KnownService, verdict: &Verdict, evidence: &Evidence<'_>) -> Option<String> {
    if !matches!(verdict, Verdict::Unhealthy { .. }) {
        return None;
    }
    let longest = known.healthcheck.as_ref()?.first_start_period.as_ref()?;
    let container = evidence.container?;
    let running = evidence.now - container.started_at?;
    let allowed = container.check.map_or(TimeDelta::zero(), |check| check.start_period);
    let needed = TimeDelta::seconds(i64::from(longest.seconds()));
    (running < needed && allowed < needed).then(|| {
        format!(
            "its first start may load a model for up to {}, and its start period is {}: set `start_period: {}`",
            longest.as_str(),
            duration(allowed),
            longest.as_str()
        )
    })
}

/// The check that is known to work, when the present one cannot run.
fn known_check(known: &KnownService, verdict: &Verdict, texts: &[&str]) -> Option<String> {
    let Verdict::Unhealthy { last: Some(last), .. } = verdict else { return None };
    let cannot_run =
        matches!(last.exit_code, 126 | 127) || texts.first().is_some_and(|text| super::missing_program(text).is_some());
    let check = known.healthcheck.as_ref().filter(|_| cannot_run)?;
    let words: Vec<String> = check.test.iter().map(|word| format!("\"{}\"", word.replace('"', "\\\""))).collect();
    Some(format!("a check that works in this image: `test: [{}]`", words.join(", ")))
}
