// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A small client of Prometheus's kind: fetches, and reads the text format strictly.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Instant;

use super::stage::PATIENCE;

/// Samples by name and labels, as they are written.
pub(crate) type Samples = BTreeMap<String, String>;

/// Metrics at an address of this machine.
#[derive(Debug)]
pub(crate) struct Scraper {
    port: u16,
}

impl Scraper {
    /// At a port that nobody has.
    pub(crate) fn new() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        Self::at(listener.local_addr().expect("an address").port())
    }

    pub(crate) fn at(port: u16) -> Self {
        Self { port }
    }

    /// The settings that have metrics served here.
    pub(crate) fn settings(&self) -> String {
        format!("[prometheus]\nlisten = \"127.0.0.1:{}\"\n", self.port)
    }

    /// Status, content type and body; `None` while nobody listens.
    pub(crate) fn get(&self, path: &str) -> Option<(u16, String, String)> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let of = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().to_owned();
        assert_eq!(of("content-length: "), body.len().to_string(), "{answer}");
        Some((status, of("content-type: "), body.to_owned()))
    }

    /// Waits until the metrics are as they should be.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, is: impl Fn(&Samples) -> bool) -> Samples {
        let begin = Instant::now();
        loop {
            let samples = self.get("/metrics").map(|(status, kind, text)| {
                assert_eq!((status, kind.as_str()), (200, "text/plain; version=0.0.4; charset=utf-8"));
                read(&text)
            });
            match samples {
                Some(samples) if is(&samples) => return samples,
                samples => assert!(begin.elapsed() < PATIENCE, "waited in vain for {what}: {samples:#?}"),
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }
}

/// Reads metrics as Prometheus does, and more strictly: each family is described once, before its samples, and none is
/// there twice.
#[track_caller]
fn read(text: &str) -> Samples {
    let (mut samples, mut families) = (Samples::new(), BTreeSet::new());
    let (mut name, mut kind) = (String::new(), String::new());
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (family, help) = rest.split_once(' ').expect("a help");
            assert!(!help.is_empty() && families.insert(family.to_owned()), "{line}");
            family.clone_into(&mut name);
            kind.clear();
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (family, of) = rest.split_once(' ').expect("a type");
            assert!(family == name && kind.is_empty() && ["counter", "gauge"].contains(&of), "{line}");
            of.clone_into(&mut kind);
        } else {
            let (series, value) = line.rsplit_once(' ').expect("a value");
            let number: f64 = value.parse().expect("a number");
            let (family, labels) = series
                .split_once('{')
                .map_or((series, ""), |(family, rest)| (family, rest.strip_suffix('}').expect("the labels end")));
            assert_eq!((family, kind.is_empty()), (name.as_str(), false), "{line}");
            assert!(kind == "gauge" || (name.ends_with("_total") && number >= 0.0), "{line}");
            well_formed(labels);
            assert_eq!(samples.insert(series.to_owned(), value.to_owned()), None, "{line} twice");
        }
    }
    assert!(text.ends_with('\n'), "the last line ends");
    samples
}

/// Labels are `name="value"`, commas between, with backslashes before what would end a value.
#[track_caller]
fn well_formed(labels: &str) {
    let mut rest = labels;
    let mut names = BTreeSet::new();
    while !rest.is_empty() {
        let (name, value) = rest.split_once("=\"").expect("a value");
        assert!(!name.is_empty() && name.chars().all(|one| one.is_ascii_lowercase() || one == '_'), "{labels}");
        assert!(names.insert(name), "{labels}");
        let mut letters = value.char_indices();
        let end = loop {
            match letters.next().expect("the value ends") {
                (_, '\\') => assert!(matches!(letters.next(), Some((_, '\\' | '"' | 'n'))), "{labels}"),
                (at, '"') => break at,
                _ => {}
            }
        };
        rest = &value[end + 1..];
        if let Some(more) = rest.strip_prefix(',') {
            assert!(!more.is_empty(), "{labels}");
            rest = more;
        } else {
            assert_eq!(rest, "", "{labels}");
        }
    }
}
