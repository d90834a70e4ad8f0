// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! An HTTP client whose answers are written beforehand.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::sys::net::{HttpClient, HttpError, HttpRequest, HttpResponse};

/// What the next request gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FakeAnswer {
    /// This answer, at once.
    Now(HttpResponse),
    /// This error, at once.
    Fails(HttpError),
    /// Nothing until its time is up.
    Hangs,
}

/// Answers in the order in which they were written, the last of them for ever; 200 without any. Remembers what it was
/// asked.
#[derive(Debug, Default)]
pub struct FakeHttp {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    answers: VecDeque<(Option<String>, FakeAnswer)>,
    asked: Vec<HttpRequest>,
}

impl FakeHttp {
    /// A client that answers all requests in this order.
    #[must_use]
    pub fn new(answers: impl IntoIterator<Item = FakeAnswer>) -> Self {
        let fake = Self::default();
        fake.open().answers.extend(answers.into_iter().map(|answer| (None, answer)));
        fake
    }

    /// Adds an answer for requests to addresses that begin with `url` alone.
    pub fn answer(&self, url: &str, answer: FakeAnswer) {
        self.open().answers.push_back((Some(url.to_owned()), answer));
    }

    /// The requests so far.
    #[must_use]
    pub fn asked(&self) -> Vec<HttpRequest> {
        self.open().asked.clone()
    }

    fn open(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self, request: &HttpRequest) -> FakeAnswer {
        let mut inner = self.open();
        inner.asked.push(request.clone());
        let mut fitting = inner.answers.iter().enumerate().filter_map(|(at, (url, _))| {
            url.as_ref().is_none_or(|url| request.url.starts_with(url.as_str())).then_some(at)
        });
        let (first, is_last) = (fitting.next(), fitting.next().is_none());
        match first {
            Some(at) if is_last => inner.answers[at].1.clone(),
            Some(at) => inner.answers.remove(at).map_or(FakeAnswer::Hangs, |(_, answer)| answer),
            None => FakeAnswer::Now(HttpResponse::new(200, "")),
        }
    }
}

impl HttpClient for FakeHttp {
    fn exchange<'a>(
        &'a self,
        request: &'a HttpRequest,
        within: Duration,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + 'a>> {
        Box::pin(async move {
            match self.next(request) {
                FakeAnswer::Now(mut response) => {
                    response.cut |= response.body.len() > request.keep_bytes;
                    response.body.truncate(request.keep_bytes);
                    Ok(response)
                }
                FakeAnswer::Fails(error) => Err(error),
                FakeAnswer::Hangs => {
                    tokio::time::sleep(within).await;
                    Err(HttpError::TimedOut(within))
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn answers_come_in_order_and_the_last_one_stays() {
        let fake = FakeHttp::new([FakeAnswer::Hangs, FakeAnswer::Now(HttpResponse::new(204, "long"))]);
        let request = HttpRequest::get("http://a/", 2);
        let ask = async || fake.exchange(&request, Duration::from_secs(9)).await;
        assert_eq!(ask().await, Err(HttpError::TimedOut(Duration::from_secs(9))));
        assert_eq!(ask().await.unwrap(), HttpResponse { cut: true, ..HttpResponse::new(204, "lo") });
        assert_eq!(ask().await.unwrap().status, 204);
        assert_eq!(fake.asked().len(), 3);
    }

    #[tokio::test]
    async fn an_answer_may_be_for_one_address() {
        let fake = FakeHttp::default();
        fake.answer("http://b/", FakeAnswer::Now(HttpResponse::new(404, "")));
        let (a, b) = (HttpRequest::get("http://a/x", 9), HttpRequest::get("http://b/x", 9));
        assert_eq!(fake.exchange(&a, Duration::ZERO).await.unwrap().status, 200);
        assert_eq!(fake.exchange(&b, Duration::ZERO).await.unwrap().status, 404);
    }
}
