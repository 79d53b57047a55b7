//! One request explained: for people as text, for programs as JSON.
//!
//! The answer comes first; then AWS's own words; then the layers; then each statement that names
//! the action, the resource and the principal, with every clause, what the policy says, what the
//! request holds, and why that is true or false.

mod missing;
mod near;
mod odd;
mod statement;
mod value;

use std::fmt::Write as _;

use iamsure_core::decision::applicable::mechanism;
use iamsure_core::decision::exemption::exemption;
use iamsure_core::decision::layers::{LayerReport, Said, layers};
use iamsure_core::decision::message::{denial, wrapped_by_ec2};
use iamsure_core::decision::precedence::Mechanism;
use iamsure_core::decision::{
    Answerable, Decision, Truth, Verdict, evaluate, explain, public_statements, refusal,
};
use iamsure_core::language::document::Effect;
use iamsure_core::language::{PolicyType, Span};
use iamsure_core::world::Request;
use iamsure_core::world::policy_set::StatementId;
use iamsure_truth::ask::{Answer, Assumed, Case, SwitchDependence};
use iamsure_truth::open_world::{self, wants_callers_policies};
use iamsure_truth::table::Column;

use super::{grounds, whose, words};
use crate::check::Check;
pub(crate) use missing::always_sent;
use missing::missing;
pub(crate) use near::nearest;
use odd::{odd_owner, odd_resource};
pub(crate) use statement::of_statement;
use statement::statement;
pub(crate) use value::{answer, json};

/// Everything, for people.
pub(crate) fn human(check: &Check) -> String {
    let mut out = String::new();
    let answer = &check.inquiry.answer;
    if let [case] = answer.cases.as_slice()
        && answer.decision().is_some()
    {
        if wants_callers_policies(check.policies_of(case), case, &check.switches) {
            out.push_str(
                "DENIED unless the caller's own policies, which are not given, allow it\n",
            );
        } else {
            verdict(check, case, &mut out);
        }
        out.push_str(&always_sent(check, "  "));
        odd_resource(check, case, &mut out);
        beside(check, &mut out);
        if let Some(sentence) = other_sessions(check) {
            let _ = writeln!(out, "  {sentence}");
        }
        about(check, case, &mut out);
        body(check, case, &mut out);
    } else {
        open(check, answer, &mut out);
        for case in &answer.cases {
            out.push('\n');
            let _ = writeln!(out, "-- {} --", occurs(case));
            headline(check, case, &mut out);
            body(check, case, &mut out);
        }
    }
    missing(check, &mut out);
    switches(&check.inquiry.switches, &mut out);
    alone(check, &mut out);
    out
}

/// What is assumed beside layers that only limit.
fn beside(check: &Check, out: &mut String) {
    for sentence in check.inquiry.beside.sentences() {
        let _ = writeln!(out, "  {sentence}");
    }
}

/// What layers without an Allow do alone.
fn alone(check: &Check, out: &mut String) {
    for warning in check.inquiry.beside.warnings() {
        let _ = writeln!(out, "\nnote: {warning}");
    }
}

/// Several decisions: what they depend on, and each with when it occurs.
fn open(check: &Check, answer: &Answer, out: &mut String) {
    let request = check.worlds.first();
    let not_given = answer.cases.iter().any(|case| not_given(case).is_some());
    let symbols = &check.inquiry.symbols;
    let headline = match request.map(mechanism) {
        _ if answer.succeeds() == Some(false) => "DENIED, for different reasons".to_owned(),
        _ if !symbols.is_empty() => {
            format!("DEPENDS on values known only after deployment: {}", words::symbols(symbols))
        }
        Some(Mechanism::Trust) if not_given => {
            "DEPENDS on the role's trust policy, which is not given (--trust FILE)".to_owned()
        }
        Some(Mechanism::Key) if not_given => {
            "DEPENDS on the key policy, which is not given (--resource-policy FILE)".to_owned()
        }
        _ if !answer.is_complete() => "DEPENDS, and was not fully decided".to_owned(),
        _ => format!("DEPENDS on {}", subjects(answer)),
    };
    let _ = writeln!(out, "{headline}");
    out.push_str(&always_sent(check, "  "));
    beside(check, out);
    for case in &answer.cases {
        let _ =
            writeln!(out, "  {}: {}", decided(check, &case.decision, &case.witness), occurs(case));
    }
    for sentence in may_name(answer).map(str::to_owned).into_iter().chain(other_sessions(check)) {
        let _ = writeln!(out, "  {sentence}");
    }
    for left_open in &answer.left_open {
        let _ = writeln!(out, "  {}", words::left_open(left_open));
    }
}

/// What is not covered where Principal elements name sessions of the role that calls.
fn other_sessions(check: &Check) -> Option<String> {
    words::other_sessions(&check.policies, check.worlds.first().map(|request| &request.requester))
}

/// What is not covered where a policy that must exist was not given, and both ways deny for want of an Allow.
pub(crate) fn may_name(answer: &Answer) -> Option<&'static str> {
    let wants = |case: &Case| case.decision.verdict == Verdict::ImplicitlyDenied;
    let kind = answer.cases.iter().find_map(not_given)?;
    answer.cases.iter().all(wants).then(|| grounds::may_name(kind))
}

/// What decides between the cases.
fn subjects(answer: &Answer) -> String {
    const SHOWN: usize = 4;
    let conditions = answer.cases.iter().flat_map(|case| &case.when);
    let mut names: Vec<String> =
        conditions.flat_map(|when| when.keys()).map(Column::name).collect();
    names.sort_unstable();
    names.dedup();
    let more = names.len().saturating_sub(SHOWN);
    names.truncate(SHOWN);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    words::on_one_line(&format!("{}{more}", names.join(", ")))
}

/// When a case occurs.
fn occurs(case: &Case) -> String {
    words::occurs(case).unwrap_or_else(|| "always".to_owned())
}

/// The decision and why, without what else could be decided; everything, if it depends on anything.
pub(crate) fn decided_only(check: &Check) -> String {
    match check.inquiry.answer.cases.as_slice() {
        [case] if check.inquiry.answer.decision().is_some() => {
            let mut out = String::new();
            headline(check, case, &mut out);
            body(check, case, &mut out);
            out
        }
        _ => human(check),
    }
}

fn statement_name(check: &Check, id: StatementId) -> String {
    let Some((_, statement)) = check.policies.statement(id) else { return String::new() };
    statement.sid().map_or_else(|| format!("statement {}", id.statement + 1), words::on_one_line)
}

fn place(check: &Check, id: StatementId) -> String {
    let Some((document, statement)) = check.policies.statement(id) else { return String::new() };
    if statement.span == Span::NOWHERE {
        let is_later = statement.sid() == Some(open_world::SID);
        return if is_later { open_world::NAME } else { "(assumed)" }.to_owned();
    }
    format!("{}:{}", document.source.name(), document.source.place(statement.span.start))
}

/// "explicitly denied by `DenyDirect` (identity-based policy)".
pub(crate) fn decided(check: &Check, decision: &Decision, request: &Request) -> String {
    let names: Vec<_> = decision.statements.iter().map(|id| statement_name(check, *id)).collect();
    match decision.by {
        Answerable::NoPermissionNeeded => "exempt".to_owned(),
        Answerable::Root => format!("{} (the root user in its own account)", decision.verdict),
        Answerable::CrossAccount => {
            format!("{} by both accounts ({})", decision.verdict, names.join(", "))
        }
        Answerable::Layer(_) if is_blocked(decision) => {
            format!("{} by S3 Block Public Access (RestrictPublicBuckets)", decision.verdict)
        }
        Answerable::Layer(_)
            if decision.verdict == Verdict::Allowed
                && names.is_empty()
                && request.bucket.acl_counts() =>
        {
            format!("{} by the access control list (ACL)", decision.verdict)
        }
        Answerable::Layer(PolicyType::Resource)
            if names.is_empty()
                && request.bucket.asks_object_owner()
                && !request.bucket.acl_counts() =>
        {
            format!(
                "{}: the account that owns the object does not grant it by its ACL, and the bucket policy cannot",
                decision.verdict
            )
        }
        Answerable::Layer(_) if is_refused(decision, request) => {
            format!("{}: the service refuses it, whatever the policies say", decision.verdict)
        }
        Answerable::Layer(layer) if names.is_empty() => {
            format!("{}: no {} allows it", decision.verdict, layer.aws_name())
        }
        Answerable::Layer(layer) => {
            format!("{} by {} ({})", decision.verdict, names.join(", "), layer.aws_name())
        }
    }
}

/// The statements that make the bucket policy public.
fn that_make_it_public(check: &Check) -> Vec<String> {
    let places = check.policies.resource.iter().flat_map(public_statements);
    let id =
        |statement| StatementId { layer: PolicyType::Resource, level: 0, policy: 0, statement };
    places.map(|place| statement_name(check, id(place))).collect()
}

/// Whether the bucket is closed to others since its policy is public (E-36): a denial for which no Deny stands.
fn is_blocked(decision: &Decision) -> bool {
    decision.verdict == Verdict::ExplicitlyDenied && decision.statements.is_empty()
}

/// Whether no policy can allow it, since the service refuses it.
fn is_refused(decision: &Decision, request: &Request) -> bool {
    decision.verdict == Verdict::ImplicitlyDenied && refusal(request).is_some()
}

fn headline(check: &Check, case: &Case, out: &mut String) {
    verdict(check, case, out);
    about(check, case, out);
}

/// The verdict, and who answers for it.
fn verdict(check: &Check, case: &Case, out: &mut String) {
    let decision = &case.decision;
    let word = match decision.verdict {
        Verdict::Allowed => "ALLOWED",
        Verdict::ExplicitlyDenied => "DENIED explicitly",
        Verdict::ImplicitlyDenied => "DENIED implicitly",
        Verdict::Exempt => "EXEMPT",
    };
    let sentence = decided(check, decision, &case.witness);
    let rest = sentence.strip_prefix(decision.verdict.words()).unwrap_or(&sentence);
    let _ = writeln!(out, "{word}{rest}");
}

/// The request, why it is decided so, and AWS's own words.
fn about(check: &Check, case: &Case, out: &mut String) {
    let decision = &case.decision;
    let request = &case.witness;
    odd_owner(case, out);
    for sentence in whose::of_request(&check.policies, request, &check.switches) {
        let _ = writeln!(out, "  {sentence}");
    }
    let _ = writeln!(
        out,
        "  {} on {} by {}",
        request.action,
        words::on_one_line(&request.resource),
        request.requester.principal.display_arn()
    );
    let assumed_owner = !check.owner_is_given
        && iamsure_core::language::Arn::split(&request.resource)
            .is_some_and(|arn| arn.account.is_empty());
    if let (true, Some(account)) = (assumed_owner, request.requester.principal.account()) {
        let _ = writeln!(
            out,
            "  Assuming the resource belongs to account {account} (--resource-account to change)"
        );
    }
    let why = match (decision.verdict, decision.by) {
        (Verdict::Exempt, _) => exemption(&request.action).map(|exemption| {
            let limit = exemption.limit.map(|limit| format!("; {limit}")).unwrap_or_default();
            format!(
                "AWS performs no authorization check here: no policy allows or denies it ({}){limit}",
                exemption.source
            )
        }),
        (Verdict::ExplicitlyDenied, _) => {
            Some(if is_blocked(decision) {
                format!(
                    "the bucket policy is public ({}), so only services and callers of the bucket's account have access",
                    that_make_it_public(check).join(", ")
                )
            } else {
                "a matching Deny overrides every Allow, in any layer".to_owned()
            })
        }
        (Verdict::ImplicitlyDenied, _) if is_refused(decision, request) => {
            refusal(request).map(str::to_owned)
        }
        (Verdict::ImplicitlyDenied, Answerable::Layer(PolicyType::Trust)) => {
            Some("only the role's trust policy can allow the caller".to_owned())
        }
        (Verdict::ImplicitlyDenied, _) => {
            Some("The request needs an Allow from every applicable layer".to_owned())
        }
        (Verdict::Allowed, Answerable::CrossAccount) => {
            Some("cross-account access needs an Allow on both sides; both allow".to_owned())
        }
        (Verdict::Allowed, _) => None,
    };
    if let Some(why) = why {
        let _ = writeln!(out, "  {why}");
    }
    if let Some(message) = denial(request, decision) {
        let _ = writeln!(out, "\nAWS's error message would be\n  {}", words::on_one_line(&message));
        if let Some(wrapped) = wrapped_by_ec2(request, &message) {
            let _ = writeln!(
                out,
                "  EC2 reports it as UnauthorizedOperation, with an encoded message: {}",
                words::on_one_line(&wrapped)
            );
        }
    }
}

fn body(check: &Check, case: &Case, out: &mut String) {
    let request = &case.witness;
    if case.decision.verdict == Verdict::Exempt {
        return;
    }
    let policies = check.policies_of(case);
    let evaluation = evaluate(policies, request, &check.switches);
    out.push_str("\nlayers\n");
    for report in layers(policies, request, &evaluation, &check.switches) {
        // A layer that is not given is listed only where it answers.
        let answers = case.decision.by == Answerable::Layer(report.layer);
        if !answers && matches!(report.said, Said::NotGiven) {
            continue;
        }
        layer_line(check, case, &report, out);
    }
    let explained = (evaluation.statements.iter())
        .filter_map(|(id, ..)| explain(policies, *id, request, &check.switches));
    let (silent, mut explained): (Vec<_>, Vec<_>) = explained.partition(|one| {
        let matched = one.matched;
        matched.action.and(matched.resource).and(matched.principal) == Truth::False
    });
    // What stands in for a policy is nobody's statement.
    explained.retain(|one| Some(one.id.layer) != not_given(case));
    if !explained.is_empty() {
        out.push_str("\nstatements\n");
    }
    for explanation in &explained {
        statement(check, case, explanation, out);
    }
    near::silent(&silent, out);
    nearest(check, case, out);
}

/// Whether the policies of an SCP level hold no Allow, so that nothing gets through it.
fn allows_nothing_at_all(check: &Check, report: &LayerReport) -> bool {
    let policies = report
        .level
        .filter(|_| report.layer == PolicyType::Scp)
        .and_then(|level| check.policies.scp.get(level));
    policies.is_some_and(|policies| {
        let mut statements = policies.iter().flat_map(|policy| &policy.statements);
        !statements.any(|statement| *statement.effect == Effect::Allow)
    })
}

/// The layer whose policy a case assumes something of, since it was not given.
fn not_given(case: &Case) -> Option<PolicyType> {
    let is_of_it = |one: &Assumed| matches!(one, Assumed::Delegates | Assumed::Silent);
    case.assumes.iter().any(is_of_it).then(|| match mechanism(&case.witness) {
        Mechanism::Trust => PolicyType::Trust,
        Mechanism::Ordinary | Mechanism::Key => PolicyType::Resource,
    })
}

fn layer_line(check: &Check, case: &Case, report: &LayerReport, out: &mut String) {
    let name = match report.level {
        Some(level) => format!("{} level {level}", report.layer.aws_name()),
        None => report.layer.aws_name().to_owned(),
    };
    let names = |ids: &[StatementId]| {
        ids.iter().map(|id| statement_name(check, *id)).collect::<Vec<_>>().join(", ")
    };
    let is_assumed = not_given(case) == Some(report.layer);
    let said = match &report.said {
        Said::Delegates(_) if is_assumed => {
            "not given; here it delegates to the account's policies".to_owned()
        }
        Said::NotGiven if is_assumed => "not given; here it does not allow the caller".to_owned(),
        Said::NotGiven => "none given".to_owned(),
        Said::DoesNotApply => "does not apply to this request".to_owned(),
        Said::Denies(ids) => format!("DENIES    {}", names(ids)),
        Said::Allows(ids) => format!("allows    {}", names(ids)),
        Said::Delegates(ids) => format!("delegates to the account's policies: {}", names(ids)),
        Said::Depends(ids) => format!("depends   {}", names(ids)),
        Said::Silent if allows_nothing_at_all(check, report) => {
            "contains no Allow; if FullAWSAccess is attached here, give it too".to_owned()
        }
        // RCPFullAWSAccess is attached everywhere (E-22).
        Said::Silent if report.layer == PolicyType::Rcp => "does not deny".to_owned(),
        Said::Silent => "does not allow".to_owned(),
    };
    let _ = writeln!(out, "  {name:<33} {said}");
}

fn switches(dependences: &[SwitchDependence], out: &mut String) {
    if dependences.is_empty() {
        return;
    }
    out.push_str("\nundocumented AWS behaviour that the answer depends on\n");
    for SwitchDependence { switch, choice, otherwise } in dependences {
        let outcomes: Vec<_> =
            otherwise.iter().map(|(verdict, by)| format!("{verdict} ({by})")).collect();
        if *choice == "default" {
            let _ = writeln!(
                out,
                "  {switch} {}: --switch overrides the default; by default ({}) {}",
                switch.question(),
                switch.default_meaning(),
                outcomes.join(" or ")
            );
            continue;
        }
        let _ = writeln!(
            out,
            "  {switch} {}: assumed {}; with --switch {switch}={choice} {}",
            switch.question(),
            switch.default_meaning(),
            outcomes.join(" or ")
        );
    }
}
