// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The Docker Engine, by bollard: the way to it, and its answers in our words. Nothing of bollard
//! leaves this folder.

mod answer;
mod client;
mod connect;
mod exec;
mod failure;
mod feed;
mod http;
mod map;
mod name;
mod tls;

pub use client::DockerEngine;
