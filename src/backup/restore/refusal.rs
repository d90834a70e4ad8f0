// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What forbids a restore.

use crate::error::UserError;

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The set does not hold it.
    #[error("the set holds no volume or path `{name}`")]
    NotInSet {
        /// What was asked for.
        name: String,
    },
    /// There is nothing to put back.
    #[error("the set holds nothing that could be put there")]
    Nothing,
    /// A volume of that name is made otherwise.
    #[error("volume `{name}` is there with another driver or other options")]
    VolumeDiffers {
        /// The volume.
        name: String,
    },
    /// A volume of that name belongs to another project.
    #[error("volume `{name}` belongs to project `{project}`")]
    OtherProject {
        /// The volume.
        name: String,
        /// The project.
        project: String,
    },
    /// It would have to be made, and its options had secrets that no set holds.
    #[error("volume `{name}` is not there, and the secrets of its options ({options}) are in no set")]
    SecretsMissing {
        /// The volume.
        name: String,
        /// The names of the options.
        options: String,
    },
    /// Somebody else's container mounts it.
    #[error("`{container}`{} runs with data that would be replaced", project.as_ref().map(|name| format!(" of project `{name}`")).unwrap_or_default())]
    Foreign {
        /// The container.
        container: String,
        /// Its project.
        project: Option<String>,
    },
    /// The way that data takes can fill new volumes alone.
    #[error("`{name}` is there already, and the engine's archive requests can only fill a volume that is new")]
    OnlyNewVolumes {
        /// The volume.
        name: String,
    },
    /// The way that data takes can fill volumes alone.
    #[error("`{path}` is no volume, and the engine's archive requests are used to fill volumes alone")]
    OnlyVolumes {
        /// The path.
        path: String,
    },
    /// Only volumes that are there are emptied.
    #[error("`{name}` is no volume that is there, and only those are emptied before they are filled")]
    NotToBeEmptied {
        /// The volume or path.
        name: String,
    },
    /// What is deleted must be in a set.
    #[error("what is there is deleted before the set is unpacked, and `--no-backup` leaves no way back")]
    NoWayBack,
    /// An image of the set is neither in it nor at the engine.
    #[error("image `{name}` is neither in the set nor at the engine")]
    ImageMissing {
        /// Its name.
        name: String,
        /// The name that a registry knows it by.
        digest: Option<String>,
    },
    /// The store lies in what would be replaced.
    #[error("the store lies in `{path}`, which would be replaced")]
    StoreInside {
        /// The path.
        path: String,
    },
}

impl UserError for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotInSet { .. } => "not_in_set",
            Self::Nothing => "nothing_to_restore",
            Self::VolumeDiffers { .. } => "volume_differs",
            Self::OtherProject { .. } => "volume_foreign",
            Self::SecretsMissing { .. } => "volume_secrets_missing",
            Self::Foreign { .. } => "foreign_user",
            Self::OnlyNewVolumes { .. } => "archive_path_not_new",
            Self::OnlyVolumes { .. } => "archive_path_no_volume",
            Self::NotToBeEmptied { .. } => "in_place_no_volume",
            Self::NoWayBack => "in_place_no_way_back",
            Self::ImageMissing { .. } => "image_missing",
            Self::StoreInside { .. } => "store_inside",
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn hints(&self) -> Vec<String> {
        vec![match self {
            Self::NotInSet { .. } | Self::Nothing => "`stackctl backup show SET` lists what is in it".to_owned(),
            Self::VolumeDiffers { name } => {
                format!(
                    "`docker volume inspect {name}` shows how it is made; rename or remove it by hand, or use `--as PROJECT`"
                )
            }
            Self::OtherProject { .. } => "use `--as PROJECT` to put the data somewhere else".to_owned(),
            Self::SecretsMissing { name, .. } => {
                format!("make it by hand first: `docker volume create {name} --opt …`")
            }
            Self::Foreign { container, .. } => {
                format!("stop it first, or agree with `--stop-foreign {container}`")
            }
            Self::OnlyNewVolumes { name } => format!(
                "`--data-path helper` or `--data-path host` can; `--as PROJECT` puts the data into new volumes; \
                 `docker volume rm {name}` removes one that is not needed"
            ),
            Self::OnlyVolumes { .. } => {
                "name the volumes with `--volumes`; the `RESTORE.txt` of the set tells how paths are unpacked by hand"
                    .to_owned()
            }
            Self::NotToBeEmptied { .. } => {
                "name the volumes that are there with `--volumes`; `stackctl restore` without `--in-place` does the others"
                    .to_owned()
            }
            Self::NoWayBack => {
                "`stackctl restore --in-place` without `--no-backup` makes a restore point of it first".to_owned()
            }
            Self::ImageMissing { digest: Some(digest), .. } => {
                format!("`docker pull {digest}` may have it still; without `--with-images` the data alone is restored")
            }
            Self::ImageMissing { digest: None, .. } => {
                "without `--with-images` the data alone is restored; `backup --save-images` keeps images".to_owned()
            }
            Self::StoreInside { .. } => "move the store elsewhere and name it with `--store DIR`".to_owned(),
        }]
    }
}
