// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Which images the image rules judge.

use std::collections::BTreeSet;

use super::super::Context;
use super::reference::Reference;
use crate::compose::model::{Operator, Service};
use crate::diag::Spanned;

/// An image that comes from a registry.
pub(super) struct Judged<'a> {
    /// The service that runs it.
    pub(super) service: &'a Service,
    /// The reference, variables replaced.
    pub(super) image: &'a Spanned<String>,
    /// Its parts.
    pub(super) reference: Reference<'a>,
}

/// The images to judge, in the order of the services.
///
/// Left out: images that this project builds (`build` on the service itself, or on a service whose `image` has the same
/// name), services without a container, and references with an unset variable, which `unset-variable` speaks of.
pub(super) fn images<'a>(context: &Context<'a>) -> Vec<Judged<'a>> {
    let project = context.project;
    let mut built: Vec<&str> = Vec::new();
    for service in &project.services {
        if let (Some(_), Some(image)) = (&service.build, &service.image) {
            built.push(&image.value);
        }
    }
    built.sort_unstable();
    let unset = paths_with_unset_variables(context);
    let judged = |service: &'a Service| {
        let image = service.image.as_ref()?;
        let is_built = service.build.is_some() || built.binary_search(&image.value.as_str()).is_ok();
        let is_open = service.image_template.is_some() && unset.contains(format!("{}.image", service.path()).as_str());
        let is_judged = !is_built && !is_open && service.has_container() && !image.value.is_empty();
        is_judged.then(|| Judged { service, image, reference: Reference::parse(&image.value) })
    };
    project.services.iter().filter_map(judged).collect()
}

fn paths_with_unset_variables<'a>(context: &Context<'a>) -> BTreeSet<&'a str> {
    let leaves_a_gap = |operator| matches!(operator, Operator::Plain | Operator::Required);
    let variables = context.project.variables.iter();
    variables.filter(|used| !used.is_set && leaves_a_gap(used.operator)).map(|used| used.path.as_str()).collect()
}
