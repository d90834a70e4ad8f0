// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `[supervise]`: what the supervisor may do, how often, and when it leaves everything alone.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, NaiveTime, Utc, Weekday};

use super::reader::Field;
use super::{HealChoice, SettingsError};

const KEYS: &[&str] = &[
    "attempts",
    "attempts_within",
    "command",
    "cool_down",
    "first_wait",
    "heal",
    "link_settle",
    "longest_wait",
    "maintenance",
    "probe_every",
    "recovered",
    "services",
    "settled",
];
const SERVICE_KEYS: &[&str] = &["command", "heal"];
const MAINTENANCE_KEYS: &[&str] = &["day", "from", "length", "service", "start", "until", "utc_offset"];

/// What a settings file says of supervision. What it does not say is `None` or empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SuperviseSettings {
    /// For services of which nothing else speaks.
    pub default: HealSettings,
    /// By service, or by `project/service`.
    pub services: BTreeMap<String, HealSettings>,
    /// Attempts before the breaker opens.
    pub attempts: Option<u32>,
    /// The time in which they are counted.
    pub attempts_within: Option<Duration>,
    /// The wait before the first attempt.
    pub first_wait: Option<Duration>,
    /// The longest wait.
    pub longest_wait: Option<Duration>,
    /// How long an open breaker allows nothing.
    pub cool_down: Option<Duration>,
    /// How long a service must be good to start anew.
    pub settled: Option<Duration>,
    /// How long it must be good to be told as recovered.
    pub recovered: Option<Duration>,
    /// How long an engine must be there before anything is done.
    pub link_settle: Option<Duration>,
    /// How often services are asked whether they do their work; nothing at all switches that off.
    pub probe_every: Option<Duration>,
    /// Times in which nothing is done or told.
    pub maintenance: Vec<Maintenance>,
}

/// What may be done to a service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HealSettings {
    /// The mode; `None` where nothing is said.
    pub heal: Option<HealChoice>,
    /// Program and arguments of [`HealChoice::Command`].
    pub command: Vec<String>,
}

/// A time in which nothing is done or told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maintenance {
    /// The only service that it is for.
    pub service: Option<String>,
    /// When.
    pub when: When,
}

/// When a maintenance window is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// Once.
    Once {
        /// The first moment.
        from: DateTime<Utc>,
        /// The first moment after it.
        until: DateTime<Utc>,
    },
    /// Each day, or one day of each week.
    Repeated {
        /// The day; `None` for each.
        day: Option<Weekday>,
        /// When it opens, on the clock of `offset`.
        start: NaiveTime,
        /// How long it is open, a week at most.
        length: Duration,
        /// The distance from UTC.
        offset: FixedOffset,
    },
}

/// Reads the table.
///
/// # Errors
/// Its first fault.
pub(super) fn supervise(at: &Field<'_>) -> Result<SuperviseSettings, SettingsError> {
    let mut settings = SuperviseSettings::default();
    for field in at.table("a table")? {
        match field.name() {
            "attempts" => settings.attempts = Some(field.count()?),
            "attempts_within" => settings.attempts_within = Some(field.length_from(SECOND)?),
            "command" => settings.default.command = command(&field)?,
            "cool_down" => settings.cool_down = Some(field.length_from(SECOND)?),
            "first_wait" => settings.first_wait = Some(field.length_from(SECOND)?),
            "heal" => settings.default.heal = Some(field.word(HealChoice::from_word, HealChoice::WORDS)?),
            "link_settle" => settings.link_settle = Some(field.length()?),
            "longest_wait" => settings.longest_wait = Some(field.length_from(SECOND)?),
            "maintenance" => {
                let tables = field.tables("tables, each begun with `[[supervise.maintenance]]`")?;
                settings.maintenance = tables.iter().map(maintenance).collect::<Result<_, _>>()?;
            }
            "probe_every" => settings.probe_every = Some(field.length()?),
            "recovered" => settings.recovered = Some(field.length()?),
            "services" => {
                for service in field.table("a table from service to table")? {
                    settings.services.insert(service.name().to_owned(), heal(&service)?);
                }
            }
            "settled" => settings.settled = Some(field.length_from(SECOND)?),
            _ => return Err(field.unknown(KEYS)),
        }
    }
    needs_command(at, &settings.default)?;
    Ok(settings)
}

const SECOND: Duration = Duration::from_secs(1);

fn heal(at: &Field<'_>) -> Result<HealSettings, SettingsError> {
    let mut settings = HealSettings::default();
    for field in at.table("a table")? {
        match field.name() {
            "command" => settings.command = command(&field)?,
            "heal" => settings.heal = Some(field.word(HealChoice::from_word, HealChoice::WORDS)?),
            _ => return Err(field.unknown(SERVICE_KEYS)),
        }
    }
    needs_command(at, &settings)?;
    Ok(settings)
}

fn command(field: &Field<'_>) -> Result<Vec<String>, SettingsError> {
    let words = field.names("a list of a program and its arguments")?;
    if words.first().is_none_or(String::is_empty) {
        return Err(field.bad("a list of a program and its arguments"));
    }
    Ok(words)
}

fn needs_command(at: &Field<'_>, settings: &HealSettings) -> Result<(), SettingsError> {
    if settings.heal == Some(HealChoice::Command) && settings.command.is_empty() {
        return Err(
            at.refused("`heal = \"command\"` without a `command`", "add `command = [\"program\", \"argument\"]`")
        );
    }
    Ok(())
}

fn maintenance(at: &Field<'_>) -> Result<Maintenance, SettingsError> {
    let (mut service, mut from, mut until) = (None, None, None);
    let (mut day, mut start, mut length, mut offset) = (None, None, None, None);
    for field in at.table("a table")? {
        match field.name() {
            "day" => day = Some(field.word(weekday, DAYS)?),
            "from" => from = Some(moment(&field)?),
            "length" => length = Some(field.length_from(SECOND)?).filter(|length| *length <= WEEK),
            "service" => service = Some(field.filled()?.to_owned()),
            "start" => start = Some(field.parsed("a time such as \"02:30\"", clock_time)?),
            "until" => until = Some(moment(&field)?),
            "utc_offset" => offset = Some(field.parsed("a distance from UTC such as \"+02:00\"", utc_offset)?),
            _ => return Err(field.unknown(MAINTENANCE_KEYS)),
        }
    }
    let is_repeated = day.is_some() || start.is_some() || length.is_some() || offset.is_some();
    let when = match (from, until, start, length) {
        (Some(from), Some(until), ..) if !is_repeated && from < until => When::Once { from, until },
        (None, None, Some(start), Some(length)) => {
            let utc = FixedOffset::east_opt(0);
            let Some(offset) = offset.or(utc) else { return Err(at.bad("a distance from UTC")) };
            When::Repeated { day: day.flatten(), start, length, offset }
        }
        _ => {
            return Err(at.refused(
                "a window is either `from` and a later `until`, or `start` and a `length` of at most a week",
                "write `start = \"02:00\"` and `length = \"1h\"`, with `day = \"sunday\"` where it is not each day",
            ));
        }
    };
    Ok(Maintenance { service, when })
}

const WEEK: Duration = Duration::from_hours(7 * 24);

const DAYS: &[&str] = &["daily", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

#[expect(clippy::option_option, reason = "no such word, every day, or one")]
fn weekday(word: &str) -> Option<Option<Weekday>> {
    match word {
        "daily" => Some(None),
        word if DAYS.contains(&word) => word.parse().ok().map(Some),
        _ => None,
    }
}

fn moment(field: &Field<'_>) -> Result<DateTime<Utc>, SettingsError> {
    let read = |text: &str| DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.to_utc());
    field.parsed("a moment such as \"2027-01-31T20:00:00+01:00\"", read)
}

fn clock_time(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S")).ok()
}

fn utc_offset(text: &str) -> Option<FixedOffset> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;
    use crate::config::parse_file;

    fn read(text: &str) -> Result<SuperviseSettings, String> {
        let layer = parse_file("stackctl.toml", text).map_err(|error| error.to_string())?;
        Ok(layer.supervise.unwrap_or_default())
    }

    #[test]
    fn reads_every_key() {
        let settings = read(
            "[supervise]\nheal = \"notify\"\nattempts = 3\nattempts_within = \"1h\"\nfirst_wait = \"5s\"\n\
             longest_wait = 60\ncool_down = \"10m\"\nsettled = \"5m\"\nrecovered = \"0s\"\nlink_settle = \"1s\"\nprobe_every = 0\n\
             [supervise.services.ollama]\nheal = \"restart\"\n\
             [supervise.services.\"voice/bus\"]\nheal = \"command\"\ncommand = [\"/bin/page\", \"me\"]\n",
        )
        .unwrap();
        assert_eq!((settings.default.heal, settings.attempts), (Some(HealChoice::Notify), Some(3)));
        assert_eq!(settings.longest_wait, Some(Duration::from_mins(1)));
        assert_eq!(settings.services["ollama"].heal, Some(HealChoice::Restart));
        assert_eq!(settings.services["voice/bus"].command, ["/bin/page", "me"]);
    }

    #[test]
    fn reads_windows_of_both_kinds() {
        let settings = read(
            "[[supervise.maintenance]]\nday = \"sunday\"\nstart = \"02:30\"\nlength = \"1h\"\nutc_offset = \"+02:00\"\n\
             [[supervise.maintenance]]\nservice = \"bus\"\nfrom = \"2027-01-31T20:00:00+01:00\"\nuntil = \"2027-01-31T21:00:00+01:00\"\n",
        )
        .unwrap();
        let (weekly, once) = (&settings.maintenance[0], &settings.maintenance[1]);
        assert!(
            matches!(weekly.when, When::Repeated { day: Some(Weekday::Sun), start, .. } if start.to_string() == "02:30:00")
        );
        assert_eq!(once.service.as_deref(), Some("bus"));
        assert!(matches!(once.when, When::Once { from, .. } if from.to_rfc3339() == "2027-01-31T19:00:00+00:00"));
    }

    #[test]
    fn wrong_values_say_what_is_taken() {
        for (text, words) in [
            ("[supervise]\nheal = \"reboot\"\n", "`supervise.heal` takes \"observe\""),
            ("[supervise]\nattempts = 0\n", "`supervise.attempts` takes"),
            ("[supervise]\nheel = 1\n", "unknown key `supervise.heel`"),
            ("[supervise]\nheal = \"command\"\n", "without a `command`"),
            ("[supervise]\ncommand = []\n", "a program and its arguments"),
            ("[[supervise.maintenance]]\nstart = \"25:00\"\nlength = \"1h\"\n", "a time such as"),
            ("[[supervise.maintenance]]\nstart = \"02:00\"\n", "a window is either"),
            ("[[supervise.maintenance]]\nstart = \"02:00\"\nlength = \"30d\"\n", "a window is either"),
            ("[[supervise.maintenance]]\nday = \"someday\"\n", "takes \"daily\""),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
