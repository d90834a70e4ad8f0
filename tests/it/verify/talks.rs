// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Probes of listeners on loopback, over the real network.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use stackctl::app::probe::{Outside, ProbeOutcome, ProbeResult, Side, Target, probe};
use stackctl::health::Timestamp;
use stackctl::health::functional::ProbeUrl;
use stackctl::health::verdict::Degraded;
use stackctl::sys::engine::{ContainerDetail, ContainerState};
use stackctl::sys::os::OsFiles;
use stackctl::sys::os::net::{OsHttp, OsTalker};

/// Far above what any answer takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// A listener that answers each connection so, for as long as the test runs.
fn serve(answer: impl Fn(TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            answer(stream);
        }
    });
    address
}

/// Reads what is asked, up to a line feed, and gives it.
fn asked(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let mut byte = [0];
    while !read.ends_with(b"\n") && stream.read(&mut byte).is_ok_and(|count| count == 1) {
        read.push(byte[0]);
    }
    String::from_utf8_lossy(&read).into_owned()
}

/// A listener that says this to whatever it is asked.
fn says(answer: &'static str) -> SocketAddr {
    serve(move |mut stream| {
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(answer.as_bytes());
    })
}

/// An Ollama whose one model is on the processor.
fn ollama() -> SocketAddr {
    serve(|mut stream| {
        let line = asked(&mut stream);
        let body = match line.split(' ').nth(1) {
            Some("/api/version") => r#"{"version":"0.35.1"}"#,
            Some("/api/ps") => r#"{"models":[{"name":"m:1","size":100,"size_vram":0}]}"#,
            _ => "",
        };
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        let _ = stream.write_all(format!("{head}{body}").as_bytes());
    })
}

/// A websocket that greets with this text. The answer to the key is that of RFC 6455, made by the library.
fn websocket(greeting: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    listener.set_nonblocking(true).expect("a listener that does not block");
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            let (stream, _) = listener.accept().await.expect("a connection");
            let mut socket = tokio_tungstenite::accept_async(stream).await.expect("a handshake");
            let message = tokio_tungstenite::tungstenite::Message::text(greeting);
            futures_util::SinkExt::send(&mut socket, message).await.expect("a greeting");
            let _ = futures_util::StreamExt::next(&mut socket).await;
        });
    });
    address
}

fn ask(url: &str, devices: &[&str], step: Duration) -> ProbeOutcome {
    let wish = ProbeUrl::parse(url).expect("a probe");
    let detail = ContainerDetail {
        state: ContainerState { running: true, ..ContainerState::default() },
        devices: devices.iter().map(|path| (*path).to_owned()).collect(),
        ..ContainerDetail::default()
    };
    let http = OsHttp::new(&OsFiles, None);
    let target =
        Target { detail: &detail, known: None, wish: Some(&wish), side: &Side::Here, now: Timestamp::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(probe(target, Outside { http: &http, talker: &OsTalker, step }))
}

#[track_caller]
fn works(url: &str) -> String {
    match ask(url, &[], PATIENCE).result {
        ProbeResult::Works { said } => said,
        other => panic!("{url}: {other:?}"),
    }
}

#[track_caller]
fn fails(url: &str, step: Duration) -> String {
    match ask(url, &[], step).result {
        ProbeResult::Faulty { fault: Degraded::NotWorking { detail, .. } } => detail,
        other => panic!("{url}: {other:?}"),
    }
}

#[test]
fn services_that_work_are_heard() {
    let bus = websocket(r#"{"type":"connected","data":{}}"#);
    assert_eq!(works(&format!("ws://{bus}/core#connected")), "it greets with `connected`");
    let whisper = says("{\"type\":\"info\",\"data_length\":2}\n{}");
    assert_eq!(works(&format!("wyoming://{whisper}")), "it describes itself");
    assert_eq!(works(&format!("redis://{}", says("-NOAUTH Authentication required.\r\n"))), "it asks for a password");
    assert_eq!(works(&format!("tcp://{whisper}")), "the connection was taken");
    assert!(works(&format!("ollama://{}", ollama())).contains("`m:1` on the processor"));
}

#[test]
fn a_gpu_that_is_lost_is_seen() {
    let outcome = ask(&format!("ollama://{}", ollama()), &["/dev/nvidia0"], PATIENCE);
    assert_eq!(outcome.functional().and_then(|result| result.fault), Some(Degraded::GpuLost));
}

#[test]
fn garbage_is_a_fault_of_whoever_says_it() {
    let greeting = fails(&format!("ws://{}/core#connected", websocket("hello")), PATIENCE);
    assert_eq!(greeting, "it greets with `hello`, which is no JSON");
    let garbage = says("\u{0}\u{1}garbage\n\n");
    assert!(fails(&format!("wyoming://{garbage}"), PATIENCE).contains("no line of Wyoming"));
    assert!(fails(&format!("http://{garbage}/"), PATIENCE).starts_with("no HTTP answer"));
    assert!(fails(&format!("ws://{garbage}/"), PATIENCE).contains("no websocket"));
    assert!(fails(&format!("mqtt://{}", says("HTTP/1.1 400 Bad Request\r\n\r\n")), PATIENCE).contains("no MQTT"));
    let closing = serve(drop);
    assert!(fails(&format!("postgres://{closing}"), PATIENCE).contains("connection"));
}

#[test]
fn silence_ends_after_its_step_whatever_is_spoken() {
    let kept = std::sync::Mutex::new(Vec::new());
    let silent = serve(move |stream| kept.lock().expect("the list").push(stream));
    for scheme in ["http", "ws", "wyoming", "ollama", "mqtt", "redis", "postgres"] {
        let detail = fails(&format!("{scheme}://{silent}"), Duration::from_millis(300));
        assert!(detail.contains("within 0.3 s"), "{scheme}: {detail}");
    }
}

#[test]
fn an_address_that_was_named_and_refuses_is_a_fault() {
    // Bound, and not listening: nobody else can get the port meanwhile.
    let closed = tokio::net::TcpSocket::new_v4().expect("a socket");
    closed.bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
    let address = closed.local_addr().expect("an address");
    for scheme in ["http", "ws", "tcp"] {
        assert_eq!(fails(&format!("{scheme}://{address}"), PATIENCE), format!("{address}: connection refused"));
    }
}
