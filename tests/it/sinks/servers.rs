// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Webhooks to servers of every temper, and metrics over a real connection.

use std::cell::RefCell;
use std::rc::Rc;

use stackctl::sys::net::{HttpClient as _, HttpRequest};
use stackctl::sys::os::OsFiles;
use stackctl::sys::os::net::OsHttp;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{PATIENCE, bad, picture, sick, sinks, until, view};

/// What a server does, one connection after the other; the last for ever.
#[derive(Clone, Copy)]
enum Temper {
    Status(u16),
    Hangs,
}

/// A server on a port of its own that keeps what it was told.
struct Server {
    listener: TcpListener,
    heard: Rc<RefCell<Vec<String>>>,
}

impl Server {
    async fn new() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.unwrap(), heard: Rc::default() }
    }

    fn url(&self) -> String {
        format!("http://{}/hook/secret", self.listener.local_addr().unwrap())
    }

    fn count(&self) -> usize {
        self.heard.borrow().len()
    }

    /// Serves until dropped.
    async fn serve(&self, tempers: &[Temper]) {
        let mut open = Vec::new();
        for at in 0.. {
            let (mut stream, _) = self.listener.accept().await.unwrap();
            let mut heard = Vec::new();
            let mut bytes = [0; 4096];
            // Bodies here are JSON: an object that has ended has come whole.
            while !heard.ends_with(b"}") {
                match stream.read(&mut bytes).await {
                    Ok(length @ 1..) => heard.extend_from_slice(&bytes[..length]),
                    _ => break,
                }
            }
            self.heard.borrow_mut().push(String::from_utf8_lossy(&heard).into_owned());
            match tempers[at.min(tempers.len() - 1)] {
                Temper::Hangs => open.push(stream),
                Temper::Status(status) => {
                    let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
            }
        }
    }
}

fn webhooks(urls: &[&str]) -> String {
    urls.iter().map(|url| format!("[[webhook]]\nurl = \"{url}\"")).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_hanging_and_a_missing_server_hold_up_nobody_and_not_the_end() {
    let (hanging, good) = (Server::new().await, Server::new().await);
    let nobody = Server::new().await.url();
    let http = OsHttp::new(&OsFiles, None);
    let text = webhooks(&[&hanging.url(), &nobody, &good.url()]);
    let sinks = sinks(&text, &http, "lab");
    let cancelled = CancellationToken::new();
    let steps = async {
        for number in 0..2000 {
            sinks.tell(&bad(number, &format!("s{number}")));
        }
        until("the good server is told", || sinks.states()[2].waiting == 0).await;
        until("the hanging server is asked", || hanging.count() > 0).await;
        until("the missing server is missed", || sinks.states()[1].last_error.is_some()).await;
        cancelled.cancel();
    };
    let all = async {
        tokio::join!(sinks.run(&cancelled), steps);
    };
    tokio::select! {
        () = all => {}
        () = hanging.serve(&[Temper::Hangs]) => {}
        () = good.serve(&[Temper::Status(200)]) => {}
        () = tokio::time::sleep(PATIENCE) => panic!("it does not end"),
    }
    let states = sinks.states();
    assert_eq!((states[0].delivered, states[1].delivered), (0, 0));
    assert_eq!(states[2].delivered + states[2].dropped, 2000);
    assert!(states.iter().all(|state| !format!("{state:?}").contains("secret")), "{states:?}");
}

#[tokio::test]
async fn a_failing_server_is_asked_again_and_gets_it_once() {
    let server = Server::new().await;
    let http = OsHttp::new(&OsFiles, None);
    let sinks = sinks(&webhooks(&[&server.url()]), &http, "lab");
    let cancelled = CancellationToken::new();
    let steps = async {
        sinks.tell(&bad(1, "bus"));
        until("it is delivered", || sinks.states()[0].delivered == 1).await;
        cancelled.cancel();
    };
    let all = async {
        tokio::join!(sinks.run(&cancelled), steps);
    };
    tokio::select! {
        () = all => {}
        () = server.serve(&[Temper::Status(500), Temper::Status(200)]) => {}
    }
    assert_eq!((server.count(), sinks.states()[0].failed), (2, 1));
    let heard = server.heard.borrow();
    assert!(heard[1].starts_with("POST /hook/secret HTTP/1.1\r\n"), "{heard:?}");
    assert!(heard[1].contains(r#""schema":"stackctl/notice/v1""#) && heard[1].contains(r#""service":"bus""#));
}

#[tokio::test]
async fn metrics_are_fetched_and_change_live() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let http = OsHttp::new(&OsFiles, None);
    let sinks = sinks(&format!("[prometheus]\nlisten = \"{free}\"\n"), &http, "lab");
    let cancelled = CancellationToken::new();
    let ask = async |path: &str| {
        let request = HttpRequest::get(format!("http://{free}{path}"), 1 << 20);
        let answer = http.exchange(&request, PATIENCE).await.unwrap();
        (answer.status, String::from_utf8(answer.body).unwrap())
    };
    let series = "stackctl_service_state{context=\"default\",project=\"voice\",service=\"bus\",number=\"1\",state=";
    let steps = async {
        // The port is taken in the first step of the run.
        tokio::task::yield_now().await;
        assert_eq!(ask("/health").await.0, 200);
        assert_eq!(ask("/ready").await.0, 503);
        sinks.show(picture(vec![view("bus")]));
        assert_eq!(ask("/ready").await.0, 200);
        assert!(ask("/metrics").await.1.contains(&format!("{series}\"ok\"}} 1\n")));
        sinks.show(picture(vec![sick("bus", "fails")]));
        let (status, text) = ask("/metrics").await;
        assert_eq!(status, 200);
        assert!(text.contains(&format!("{series}\"ok\"}} 0\n")), "{text}");
        assert!(text.contains(&format!("{series}\"unhealthy\"}} 1\n")), "{text}");
        cancelled.cancel();
    };
    tokio::join!(sinks.run(&cancelled), steps);
}
