// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A server of `PostgreSQL`, and a client that goes on inserting rows by way of a socket in a volume of its own.

use stackctl::sys::engine::{Engine as _, Labels};

use super::super::super::support::stage::NOW;
use super::{Services, check, on_engines_with_services};
use stackctl::sys::engine::Deadline;

/// What it says goes beside the data.
const SERVER: &str = "[ -s /data/PG_VERSION ] || \
                      initdb --no-locale -E UTF8 --auth=trust -U app --wal-segsize=1 -D /data >/dev/null && \
                      exec postgres -D /data -k /sock -c listen_addresses= -c jit=off 2>>/sock/log";

/// One row after the other, each a transaction and a connection of its own; fails as long as there is no table or no server.
const WRITER: &str = "while :; do psql -h /sock -U app -d postgres -qc \
                      'insert into rows (id) select coalesce(max(id), 0) + 1 from rows' 2>/dev/null; sleep 0.05; done";

const COUNT: &str = "select count(*) from rows";

fn query(text: &str) -> String {
    format!("psql -h /sock -U app -d postgres -v ON_ERROR_STOP=1 -qAtc \"{text}\"")
}

/// What is said of a server that was not ended.
const RECOVERED: &str = "database system was not properly shut down; automatic recovery in progress";

/// Backs up under a writer, drops the table, and restores. Gives what the server said. `class` is that of the volume
/// with the socket, which makes so many `volumes` in the restore point.
fn comes_back(services: &Services<'_>, arguments: &[&str], (class, volumes): (&str, &str)) -> String {
    services.make_volume("data");
    services.make_volume("sock");
    let server = services.start("db", SERVER, &["data", "sock"], |plan| {
        plan.health_check = Some(check("pg_isready -qh /sock && psql -h /sock -U app -d postgres -qc 'select 1'"));
        plan.labels.extend(Labels::from([("stackctl.backup".to_owned(), format!("sock={class}"))]));
    });
    services.wait_healthy(&server);
    services
        .ask(&server, &query("create table rows (id int primary key, word text not null default md5(random()::text))"));
    let writer = services.start("writer", WRITER, &["sock:ro"], |_| ());
    let before = services.wait_above(10, &server, &query(COUNT));
    let of_before = query(&format!("select id, word from rows where id <= {before} order by id"));
    let rows = services.ask(&server, &of_before);

    let made = services.back_up(arguments);
    assert!(made.contains(volumes), "{made}");
    services.wait_healthy(&server);
    let after = services.count(&server, &query(COUNT));
    services.wait_above(after, &server, &query(COUNT));

    // Who does not run stays so, and then the count is that of the restore point.
    services.stage().does(services.stage().engine.stop_container(&writer, NOW, Deadline::CHANGE));
    services.ask(&server, &query("drop table rows"));
    services.ask(&server, "rm /sock/log; : >/sock/log");
    services.restore();
    services.wait_healthy(&server);
    let count = services.count(&server, &query(COUNT));
    assert!((before..=after).contains(&count), "{count} of {before} to {after}");
    assert_eq!(services.ask(&server, &query("select min(id), max(id) from rows")), format!("1|{count}"));
    assert_eq!(services.ask(&server, &of_before), rows);
    services.ask(&server, "pg_amcheck -h /sock -U app --install-missing --heapallindexed postgres");

    let said = services.ask(&server, "cat /sock/log");
    services.stage().does(services.stage().engine.start_container(&writer, Deadline::CHANGE));
    services.wait_above(count, &server, &query(COUNT));
    said
}

#[test]
fn a_dropped_table_of_postgres_comes_back() {
    on_engines_with_services("postgres", |services| {
        let said = comes_back(services, &[], ("ephemeral", "1 volume"));
        assert!(said.contains("ready to accept connections") && !said.contains(RECOVERED), "{said}");
    });
}

#[test]
fn postgres_recovers_from_what_was_read_while_it_was_frozen() {
    on_engines_with_services("postgres-pause", |services| {
        // The socket is in use when it is read, and is in the way of the server that finds it again.
        let said = comes_back(services, &["--quiesce", "pause"], ("critical", "2 volumes"));
        assert!(said.contains(RECOVERED), "{said}");
    });
}
