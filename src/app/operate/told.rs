// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What an operation tells while it runs.

/// Something that is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// A step begins; a fragment such as "stopping `lab-db-1`".
    Step(String),
    /// How far the step is.
    Bytes {
        /// Bytes that are done.
        done: u64,
        /// All bytes; 0 when nobody knows.
        total: u64,
    },
    /// Something that a person should know.
    Note(String),
}

/// Who is told.
pub type Tell<'t> = &'t mut dyn FnMut(Told);
