// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! `restart-policy-missing`: a service that stays down after a crash or a reboot.

use super::one_shot::one_shots;
use crate::compose::model::Service;
use crate::diag::{Diagnostic, Level};
use crate::rules::{Context, FixSafety, Persona, RuleMeta};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "restart-policy-missing",
    summary: "a service without a restart policy",
    why: "Without a policy Docker leaves a container stopped after a crash, and after the next reboot of the host. \
          `restart: \"no\"` written out is a decision and passes, as do services that are meant to end.",
    bad: "services:\n  web:\n    image: nginx:1.29.2\n",
    good: "services:\n  web:\n    image: nginx:1.29.2\n    restart: unless-stopped\n",
    sections: &[4],
    level: Level::Warning,
    persona: Persona::Default,
    since: "0.1.0",
    fix: FixSafety::None,
    needs: &[],
    absence: true,
};

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let jobs = one_shots(context);
    let runs_on = |service: &&Service| service.has_container() && !jobs.contains(service.name.value.as_str());
    let services: Vec<&Service> = context.project.services.iter().filter(runs_on).collect();
    for service in services.iter().filter(|service| !has_policy(service)) {
        let message = format!("service `{}` has no restart policy", service.name.value);
        let finding = META.finding(service.name.span, format!("{}.restart", service.path()), message);
        let hint = "add `restart: unless-stopped`, or `restart: \"no\"` when it is meant to end";
        findings.push(finding.hint(hint).among(services.len()));
    }
}

fn has_policy(service: &Service) -> bool {
    let deployed = service.deploy.as_ref().and_then(|deploy| deploy.get("restart_policy"));
    service.restart.is_some() || deployed.is_some_and(|policy| !policy.is_null())
}

#[cfg(test)]
mod tests {
    use super::META;
    use crate::rules::testing::shown;

    #[test]
    fn a_service_without_policy_is_found_at_its_key() {
        assert_eq!(shown(META.name, "services:\n  web:\n    image: x\n"), ["web"]);
    }

    #[test]
    fn decisions_jobs_and_providers_pass() {
        for service in [
            "restart: \"no\"",
            "restart: unless-stopped",
            "deploy: {restart_policy: {condition: any}}",
            "deploy: {mode: global-job}",
            "provider: {type: x}",
        ] {
            assert!(shown(META.name, &format!("services:\n  a:\n    {service}\n")).is_empty(), "{service}");
        }
        let awaited = "services:\n  job:\n    image: x\n  web:\n    restart: always\n    depends_on:\n      job: \
                       {condition: service_completed_successfully}\n";
        assert!(shown(META.name, awaited).is_empty());
    }
}
