// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Any text as a template and as an env file: both readers come to an end without a panic.

#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use stackctl::compose::dotenv;
use stackctl::compose::interpolate::{Missing, interpolate, interpolate_with, references};

fuzz_target!(|text: &str| {
    let known = BTreeMap::from([("SET".to_owned(), "value".to_owned()), ("EMPTY".to_owned(), String::new())]);
    let _ = interpolate(text, &known);
    let _ = interpolate_with(text, &known, Missing::Empty);
    let _ = references(text);
    let _ = dotenv::parse(text, &known);
    let _ = dotenv::parse_raw(text, &known);
});
