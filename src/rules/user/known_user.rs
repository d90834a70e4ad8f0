// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! As whom an image runs when the file names no user.

use super::super::Context;
use super::super::known::known;
use crate::catalog::ImageUser;
use crate::compose::model::Service;

/// How an image ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KnownUser {
    /// As root, and the main process stays root.
    Root,
    /// As root, but its start script hands the main process to another user.
    DropsRoot,
    /// As a user other than root.
    Other,
}

/// What is known of the service's image; `None` when nothing is, and for images that the project builds.
pub(super) fn known_user(context: &Context<'_>, service: &Service) -> Option<KnownUser> {
    match known(context, service)?.user.as_ref()?.image {
        ImageUser::Root => Some(KnownUser::Root),
        ImageUser::DropsRoot => Some(KnownUser::DropsRoot),
        ImageUser::Ids(_) => Some(KnownUser::Other),
    }
}
