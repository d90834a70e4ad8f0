// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Engines behind encrypted connections: a small server with certificates made for the test stands before a scripted
//! engine and, where `STACKCTL_TEST_DOCKER_HOST` names some, before real ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::TryStreamExt as _;
use rcgen::date_time_ymd;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use stackctl::sys::docker::DockerEngine;
use stackctl::sys::endpoint::{EngineAddress, TlsFiles};
use stackctl::sys::engine::{Attached, ContainerPlan, Deadline, Engine as _};
use stackctl::sys::os::OsFiles;
use tokio::io::AsyncWriteExt as _;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use super::support::{Authority, Backend, Ended, Identity, Sandbox, Server, real_sockets};

/// A server that shows `identity` and asks for a certificate of `clients`.
fn acceptor(identity: &Identity, clients: &Authority) -> TlsAcceptor {
    let provider = Arc::new(default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(clients.pem().as_bytes()).expect("PEM")).expect("an authority");
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_client_cert_verifier(verifier.expect("a verifier"))
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(identity.certificate.as_bytes()).expect("PEM")],
            PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).expect("PEM"),
        )
        .expect("a server");
    TlsAcceptor::from(Arc::new(config))
}

/// Writes the three files as Docker names them.
fn write(folder: &Path, authority: &Authority, identity: Option<&Identity>) {
    fs::create_dir_all(folder).expect("a folder");
    fs::write(folder.join("ca.pem"), authority.pem()).expect("a file");
    if let Some(identity) = identity {
        fs::write(folder.join("cert.pem"), &identity.certificate).expect("a file");
        fs::write(folder.join("key.pem"), &identity.key).expect("a file");
    }
}

/// `status` of the engine at this port of this machine, by the variables of Docker's client.
fn status(sandbox: &Sandbox, host: &str, port: u16, certificates: &Path) -> Ended {
    sandbox
        .stackctl(&["status", "--all"])
        .env("DOCKER_HOST", &format!("tcp://{host}:{port}"))
        .env("DOCKER_TLS_VERIFY", "1")
        .env("DOCKER_CERT_PATH", certificates.to_str().expect("UTF-8"))
        .run()
}

/// A scripted engine, and every real one.
fn backends() -> Vec<Backend> {
    let real = real_sockets().into_iter().map(Backend::Socket);
    std::iter::once(Backend::Scripted).chain(real).collect()
}

struct Stage {
    sandbox: Sandbox,
    authority: Authority,
    client: Identity,
}

impl Stage {
    fn new() -> Self {
        let authority = Authority::new("ours");
        let client = authority.sign(&["client"], |_| ());
        Self { sandbox: Sandbox::new(), authority, client }
    }

    fn server(&self, names: &[&str], backend: Backend) -> Server {
        Server::encrypted(acceptor(&self.authority.sign(names, |_| ()), &self.authority), backend)
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.sandbox.path().join(name)
    }

    /// The folder with everything that is needed.
    fn good(&self) -> PathBuf {
        let folder = self.folder("good");
        write(&folder, &self.authority, Some(&self.client));
        folder
    }
}

#[track_caller]
fn refused(ended: Ended, words: &str, hint: &str) {
    let ended = ended.expect(9);
    assert!(ended.stderr.starts_with("error[engine_certificates]: no encrypted connection to"), "{}", ended.stderr);
    assert!(ended.stderr.contains(words), "{}", ended.stderr);
    assert!(ended.stderr.contains(hint), "{}", ended.stderr);
}

#[test]
fn a_client_with_its_certificate_is_served() {
    for backend in backends() {
        let stage = Stage::new();
        let server = stage.server(&["127.0.0.1", "localhost"], backend);
        for host in ["127.0.0.1", "localhost"] {
            status(&stage.sandbox, host, server.port(), &stage.good()).expect(0);
        }
    }
}

#[test]
fn a_context_brings_its_certificates() {
    for backend in backends() {
        let stage = Stage::new();
        let server = stage.server(&["127.0.0.1"], backend);
        // The SHA-256 of `far`, as Docker names the folders of that context.
        let id = "512eea46ceb3921dff4363c7069d89d4964d1d9fccaa0f411851a7aa60a5c868";
        let docker = stage.folder("docker");
        let meta = docker.join("contexts/meta").join(id);
        fs::create_dir_all(&meta).expect("a folder");
        let address = format!("tcp://127.0.0.1:{}", server.port());
        let text = format!(r#"{{"Name":"far","Endpoints":{{"docker":{{"Host":"{address}","SkipTLSVerify":false}}}}}}"#);
        fs::write(meta.join("meta.json"), text).expect("a file");
        write(&docker.join("contexts/tls").join(id).join("docker"), &stage.authority, Some(&stage.client));
        let asked = stage.sandbox.stackctl(&["status", "--all", "--context", "far"]);
        asked.env("DOCKER_CONFIG", docker.to_str().expect("UTF-8")).run().expect(0);
    }
}

#[test]
fn the_end_of_a_talk_is_heard_through_every_way() {
    for backend in backends() {
        let Backend::Socket(_) = &backend else { continue };
        let stage = Stage::new();
        let folder = stage.good();
        let files = TlsFiles {
            authority: Some(folder.join("ca.pem")),
            identity: Some((folder.join("cert.pem"), folder.join("key.pem"))),
            verify: true,
        };
        let plain = Server::plain(backend.clone());
        echo(&EngineAddress::Tcp { host: "127.0.0.1".to_owned(), port: plain.port() });
        let encrypted = stage.server(&["127.0.0.1"], backend);
        let address = format!("tcp://127.0.0.1:{}", encrypted.port());
        echo(&EngineAddress::parse(&address, Some(files)).expect("an address"));
    }
}

/// Talks with a container that says what it hears.
fn echo(address: &EngineAddress) {
    let engine = DockerEngine::new(address, &OsFiles).expect("an engine");
    let plan = ContainerPlan {
        name: format!("stackctl-test-echo-{}", std::process::id()),
        image: "stackctl-test:1".to_owned(),
        command: vec!["cat".to_owned()],
        network_mode: "none".to_owned(),
        open_stdin: true,
        ..ContainerPlan::default()
    };
    let sent = vec![7; 3 << 20];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let time = Deadline::CHANGE;
        let id = engine.create_container(&plan, time).await.expect("a container");
        let Attached { mut input, output } = engine.attach(&id, time).await.expect("it listens");
        engine.start_container(&id, time).await.expect("it starts");
        let say = async {
            input.write_all(&sent).await.expect("it hears");
            input.shutdown().await.expect("it hears the end");
        };
        let hear = output.try_fold(Vec::new(), |all, piece| async move { Ok([all, piece.bytes.to_vec()].concat()) });
        let ((), heard) = tokio::join!(say, hear);
        let ended = engine.wait_container(&id, time).await;
        engine.remove_container(&id, time).await.expect("it goes");
        assert!(heard.expect("an end") == sent && ended == Ok(0), "{address}: {ended:?}");
    });
}

#[test]
fn an_unknown_authority_is_told_with_the_file_that_is_meant() {
    let stage = Stage::new();
    let server = stage.server(&["127.0.0.1"], Backend::Scripted);
    let folder = stage.folder("other");
    write(&folder, &Authority::new("another"), Some(&stage.client));
    refused(status(&stage.sandbox, "127.0.0.1", server.port(), &folder), "not trusted", "= hint: put the authority");
}

#[test]
fn an_expired_certificate_is_told_with_both_clocks() {
    let stage = Stage::new();
    let old = stage.authority.sign(&["127.0.0.1"], |params| {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    });
    let server = Server::encrypted(acceptor(&old, &stage.authority), Backend::Scripted);
    let ended = status(&stage.sandbox, "127.0.0.1", server.port(), &stage.good());
    refused(ended, "not valid now: certificate expired", "compare both clocks");
}

#[test]
fn a_certificate_of_another_name_is_told_with_that_name() {
    let stage = Stage::new();
    let server = stage.server(&["elsewhere.example"], Backend::Scripted);
    let ended = status(&stage.sandbox, "localhost", server.port(), &stage.good());
    refused(ended, "elsewhere.example", "= hint: use a host name that the certificate names");
}

#[test]
fn a_client_without_a_certificate_or_with_a_foreign_one_is_told_so() {
    let stage = Stage::new();
    let server = stage.server(&["127.0.0.1"], Backend::Scripted);
    let bare = stage.folder("bare");
    write(&bare, &stage.authority, None);
    let ended = status(&stage.sandbox, "127.0.0.1", server.port(), &bare);
    refused(ended, "asks for a client certificate", "`cert.pem` and `key.pem` beside `ca.pem`");
    let foreign = stage.folder("foreign");
    write(&foreign, &stage.authority, Some(&Authority::new("another").sign(&["client"], |_| ())));
    let ended = status(&stage.sandbox, "127.0.0.1", server.port(), &foreign);
    refused(ended, "does not take our client certificate", "`--tlscacert`");
}
