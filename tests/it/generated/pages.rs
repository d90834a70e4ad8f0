// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The generated pages and where each lies.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use stackctl::cli;
use stackctl::config::{self, env};
use stackctl::exit::Exit;
use stackctl::output::render::guide;
use stackctl::rules::{self, Persona};
use stackctl::tui::command::{Place, TABLE};
use stackctl::tui::look::Theme;
use stackctl::tui::panel::stack::COLUMNS;

const TAG: &str = "AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices";
const NOTICE: &str = "Made from the program itself; do not edit.";

/// Every generated page, by name.
pub(super) fn all() -> BTreeMap<String, String> {
    let mut pages: BTreeMap<String, String> = rules::registry()
        .iter()
        .map(|rule| (format!("guides/rules/{}.md", rule.meta.name), guide::rule_page(rule.meta)))
        .collect();
    let mut reference = |name: &str, text: String| pages.insert(format!("guides/reference/{name}.md"), text);
    reference("cli", cli::reference::cli_reference(&cli::command()));
    reference("exit-codes", exit_codes());
    reference("env", environment());
    reference("config", configuration());
    reference("dashboard", dashboard());
    reference("rules", rule_table());
    pages.extend(manual());
    pages
}

fn page(title: &str) -> String {
    format!("<!-- {TAG} -->\n# {title}\n\n{NOTICE}\n\n")
}

fn exit_codes() -> String {
    let mut page = page("Exit status");
    page.push_str("| Status | Meaning |\n|---|---|\n");
    for exit in Exit::ALL {
        let _ = writeln!(page, "| {} | {} |", exit.code(), exit.meaning());
    }
    page.push_str(
        "\n`config` answers every refusal of a file with 1, as Compose does, a missing file too.\n\
         A broken pipe is no error: the run ends silently.\n",
    );
    page
}

fn environment() -> String {
    let mut page = page("Environment variables");
    page.push_str(
        "A flag beats the variable, the variable beats `stackctl.toml`. An empty value counts as unset.\n\n\
         | Variable | What it sets | Since |\n|---|---|---|\n",
    );
    for variable in env::VARIABLES {
        let _ = writeln!(page, "| `{}` | {} | {} |", variable.name, variable.about, variable.since);
    }
    page.push_str(
        "\nThe variables of Compose that name files, projects and profiles (`COMPOSE_FILE`, `COMPOSE_PROJECT_NAME`, \
         `COMPOSE_PROFILES` and their like) mean what they mean there. `NO_COLOR` switches colour off.\n",
    );
    page
}

fn configuration() -> String {
    let mut page = page("Settings file");
    let _ = writeln!(
        page,
        "`{}` is searched from the folder of the compose file up to the root of the git repository. A key that is not\n\
         listed is an error with a suggestion. Every key but the tables has a variable and most have a flag that beat it.\n\n\
         | Key | What it sets | Variable |\n|---|---|---|",
        config::FILE_NAME
    );
    for key in config::KEYS {
        let name = format!("STACKCTL_{}", key.to_ascii_uppercase());
        let variable = env::VARIABLES.iter().find(|variable| variable.name == name);
        let (about, shown) = match variable {
            Some(variable) => (variable.about.replace(", separated by commas", ", as a list"), format!("`{name}`")),
            None => (table(key).to_owned(), String::new()),
        };
        let _ = writeln!(page, "| `{key}` | {about} | {shown} |");
    }
    page.push_str(
        "\n```toml\nfail_on = \"warning\"\nmax_file_size = \"16MiB\"\n\n[rules]\nimage-digest-missing = \"warning\"\n\
         restart-policy-missing = \"off\"\n```\n",
    );
    page.push_str(
        "\n## `[backup]`\n\n| key | what it sets | built in |\n|---|---|---|\n\
         | `keep_last` | how many of the newest sets are kept | none |\n\
         | `keep_daily`, `keep_weekly`, `keep_monthly` | of so many days, weeks, months the newest set is kept | none |\n\
         | `prune` | whether sets that no rule keeps are removed after each backup, as with `backup --prune` | `false` |\n\
         | `max_age` | the age of the newest verified set from which `doctor` warns | `8d` |\n\n\
         `backup prune` takes these rules where it is given none. Protected sets and the newest verified complete one are\n\
         never removed.\n",
    );
    page
}

fn dashboard() -> String {
    let mut page = page("Dashboard");
    let columns = COLUMNS.map(|(_, name, ..)| format!("`{name}`")).join(", ");
    let themes = Theme::NAMES.map(|name| format!("`{name}`")).join(", ");
    let _ = write!(
        page,
        "`stackctl dashboard`, or `stackctl tui`. `--plain` prints the table once, without a screen. Below 30 columns or 8 rows \
         there is one line alone. `NO_COLOR` leaves every colour out; the chosen line is turned round and marked by `>` all \
         the same.\n\n\
         In `stackctl.toml`:\n\n```toml\n[dashboard]\ntheme = \"contrast\"\nsigns = \"ascii\"\ncolumns = [\"cpu\", \
         \"memory\", \"since\"]\n\n[dashboard.keys]\nrestart = [\"ctrl-r\", \"f6\"]\n```\n\n\
         - `theme`: {themes}\n- `signs`: `unicode`, `ascii`; built in: as the locale says\n- `columns`: in their order; \
         `service` and `health` are always there: {columns}\n- `keys`: lists of keys by command. A key is a letter with its \
         case, `enter`, `esc`, `tab`, `space`, `up`, `pgdn`, `home`, `f1`, …, with `ctrl-` or `alt-` before it. A key given \
         anew is taken away from who had it; `ctrl-c` always leaves.\n"
    );
    for (place, title) in
        [(Place::Everywhere, "Everywhere"), (Place::Services, "Stack, health and graph"), (Place::Logs, "Logs")]
    {
        let _ = write!(page, "\n## {title}\n\n| command | keys | what it does |\n|---|---|---|\n");
        for row in TABLE.iter().filter(|row| row.place == place) {
            let keys = row.keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" ");
            let _ = writeln!(page, "| `{}` | {keys} | {} |", row.name, row.help);
        }
    }
    page
}

/// What a key sets that has no variable.
fn table(key: &str) -> &'static str {
    match key {
        "dashboard" => "a table: colours, signs, columns and keys of the screen (see dashboard.md)",
        "mqtt" => "a table: the MQTT broker that is told (see sinks.md)",
        "prometheus" => "a table: where metrics are served (see sinks.md)",
        "rules" => "a table from rule to level: `error`, `warning`, `info` or `off`",
        "backup" => "a table: which restore points are kept, and how old the newest may grow (see below)",
        "supervise" => "a table: what the supervisor may do (see supervise.md)",
        "webhook" => "tables, each begun with `[[webhook]]`: servers that are told (see sinks.md)",
        other => panic!("`{other}` is not described"),
    }
}

fn rule_table() -> String {
    let mut page = page("Rules");
    page.push_str("| Rule | Level | Persona | What it finds | Since |\n|---|---|---|---|---|\n");
    for rule in rules::registry() {
        let meta = rule.meta;
        let persona = match meta.persona {
            Persona::Default => "default",
            Persona::Pedantic => "pedantic",
        };
        let _ = writeln!(
            page,
            "| [{name}](../rules/{name}.md) | {} | {persona} | {} | {} |",
            meta.level.as_str(),
            meta.summary,
            meta.since,
            name = meta.name,
        );
    }
    page
}

/// One manual page a command, without version and date so that they change only when the program does.
fn manual() -> Vec<(String, String)> {
    let mut command = cli::command().version(None::<&str>).disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    let mut open = vec![command];
    while let Some(command) = open.pop() {
        let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
        let mut text = Vec::new();
        clap_mangen::Man::new(command.clone())
            .date("")
            .source("stackctl")
            .render(&mut text)
            .expect("memory can be written");
        let text = String::from_utf8(text).expect("UTF-8");
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        pages.push((format!("guides/man/{name}.1"), format!(".\\\" {TAG}\n{}\n", lines.join("\n"))));
        open.extend(command.get_subcommands().filter(|inner| !inner.is_hide_set()).cloned());
    }
    pages
}
