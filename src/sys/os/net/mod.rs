// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The real network: HTTP by hyper, encryption by rustls, MQTT by rumqttc, websockets by tungstenite.

mod http;
#[cfg(test)]
mod http_tests;
mod mqtt;
mod server;
mod talk;
#[cfg(test)]
mod talk_tests;
mod tls;

pub use http::OsHttp;
pub use mqtt::OsMqtt;
pub use server::OsServer;
pub use talk::OsTalker;
pub(in crate::sys) use tls::Tls;
