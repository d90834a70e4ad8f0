// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! MQTT by rumqttc, without encryption: the rustls that it brings along has known faults.
//!
//! Limits: a message of more than 1 MiB ends the connection.

use std::pin::Pin;
use std::time::Duration;

use rumqttc::{AsyncClient, ConnectionError, Event, EventLoop, LastWill, Outgoing, Packet, QoS};

use crate::sys::net::{MqttClient, MqttError, MqttEvent, MqttFull, MqttMessage, MqttOptions, MqttReceiver, MqttSender};

/// The largest message, in bytes.
const LARGEST: usize = 1 << 20;
/// Requests that wait to be sent.
const WAITING: usize = 256;
/// How long a connection may be silent before it is asked for a sign of life.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// Real brokers.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsMqtt;

impl MqttClient for OsMqtt {
    fn open(&self, options: &MqttOptions) -> (Box<dyn MqttSender>, Box<dyn MqttReceiver>) {
        // The host is joined to the port by a colon.
        let host = if options.host.contains(':') { format!("[{}]", options.host) } else { options.host.clone() };
        let mut wanted = rumqttc::MqttOptions::new(options.client_id.as_str(), host, options.port);
        wanted.set_keep_alive(KEEP_ALIVE).set_clean_session(true).set_max_packet_size(LARGEST, LARGEST);
        if let Some(username) = &options.username {
            wanted.set_credentials(username.as_str(), options.password.as_deref().unwrap_or_default());
        }
        let will = &options.will;
        wanted.set_last_will(LastWill::new(&will.topic, will.payload.clone(), QoS::AtLeastOnce, will.retain));
        let (client, mut events) = AsyncClient::new(wanted, WAITING);
        let mut network = events.network_options();
        network.set_tcp_nodelay(true);
        events.set_network_options(network);
        (Box::new(Sender(client)), Box::new(Receiver(events)))
    }
}

struct Sender(AsyncClient);

impl MqttSender for Sender {
    fn publish(&self, message: &MqttMessage) -> Result<(), MqttFull> {
        let MqttMessage { topic, payload, retain } = message;
        self.0.try_publish(topic.as_str(), QoS::AtLeastOnce, *retain, payload.clone()).map_err(|_| MqttFull)
    }

    fn subscribe(&self, topic: &str) -> Result<(), MqttFull> {
        self.0.try_subscribe(topic, QoS::AtLeastOnce).map_err(|_| MqttFull)
    }

    fn close(&self) -> Result<(), MqttFull> {
        self.0.try_disconnect().map_err(|_| MqttFull)
    }
}

struct Receiver(EventLoop);

impl MqttReceiver for Receiver {
    fn next<'a>(&'a mut self) -> Pin<Box<dyn Future<Output = Result<MqttEvent, MqttError>> + 'a>> {
        Box::pin(async move {
            Ok(match self.0.poll().await.map_err(fault)? {
                Event::Incoming(Packet::ConnAck(_)) => MqttEvent::Connected,
                Event::Incoming(Packet::PubAck(_)) => MqttEvent::Delivered,
                Event::Incoming(Packet::Publish(message)) => MqttEvent::Received(MqttMessage {
                    topic: message.topic,
                    payload: message.payload.to_vec(),
                    retain: message.retain,
                }),
                Event::Outgoing(Outgoing::Disconnect) => MqttEvent::Closed,
                _ => MqttEvent::Other,
            })
        })
    }
}

fn fault(error: ConnectionError) -> MqttError {
    match error {
        ConnectionError::ConnectionRefused(code) => MqttError::Refused(format!("{code:?}")),
        ConnectionError::NetworkTimeout => MqttError::Unreachable("it does not answer in time".to_owned()),
        ConnectionError::Io(error) => match error.kind() {
            std::io::ErrorKind::ConnectionReset
            | std::io::ErrorKind::ConnectionAborted
            | std::io::ErrorKind::BrokenPipe
            | std::io::ErrorKind::UnexpectedEof => MqttError::Broken(error.to_string()),
            _ => MqttError::Unreachable(error.to_string()),
        },
        error => MqttError::Broken(error.to_string()),
    }
}
