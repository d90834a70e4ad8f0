// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! How much of a tree came through: everything, or what a named way of reading loses.

use super::{Meta, Xattrs};

/// How an archive was made, and so what it cannot have. Ordered from the best: each loses what those before it lose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fidelity {
    /// By stackctl or by GNU tar in pax format: all that [`super::Entry`] knows.
    Exact,
    /// By the engine's `GET /containers/{id}/archive` (Docker Engine 20.10 and 28.5 behave alike): see [`Fidelity::losses`].
    EngineArchive,
    /// By the same, of a tree that `PUT /containers/{id}/archive` has made.
    EngineUnpacked,
}

/// Something that does not come through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Loss {
    /// Extended attributes other than `security.capability`, ACLs among them.
    Xattrs,
    /// The part of a modification time below one second.
    Nanoseconds,
    /// Holes of sparse files: they come back full of zeros.
    Holes,
    /// Times before 1970 and after 2262.
    FarTimes,
}

impl Fidelity {
    /// What is lost, sorted. Sockets are not in the list: no way keeps them.
    #[must_use]
    pub fn losses(self) -> &'static [Loss] {
        match self {
            Self::Exact => &[],
            Self::EngineArchive => &[Loss::Xattrs, Loss::Nanoseconds, Loss::Holes],
            Self::EngineUnpacked => &[Loss::Xattrs, Loss::Nanoseconds, Loss::Holes, Loss::FarTimes],
        }
    }

    /// The word in an index and a manifest.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::EngineArchive => "engine-archive",
            Self::EngineUnpacked => "engine-unpacked",
        }
    }

    /// The way back from [`Fidelity::word`].
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Exact, Self::EngineArchive, Self::EngineUnpacked].into_iter().find(|fidelity| fidelity.word() == word)
    }

    /// What is left of these attributes.
    #[must_use]
    pub fn keeps(self, meta: &Meta) -> Meta {
        let mut kept = meta.clone();
        for loss in self.losses() {
            match loss {
                Loss::Xattrs => kept.xattrs = capability_alone(&meta.xattrs),
                Loss::Nanoseconds => kept.mtime.nanoseconds = 0,
                Loss::FarTimes => kept.mtime = kept.mtime.as_engines_set_it(),
                Loss::Holes => {}
            }
        }
        kept
    }
}

/// Whether the archiver of an engine keeps this extended attribute.
pub(super) fn is_kept_by_engines(name: &[u8]) -> bool {
    name == b"security.capability"
}

fn capability_alone(xattrs: &Xattrs) -> Xattrs {
    xattrs
        .iter()
        .filter(|(name, _)| is_kept_by_engines(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

impl Loss {
    /// A stable `snake_case` word.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Xattrs => "xattrs",
            Self::Nanoseconds => "mtime_nanoseconds",
            Self::Holes => "holes",
            Self::FarTimes => "mtime_far",
        }
    }

    /// What it means, for a plan and a prompt.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Xattrs => "extended attributes and ACLs are lost, file capabilities are kept",
            Self::Nanoseconds => "modification times are cut to whole seconds",
            Self::Holes => "sparse files take their full size",
            Self::FarTimes => "modification times before 1970 and after 2262 become 1970",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Timestamp;
    use super::*;

    #[test]
    fn the_engine_keeps_whole_seconds_and_capabilities() {
        let xattrs =
            Xattrs::from([(b"user.note".to_vec(), b"x".to_vec()), (b"security.capability".to_vec(), b"c".to_vec())]);
        let meta = Meta { mtime: Timestamp { seconds: -1, nanoseconds: 5 }, xattrs, ..Meta::default() };
        let kept = Fidelity::EngineArchive.keeps(&meta);
        assert_eq!(kept.mtime, Timestamp { seconds: -1, nanoseconds: 0 });
        assert_eq!(kept.xattrs.len(), 1);
        assert_eq!(Fidelity::Exact.keeps(&meta), meta);
        assert_eq!(Fidelity::of_word("engine-archive"), Some(Fidelity::EngineArchive));
        assert_eq!(Fidelity::EngineUnpacked.keeps(&meta).mtime, Timestamp::default());
        let late = |seconds| {
            Fidelity::EngineUnpacked.keeps(&Meta { mtime: Timestamp { seconds, nanoseconds: 0 }, ..Meta::default() })
        };
        assert_eq!((late(9_223_372_036).mtime.seconds, late(9_223_372_037).mtime.seconds), (9_223_372_036, 0));
    }
}
