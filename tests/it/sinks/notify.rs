// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `stackctl notify test`.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use super::super::support::{Sandbox, shared_broker};

/// A server that answers one request with this status, and the address of it.
fn server(status: u16) -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/T0/secret", listener.local_addr().unwrap());
    let serving = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut heard = Vec::new();
        let mut bytes = [0; 4096];
        while !heard.ends_with(b"}") {
            let length = stream.read(&mut bytes).unwrap();
            heard.extend_from_slice(&bytes[..length]);
        }
        let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        stream.write_all(answer.as_bytes()).unwrap();
        String::from_utf8(heard).unwrap()
    });
    (url, serving)
}

fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

#[test]
fn each_sink_gets_one_message_and_a_line() {
    let (url, serving) = server(200);
    let settings = format!(
        "[prometheus]\nlisten = \"{}\"\n[[webhook]]\nurl_file = \"hook\"\ntoken_file = \"token\"\n",
        free_address()
    );
    let sandbox = Sandbox::new().file("stackctl.toml", settings).file("hook", format!("{url}\n"));
    let sandbox = sandbox.file("token", "t0ken\n");
    let ended = sandbox.run(&["notify", "test", "--format", "json"]).expect(0);
    let json = ended.json();
    assert_eq!([&json["schema"], &json["run_id"]], ["stackctl/notify/v1", super::super::support::RUN_ID]);
    assert_eq!([&json["sinks"][0]["sink"], &json["sinks"][1]["sink"]], ["prometheus", "webhook"]);
    assert_eq!([&json["ok"], &json["sinks"][0]["ok"], &json["sinks"][1]["ok"]], [true, true, true]);
    let heard = serving.join().unwrap();
    assert!(heard.contains("authorization: Bearer t0ken") && heard.contains(r#""kind":"test""#), "{heard}");
    for text in [&ended.stdout, &ended.stderr] {
        assert!(!text.contains("secret") && !text.contains("t0ken"), "{text}");
    }
}

#[test]
fn a_failure_is_told_and_no_secret_with_it() {
    let (url, serving) = server(403);
    let sandbox = Sandbox::new();
    let run = sandbox.stackctl(&["notify", "test", "--log-level", "trace"]).env("STACKCTL_WEBHOOK_URL", &url);
    let ended = run.env("STACKCTL_WEBHOOK_TOKEN", "t0ken").run().expect(1);
    serving.join().unwrap();
    assert!(ended.stdout.contains("webhook") && ended.stdout.contains("HTTP status 403"), "{}", ended.stdout);
    for text in [&ended.stdout, &ended.stderr] {
        assert!(!text.contains("secret") && !text.contains("t0ken"), "{text}");
    }
}

#[test]
fn nobody_to_be_told_is_an_error_with_the_way_out() {
    let ended = Sandbox::new().run(&["notify", "test"]).expect(2);
    assert!(ended.stderr.contains("error[sinks_none]"), "{}", ended.stderr);
    for word in ["[prometheus]", "[mqtt]", "[[webhook]]"] {
        assert!(ended.stderr.contains(word), "{}", ended.stderr);
    }
    let sandbox = Sandbox::new().file("stackctl.toml", "[prometheus]\n");
    let ended = sandbox.run(&["notify", "test", "--sink", "mqtt"]).expect(2);
    assert!(ended.stderr.contains("error[sink_unknown]") && ended.stderr.contains("there are: prometheus"));
    let sandbox = Sandbox::new().file("stackctl.toml", "[[webhook]]\nurl_file = \"none\"\n");
    let ended = sandbox.run(&["notify", "test"]).expect(2);
    assert!(ended.stderr.contains("error[sink_secret_unreadable]"), "{}", ended.stderr);
}

#[test]
fn an_address_that_is_taken_is_a_failure() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    // Whoever has it is no supervisor, and does not even answer.
    let serving = thread::spawn(move || drop(taken.accept()));
    let sandbox = Sandbox::new().file("stackctl.toml", format!("[prometheus]\nlisten = \"{address}\"\n"));
    let ended = sandbox.run(&["notify", "test"]).expect(1);
    assert!(ended.stdout.contains("cannot listen"), "{}", ended.stdout);
    serving.join().unwrap();
}

#[test]
fn a_broker_gets_a_message_that_nobody_keeps() {
    let Some(broker) = shared_broker() else { return };
    let sandbox = Sandbox::new().file("stackctl.toml", format!("[mqtt]\nbroker = \"mqtt://{broker}\"\n"));
    let ended = sandbox.run(&["notify", "test", "--sink", "mqtt"]).expect(0);
    assert!(ended.stdout.contains("message sent"), "{}", ended.stdout);
}
