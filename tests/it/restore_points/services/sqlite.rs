// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A program that has a database of `SQLite` open and goes on inserting rows. It ends like most: without closing it, so
//! that what it wrote lies in the write-ahead log.

use super::{check, on_engines_with_services};

const PROGRAM: &str = "[ -p /tmp/in ] || mkfifo /tmp/in; { echo 'pragma journal_mode = wal; pragma wal_autocheckpoint = 0; \
                       create table if not exists rows (id integer primary key, word text not null);'; \
                       while sleep 0.05; do echo 'insert into rows (word) values (hex(randomblob(16)));'; done; } >/tmp/in & \
                       exec sqlite3 -cmd '.timeout 20000' /data/app.db </tmp/in >/dev/null";

fn query(text: &str) -> String {
    format!("sqlite3 -cmd '.timeout 20000' /data/app.db '{text}'")
}

#[test]
fn deleted_rows_of_sqlite_come_back() {
    on_engines_with_services("sqlite", |services| {
        services.make_volume("data");
        let count_all = query("select count(*) from rows");
        let program = services.start("app", PROGRAM, &["data"], |plan| plan.health_check = Some(check(&count_all)));
        services.wait_healthy(&program);
        let before = services.wait_above(10, &program, &count_all);
        let of_before = query(&format!("select id, word from rows where id <= {before} order by id"));
        let rows = services.ask(&program, &of_before);
        // The database without its log does not have them.
        services.ask(&program, "test -s /data/app.db-wal && cp /data/app.db /tmp/alone.db");
        let alone = services.try_ask(&program, "sqlite3 /tmp/alone.db 'select count(*) from rows'");
        let alone = String::from_utf8_lossy(&alone.stdout).trim().parse().unwrap_or(0_u64);
        assert!(alone < before, "{alone} of {before}");

        assert!(services.back_up(&[]).contains("1 volume"));
        services.wait_healthy(&program);
        services.wait_above(before, &program, &count_all);

        services.ask(&program, &query("delete from rows where id > 3"));
        assert_ne!(services.ask(&program, &of_before), rows);
        services.restore();
        services.wait_healthy(&program);
        assert_eq!(services.ask(&program, &query("pragma integrity_check")), "ok");
        assert_eq!(services.ask(&program, &of_before), rows);
        let count = services.wait_above(before, &program, &count_all);
        services.wait_above(count, &program, &count_all);
        let gaps = query("select count(*) - max(id) from rows");
        assert_eq!(services.count(&program, &gaps), 0, "rows without a gap");
    });
}
