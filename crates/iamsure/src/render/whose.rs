//! Whose the policies of an organization are: SCPs bind the principals of their own account, RCPs protect the resources
//! of theirs (E-21, E-22). Neither document names it.

use iamsure_core::decision::applicable::applies;
use iamsure_core::language::PolicyType;
use iamsure_core::world::{PolicySet, Request, Requester, Switches};
use iamsure_truth::grounds::Grounds;
use iamsure_truth::sample::is_sample;

/// For one request, where it is known who calls; as far as the policies look at it.
pub(super) fn of_request(
    policies: &PolicySet,
    request: &Request,
    switches: &Switches,
) -> Vec<String> {
    let looks = |kind| applies(kind, request, switches);
    let caller = of_caller(policies, &request.requester).filter(|_| looks(PolicyType::Scp));
    let owner = request.owner().filter(|_| {
        let is_known = request.resource_account.is_some() || !is_sample(&request.requester);
        is_known && looks(PolicyType::Rcp) && !policies.rcp.is_empty()
    });
    let is_of_both = request.is_same_account();
    match (caller, owner) {
        (None, None) => Vec::new(),
        (Some(caller), Some(_)) if is_of_both => {
            vec![format!("Applied as the SCPs and RCPs of account {caller}.")]
        }
        (caller, owner) => {
            let of_caller = caller.map(|caller| match request.owner().filter(|_| !is_of_both) {
                None => format!("Applied as the SCPs of account {caller}."),
                Some(other) => format!(
                    "Applied as the SCPs of the caller's account {caller}. If they belong to the resource's account {other}, omit --scp: they do not affect callers from {caller}."
                ),
            });
            let of_owner = owner
                .map(|owner| format!("Applied as the RCPs of the resource's account {owner}."));
            of_caller.into_iter().chain(of_owner).collect()
        }
    }
}

/// The account whose SCPs those given are assumed to be, if it is known who calls.
fn of_caller<'a>(policies: &PolicySet, requester: &'a Requester) -> Option<&'a str> {
    let account = requester.principal.account()?;
    (!policies.scp.is_empty() && !is_sample(requester)).then_some(account)
}

/// For all requests of one caller, where it is known who calls.
pub(super) fn of_requester(policies: &PolicySet, requester: &Requester) -> Option<String> {
    of_caller(policies, requester)
        .map(|account| format!("Applied as the SCPs of the caller's account {account}."))
}

/// Whom SCPs, RCPs and the policy of an endpoint never bind, where the answer is about whoever has the policies, or any resource.
///
/// AWS pages: Organizations User Guide, `orgs_manage_policies_scps` and
/// `orgs_manage_policies_rcps`.
pub(super) fn not_bound(grounds: &Grounds) -> impl Iterator<Item = &'static str> {
    let is_open = match &grounds.requester {
        None => true,
        Some(requester) => is_sample(requester) && !requester.in_management_account,
    };
    let of_scps = (is_open && !grounds.policies.scp.is_empty()).then_some(
        "SCPs do not affect service-linked roles or the management account; neither is covered here (--management-account).",
    );
    let of_rcps = (!grounds.policies.rcp.is_empty()).then_some(
        "RCPs do not affect service-linked roles or resources in the management account; neither is covered here (--resource-in-management-account).",
    );
    let of_endpoint = grounds.policies.endpoint.is_some().then_some(
        "Covers calls through the VPC endpoint only: its policy does not affect any others.",
    );
    of_scps.into_iter().chain(of_rcps).chain(of_endpoint)
}

/// For an answer about callers of more than one account.
pub(super) fn of_all_callers(grounds: &Grounds) -> Option<&'static str> {
    (grounds.requester.is_none() && !grounds.policies.scp.is_empty()).then_some(
        "The SCPs are applied to callers from every account as if they were that account's own, although the SCPs of one account do not affect other accounts.",
    )
}
