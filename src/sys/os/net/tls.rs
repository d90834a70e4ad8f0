// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Encrypted connections: certificates from PEM files, and from the system where none is named.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use crate::sys::Files;
use crate::sys::endpoint::TlsFiles;

/// Where distributions keep the authorities that they trust.
const SYSTEM_AUTHORITIES: &[&str] = &["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"];
/// The largest file that is read, in bytes.
const MAX_PEM_BYTES: u64 = 4 << 20;

/// What a connection is encrypted with.
#[derive(Clone)]
pub(in crate::sys) struct Tls(tokio_rustls::TlsConnector);

impl std::fmt::Debug for Tls {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Tls")
    }
}

impl Tls {
    /// Reads the certificates. The message names the file at fault.
    pub(in crate::sys) fn new(wanted: &TlsFiles, files: &dyn Files) -> Result<Self, String> {
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        let builder = if wanted.verify {
            builder.with_root_certificates(authorities(wanted.authority.as_deref(), files)?)
        } else {
            builder.dangerous().with_custom_certificate_verifier(Arc::new(Unverified(provider)))
        };
        let config = match &wanted.identity {
            None => builder.with_no_client_auth(),
            Some((certificate, key)) => {
                let chain = certificates(certificate, files)?;
                let secret = PrivateKeyDer::from_pem_slice(&read(key, files)?)
                    .map_err(|error| format!("`{}` holds no private key: {error}", key.display()))?;
                builder
                    .with_client_auth_cert(chain, secret)
                    .map_err(|error| format!("`{}`: {error}", certificate.display()))?
            }
        };
        Ok(Self(Arc::new(config).into()))
    }

    /// Encrypts an open connection.
    pub(in crate::sys) async fn wrap(&self, host: &str, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        self.0.connect(name, stream).await
    }
}

fn read(path: &Path, files: &dyn Files) -> Result<Vec<u8>, String> {
    files.read(path, MAX_PEM_BYTES).map_err(|error| format!("cannot read `{}`: {error}", path.display()))
}

fn certificates(path: &Path, files: &dyn Files) -> Result<Vec<CertificateDer<'static>>, String> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read(path, files)?).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(format!("`{}` holds no certificate", path.display())),
        Err(error) => Err(format!("`{}`: {error}", path.display())),
    }
}

fn authorities(path: Option<&Path>, files: &dyn Files) -> Result<RootCertStore, String> {
    let system = || SYSTEM_AUTHORITIES.iter().map(Path::new).find(|path| files.is_file(path));
    let path = path.or_else(system).ok_or("no authority is named, and the system trusts none")?;
    let mut store = RootCertStore::empty();
    // The system's list may hold certificates of a form that is not taken.
    store.add_parsable_certificates(certificates(path, files)?);
    if store.is_empty() { Err(format!("`{}` holds no authority", path.display())) } else { Ok(store) }
}

/// Takes every certificate, as the user asked (`DOCKER_TLS` without `DOCKER_TLS_VERIFY`, or a context that skips it). That
/// the other side has the key of its certificate is still checked.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::fake::FakeFiles;

    fn fault(files: &[(&str, &str)], authority: Option<&str>) -> String {
        let wanted = TlsFiles { authority: authority.map(Into::into), identity: None, verify: true };
        Tls::new(&wanted, &FakeFiles::new(files)).err().unwrap_or_default()
    }

    #[test]
    fn damaged_and_missing_certificates_are_named() {
        assert_eq!(fault(&[("/ca.pem", "no pem")], Some("/ca.pem")), "`/ca.pem` holds no certificate");
        assert!(fault(&[], Some("/ca.pem")).starts_with("cannot read `/ca.pem`"));
        assert_eq!(fault(&[], None), "no authority is named, and the system trusts none");
    }

    #[test]
    fn without_verification_no_authority_is_needed() {
        let wanted = TlsFiles { authority: None, identity: None, verify: false };
        assert!(Tls::new(&wanted, &FakeFiles::new(&[])).is_ok());
    }
}
