// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What makes the names of images mean again what they meant when a set was made. Containers are not touched: they keep the
//! image that they were made of.

use std::collections::{BTreeMap, BTreeSet};

use super::Refusal;
use crate::backup::manifest::{FileRef, Manifest, SavedImage, Service};

/// What the engine has of the images that a set names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImageScene {
    /// What the names mean now: name to id. Names that mean nothing are not in it.
    pub meaning: BTreeMap<String, String>,
    /// Ids of the set that are there.
    pub present: BTreeSet<String>,
}

/// Where an image comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageSource {
    /// It is at the engine.
    Engine,
    /// It is loaded from this file of the set.
    Set(FileRef),
}

/// A name that gets its image back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// The name.
    pub name: String,
    /// The id that it means now and loses.
    pub now: Option<String>,
}

/// One image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageStep {
    /// Its id.
    pub id: String,
    /// Where it comes from.
    pub source: ImageSource,
    /// The names that it gets; none for one that is known by its digest or id alone.
    pub names: Vec<Renamed>,
}

/// What is done with images.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImagePlan {
    /// The images, by id.
    pub steps: Vec<ImageStep>,
    /// What a person should know, as sentences without a period.
    pub notes: Vec<String>,
    /// What forbids it.
    pub refusals: Vec<Refusal>,
}

/// Every name of an image in a set, with the ids that it stood for.
fn wanted(manifest: &Manifest) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut wanted = BTreeMap::<&str, BTreeSet<&str>>::new();
    for service in &manifest.services {
        wanted.entry(&service.image).or_default().insert(&service.image_id);
    }
    wanted
}

/// Whether a name means one image for ever, so that it cannot be given to another.
fn is_fixed(name: &str, id: &str) -> bool {
    name.contains('@') || id == name || id.rsplit(':').next().is_some_and(|digits| digits.starts_with(name))
}

/// Plans.
#[must_use]
pub fn plan_images(manifest: &Manifest, scene: &ImageScene) -> ImagePlan {
    let (mut plan, mut steps) = (ImagePlan::default(), BTreeMap::<&str, ImageStep>::new());
    for (name, ids) in wanted(manifest) {
        let saved_as = || manifest.images.iter().find(|image| image.names.iter().any(|one| one == name));
        let only = ids.first().copied().filter(|_| ids.len() == 1);
        let Some(id) = only.or_else(|| saved_as().map(|image| image.id.as_str())) else {
            plan.notes.push(format!("`{name}` meant several images when the set was made, so it is left alone"));
            continue;
        };
        let now = scene.meaning.get(name);
        if now.is_some_and(|now| now == id) {
            continue;
        }
        let saved = manifest.images.iter().find(|image: &&SavedImage| image.id == id);
        let source = match saved {
            _ if scene.present.contains(id) => ImageSource::Engine,
            Some(image) => ImageSource::Set(image.file.clone()),
            None if name.contains('@') => {
                plan.notes.push(format!("`{name}` is in no set; its digest says what `docker compose pull` fetches"));
                continue;
            }
            None => {
                plan.refusals.push(missing(manifest, name, id));
                continue;
            }
        };
        let step = ImageStep { id: id.to_owned(), source, names: Vec::new() };
        let step = steps.entry(id).or_insert(step);
        if !is_fixed(name, id) {
            step.names.push(Renamed { name: name.to_owned(), now: now.cloned() });
        }
    }
    // One that is there and gets no name needs nothing.
    plan.steps =
        steps.into_values().filter(|step| step.source != ImageSource::Engine || !step.names.is_empty()).collect();
    plan
}

fn missing(manifest: &Manifest, name: &str, id: &str) -> Refusal {
    let is_it = |service: &&Service| service.image_id == id;
    let digest = manifest.services.iter().filter(is_it).find_map(|service| service.repo_digests.first().cloned());
    Refusal::ImageMissing { name: name.to_owned(), digest }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::manifest::State;
    use crate::backup::manifest::testing::{file_ref, id, manifest};
    use crate::error::UserError as _;

    fn service(image: &str, image_id: &str, repo_digest: Option<&str>) -> Service {
        Service {
            name: "db".to_owned(),
            number: 1,
            container: "lab-db-1".to_owned(),
            image: image.to_owned(),
            image_id: image_id.to_owned(),
            repo_digests: repo_digest.map(str::to_owned).into_iter().collect(),
            state: State::Running,
            config_hash: None,
            restart_policy: String::new(),
            needs: Vec::new(),
        }
    }

    /// A set whose services had these images: name, id, and whether it is in the set.
    fn set(images: &[(&str, &str, bool)]) -> Manifest {
        let mut set = manifest(id(3));
        set.services = images.iter().map(|(name, id, _)| service(name, id, Some("r@sha256:d"))).collect();
        let saved = images.iter().filter(|(_, _, is_saved)| *is_saved);
        set.images = saved
            .map(|(name, id, _)| SavedImage {
                id: (*id).to_owned(),
                names: vec![(*name).to_owned()],
                file: file_ref("images/x.tar.zst", b"x"),
            })
            .collect();
        set
    }

    fn engine(meaning: &[(&str, &str)], present: &[&str]) -> ImageScene {
        let pair = |(name, id): &(&str, &str)| ((*name).to_owned(), (*id).to_owned());
        ImageScene {
            meaning: meaning.iter().map(pair).collect(),
            present: present.iter().map(|id| (*id).to_owned()).collect(),
        }
    }

    /// An image, whether it is at the engine, and its names with what they mean now.
    type Row<'a> = (&'a str, bool, Vec<(&'a str, Option<&'a str>)>);

    fn renamed(plan: &ImagePlan) -> Vec<Row<'_>> {
        plan.steps
            .iter()
            .map(|step| {
                let names = step.names.iter().map(|one| (one.name.as_str(), one.now.as_deref())).collect();
                (step.id.as_str(), step.source == ImageSource::Engine, names)
            })
            .collect()
    }

    #[test]
    fn a_name_that_means_it_still_is_left_alone() {
        let plan = plan_images(&set(&[("redis:7", "sha256:a", false)]), &engine(&[("redis:7", "sha256:a")], &[]));
        assert_eq!(plan, ImagePlan::default());
    }

    #[test]
    fn what_is_there_gets_its_name_and_the_rest_is_loaded() {
        let set =
            set(&[("redis:7", "sha256:a", true), ("redis:latest", "sha256:a", true), ("web:1", "sha256:b", true)]);
        let plan = plan_images(&set, &engine(&[("redis:7", "sha256:z")], &["sha256:a"]));
        let redis = vec![("redis:7", Some("sha256:z")), ("redis:latest", None)];
        assert_eq!(renamed(&plan), [("sha256:a", true, redis), ("sha256:b", false, vec![("web:1", None)])]);
    }

    #[test]
    fn what_is_nowhere_is_refused_with_the_way_to_get_it() {
        let plan = plan_images(&set(&[("redis:7", "sha256:a", false)]), &ImageScene::default());
        assert_eq!((plan.refusals.len(), plan.refusals[0].code()), (1, "image_missing"));
        assert!(plan.refusals[0].hints()[0].contains("docker pull r@sha256:d"), "{:?}", plan.refusals[0].hints());
    }

    #[test]
    fn digests_and_ids_are_names_that_nobody_gives() {
        let pinned = "redis:7@sha256:d";
        let absent = plan_images(&set(&[(pinned, "sha256:a", false)]), &ImageScene::default());
        assert!(absent.refusals.is_empty() && absent.notes[0].contains("docker compose pull"));
        let saved = set(&[(pinned, "sha256:a", true), ("sha256:b", "sha256:b", true), ("c1", "sha256:c1d", true)]);
        let plan = plan_images(&saved, &ImageScene::default());
        assert!(plan.steps.len() == 3 && plan.steps.iter().all(|step| step.names.is_empty()), "{plan:?}");
        assert_eq!(plan_images(&saved, &engine(&[], &["sha256:a", "sha256:b", "sha256:c1d"])).steps, []);
    }

    #[test]
    fn of_two_images_under_one_name_the_saved_one_had_it() {
        let mut both = set(&[("web:1", "sha256:a", false), ("web:1", "sha256:b", true)]);
        let plan = plan_images(&both, &ImageScene::default());
        assert_eq!(renamed(&plan), [("sha256:b", false, vec![("web:1", None)])]);
        both.images.clear();
        let plan = plan_images(&both, &engine(&[], &["sha256:a"]));
        assert!(plan.steps.is_empty() && plan.refusals.is_empty() && plan.notes[0].contains("several"));
    }
}
