// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The real network: HTTP by hyper, encryption by rustls.

mod http;
#[cfg(test)]
mod http_tests;
mod tls;

pub use http::OsHttp;
pub(in crate::sys) use tls::Tls;
