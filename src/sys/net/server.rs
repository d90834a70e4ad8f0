// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! A small HTTP/1.1 server for those who ask us.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;

/// Opens addresses to be asked at.
pub trait HttpServer {
    /// Takes an address; port 0 = any that is free.
    ///
    /// # Errors
    /// Why it cannot be had, in the system's words.
    fn bind(&self, address: SocketAddr) -> Result<Box<dyn HttpListener>, String>;
}

/// An open address. It is given back when this is dropped.
pub trait HttpListener {
    /// The address, with its port.
    fn address(&self) -> SocketAddr;

    /// Answers until dropped. `answer` must not block. Few requests are heard at once, and none may take long: a slow or
    /// rude client costs itself alone.
    fn serve<'a>(&'a self, answer: &'a dyn Fn(&ServedRequest) -> Served) -> Pin<Box<dyn Future<Output = ()> + 'a>>;
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServedRequest {
    /// The method, such as `GET`.
    pub method: String,
    /// The path, without the query.
    pub path: String,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// The status, such as 200.
    pub status: u16,
    /// What the body is.
    pub content_type: &'static str,
    /// The body; left out by itself when the method is `HEAD`.
    pub body: String,
}
