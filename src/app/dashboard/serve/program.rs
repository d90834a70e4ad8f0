// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Programs that have the terminal to themselves meanwhile: this one with other words, a shell in a container, a pager.

use super::Hands;
use crate::app::dashboard::answer::Answer;
use crate::app::dashboard::wish::Wish;
use crate::sys::ProgramFault;
use crate::sys::programs::InteractiveCall;

/// What is read where nobody says otherwise.
const PAGER: &str = "less -R";
/// A shell that most images have, and one that all have that have any.
const SHELL: &str = "command -v bash >/dev/null && exec bash || exec sh";

/// Runs one to its end.
pub(super) async fn run(hands: Hands<'_>, wish: &Wish) {
    let call = match wish {
        Wish::Program(arguments) => InteractiveCall {
            program: hands.live.programs.own(),
            arguments: arguments.clone(),
            input: None,
            asks_to_go_on: true,
        },
        Wish::Shell { context, container } => {
            let link = hands.live.engines.iter().find(|link| link.name == *context);
            let address = link.map(|link| link.address.clone()).unwrap_or_default();
            let words = ["-H", &address, "exec", "-it", container, "sh", "-c", SHELL];
            InteractiveCall {
                program: "docker".to_owned(),
                arguments: words.iter().map(|word| (*word).to_owned()).collect(),
                input: None,
                asks_to_go_on: false,
            }
        }
        Wish::Pager(text) => {
            let environment = hands.live.context.environment;
            let named = environment.get("PAGER").filter(|pager| !pager.trim().is_empty());
            InteractiveCall {
                program: "sh".to_owned(),
                arguments: vec!["-c".to_owned(), named.cloned().unwrap_or_else(|| PAGER.to_owned())],
                input: Some(text.clone()),
                asks_to_go_on: false,
            }
        }
        _ => return,
    };
    match hands.live.programs.interactive(&call).await {
        Ok(0) => {}
        Ok(status) => hands.screen.answer(Answer::Failed { message: format!("it ended with {status}"), hint: None }),
        Err(ProgramFault::Missing) => {
            let message = format!("`{}` is not on this machine", call.program);
            hands.screen.answer(Answer::Failed { message, hint: None });
        }
        Err(fault) => hands.screen.answer(Answer::Failed { message: fault.to_string(), hint: None }),
    }
}

/// Writes text into a new file. One that is there stays as it is.
pub(super) fn save(hands: Hands<'_>, path: &str, text: &str) {
    let place = hands.live.context.absolute(path);
    let shown = place.display();
    match hands.live.programs.write_new(&place, text.as_bytes()) {
        Ok(()) => hands.screen.answer(Answer::Done(format!("written to {shown}"))),
        Err(reason) => {
            hands.screen.answer(Answer::Failed { message: format!("cannot write {shown}: {reason}"), hint: None });
        }
    }
}
