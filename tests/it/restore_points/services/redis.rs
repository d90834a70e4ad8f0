// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A server of Redis that appends to a file, and a client that lives in its network and goes on writing keys.

use super::{check, on_engines_with_services};

const SERVER: &str = "exec redis-server --bind 127.0.0.1 --dir /data --appendonly yes --save ''";

/// `k1`, `k2` and so on, each with a value that no other run gives it. A key that is missing in the middle stays missing:
/// the next number is then one that is taken.
const WRITER: &str = "while sleep 0.05; do n=$(redis-cli dbsize 2>/dev/null); case $n in ''|*[!0-9]*) continue;; esac; \
                      redis-cli setnx k$((n + 1)) $(head -c 8 /dev/urandom | od -An -tx8) >/dev/null; done";

fn values(count: u64) -> String {
    format!("for i in $(seq {count}); do echo get k$i; done | redis-cli")
}

#[test]
fn flushed_keys_of_redis_come_back() {
    on_engines_with_services("redis", |services| {
        services.make_volume("data");
        let server = services.start("db", SERVER, &["data"], |plan| {
            plan.health_check = Some(check("redis-cli ping | grep -q PONG"));
        });
        services.wait_healthy(&server);
        services.start("writer", WRITER, &[], |plan| plan.network_mode = format!("container:{server}"));
        let before = services.wait_above(10, &server, "redis-cli dbsize");
        let kept = services.ask(&server, &values(before));

        assert!(services.back_up(&[]).contains("1 volume"));
        services.wait_healthy(&server);
        let after = services.count(&server, "redis-cli dbsize");
        // It was started anew in the network that is new too.
        services.wait_above(after, &server, "redis-cli dbsize");

        services.ask(&server, "redis-cli flushall");
        assert_ne!(services.ask(&server, &values(before)), kept);
        services.restore();
        services.wait_healthy(&server);
        assert_eq!(services.lab.running(), ["db", "writer"]);
        assert_eq!(services.ask(&server, &values(before)), kept);
        let count = services.wait_above(before - 1, &server, "redis-cli dbsize");
        services.wait_above(count, &server, "redis-cli dbsize");
        let missing = format!("{} | grep -c '^$' || true", values(count));
        assert_eq!(services.count(&server, &missing), 0, "{count} keys without a gap");
    });
}
