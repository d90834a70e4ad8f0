// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Other servers on the network, beside container engines: what is asked of them, and what they answer.

mod http;
mod talk;

pub use http::{HttpClient, HttpError, HttpRequest, HttpResponse, origin};
pub use talk::{Enough, Listen, Listener, TalkError, Talked, Talker};
