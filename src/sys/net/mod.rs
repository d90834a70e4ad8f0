// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Others on the network, beside container engines: servers that are asked, brokers that are told, and those who ask us.

mod http;
mod mqtt;
mod server;
mod talk;

pub use http::{HttpClient, HttpError, HttpRequest, HttpResponse, origin};
pub use mqtt::{MqttClient, MqttError, MqttEvent, MqttFull, MqttMessage, MqttOptions, MqttReceiver, MqttSender};
pub use server::{HttpListener, HttpServer, Served, ServedRequest};
pub use talk::{Enough, Listen, Listener, TalkError, Talked, Talker};
