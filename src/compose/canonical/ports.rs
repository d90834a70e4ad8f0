// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The long form of `ports`.

use crate::compose::{Node, Value, keyvalue, ports_text};
use crate::diag::Diagnostic;

use super::{Variables, fault, mapping};

/// How many entries the short forms of one tree may become. One full range makes 65,535; Compose has no limit, and needs
/// gigabytes for a few of them.
const MAX_PORTS: usize = 200_000;

/// What is left of the limit.
pub(super) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(MAX_PORTS)
    }
}

pub(super) fn canonical(
    node: Node,
    path: &str,
    variables: Variables,
    budget: &mut Budget,
    faults: &mut Vec<Diagnostic>,
) -> Node {
    let Value::Seq(items) = node.value else { return node };
    let mut ports = Vec::with_capacity(items.len());
    for (at, item) in items.into_iter().enumerate() {
        let text = match &item.value {
            Value::Int(_) | Value::Str(_) => keyvalue::scalar_text(&item.value).unwrap_or_default(),
            Value::Float(_) => {
                let message = "a port is a whole number or a text";
                faults.push(fault(item.span, format!("{path}.ports[{at}]"), message).hint("put the port in quotes"));
                continue;
            }
            _ => {
                ports.push(item);
                continue;
            }
        };
        match ports_text::parse(&text) {
            Ok(configs) if configs.len() > budget.0 => {
                budget.0 = 0;
                let message = format!("ranges of ports make more than {MAX_PORTS} entries");
                faults.push(
                    fault(item.span, format!("{path}.ports[{at}]"), message)
                        .hint("publish fewer ports, or use `network_mode: host`"),
                );
                break;
            }
            Ok(configs) => ports.extend(configs.iter().map(|config| {
                budget.0 -= 1;
                let word = |value: &str| Node::string(value, item.span);
                let mut entries = vec![
                    ("mode", word("ingress")),
                    ("target", Node::derived(Value::Int(i64::from(config.target)), item.span)),
                ];
                if !config.host_ip.is_empty() {
                    entries.push(("host_ip", word(&config.host_ip)));
                }
                if !config.published.is_empty() {
                    entries.push(("published", word(&config.published)));
                }
                entries.push(("protocol", word(&config.protocol)));
                mapping(&item, entries)
            })),
            Err(_) if variables == Variables::Kept => ports.push(item),
            Err(message) => faults.push(
                fault(item.span, format!("{path}.ports[{at}]"), format!("`{text}` is no port mapping: {message}"))
                    .hint("the form is `[address:][host port[-end]:]container port[-end][/protocol]`"),
            ),
        }
    }
    Node { value: Value::Seq(ports), ..node }
}
