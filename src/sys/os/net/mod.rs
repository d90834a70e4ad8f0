// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The real network: HTTP by hyper, encryption by rustls, websockets by tungstenite.

mod http;
#[cfg(test)]
mod http_tests;
mod talk;
#[cfg(test)]
mod talk_tests;
mod tls;

pub use http::OsHttp;
pub use talk::OsTalker;
pub(in crate::sys) use tls::Tls;
