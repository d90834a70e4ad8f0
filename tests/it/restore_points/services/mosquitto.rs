// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A broker that keeps retained messages, and those for subscribers that are away.

use super::{check, on_engines_with_services};

const BROKER: &str = "printf '%s\\n' 'listener 1883 127.0.0.1' 'allow_anonymous true' 'persistence true' \
                      'persistence_location /data/' >/tmp/conf && exec mosquitto -c /tmp/conf";

fn publish(words: &str) -> String {
    format!("mosquitto_pub -h 127.0.0.1 -q 1 {words}")
}

/// The first message of a topic; `-W` is the net.
fn hear(words: &str) -> String {
    format!("mosquitto_sub -h 127.0.0.1 -q 1 -C 1 -W 60 {words}")
}

#[test]
fn a_retained_message_of_mosquitto_comes_back() {
    on_engines_with_services("mosquitto", |services| {
        services.make_volume("data");
        let broker = services.start("broker", BROKER, &["data"], |plan| {
            plan.health_check = Some(check("mosquitto_sub -h 127.0.0.1 -t '$SYS/broker/version' -C 1 -W 4"));
        });
        services.wait_healthy(&broker);
        services.ask(&broker, &publish("-r -t lab/lamp -m first"));
        // Somebody who subscribes, goes away, and is sent something.
        let away = "-c -i away -t lab/mail";
        services.ask(&broker, &format!("mosquitto_sub -h 127.0.0.1 -q 1 -E {away}"));
        services.ask(&broker, &publish("-t lab/mail -m letter"));

        assert!(services.back_up(&[]).contains("1 volume"));
        services.wait_healthy(&broker);
        assert_eq!(services.ask(&broker, &hear("-t lab/lamp")), "first");

        services.ask(&broker, &publish("-r -t lab/lamp -m second"));
        assert_eq!(services.ask(&broker, &hear("-t lab/lamp")), "second");
        assert_eq!(services.ask(&broker, &hear(away)), "letter");
        services.restore();
        services.wait_healthy(&broker);
        assert_eq!(services.ask(&broker, &hear("-t lab/lamp")), "first");
        assert_eq!(services.ask(&broker, &hear(away)), "letter");
    });
}
