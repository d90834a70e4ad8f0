// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which services are shown: words, and `state:`, `health:`, `project:` with the beginning of a word each.

use crate::app::dashboard::Service;

/// What a service must have. An empty filter lets everything through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Word(String),
    State(String),
    Health(String),
    Project(String),
}

impl Filter {
    /// Reads a filter. Every text is one: what follows no known name and colon is a word.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let part = |word: &str| {
            let word = word.to_lowercase();
            match word.split_once(':') {
                Some(("state", rest)) => Part::State(rest.to_owned()),
                Some(("health", rest)) => Part::Health(rest.to_owned()),
                Some(("project", rest)) => Part::Project(rest.to_owned()),
                _ => Part::Word(word),
            }
        };
        Self { text: text.to_owned(), parts: text.split_whitespace().map(part).collect() }
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether everything gets through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Whether a service gets through: all parts must fit.
    #[must_use]
    pub fn has(&self, service: &Service) -> bool {
        self.parts.iter().all(|part| match part {
            Part::Word(word) => {
                let image = service.image.as_deref().unwrap_or_default();
                [service.key.service.as_str(), service.key.project.as_str(), image]
                    .iter()
                    .any(|text| text.to_lowercase().contains(word))
            }
            Part::State(word) => service.state.starts_with(word.as_str()),
            Part::Health(word) => service.verdict.word().starts_with(word.as_str()),
            Part::Project(word) => service.key.project.to_lowercase().contains(word),
        })
    }
}
