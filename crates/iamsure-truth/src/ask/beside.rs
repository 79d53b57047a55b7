//! What is assumed beside layers that only limit.
//!
//! A service control policy, a permissions boundary, a session policy and an endpoint policy let nothing through
//! that they do not allow. One that holds nothing but Deny statements, asked alone, would deny every request: every
//! claim that something is never allowed were true of it, and no change of it would change anything. It is written
//! to stand beside a policy that allows, so it is decided beside one:
//!
//! - an SCP level without an Allow beside `FullAWSAccess`, which AWS attaches to every node (E-20); also beside
//!   other policies;
//! - where nothing given grants anything, callers whose own policies allow everything, and a boundary, session or
//!   endpoint policy without an Allow as if it allowed everything else. Beside policies that grant, such a document
//!   is all there is of its layer, and is decided as it is: it denies everything (E-10, E-11, E-24).
//!
//! A resource control policy never denies for want of an Allow: `RCPFullAWSAccess` cannot be detached (E-22).

use std::sync::OnceLock;

use iamsure_core::language::document::Effect;
use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source, Span};
use iamsure_core::world::PolicySet;

use super::callers::Callers;

/// What a stand-in is called in place of a file.
const NOT_GIVEN: &str = "(not given)";

/// The Sid of statements that nobody wrote.
pub(crate) const ASSUMED: &str = "AssumedAllow";

/// What is assumed beside layers that only limit; nothing, by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Whether callers are assumed to be allowed everything else, since no policy given grants anything.
    pub grants_everything: bool,
    /// The levels of service control policies beside which `FullAWSAccess` is assumed, since nothing of them allows
    /// anything. In order.
    pub full_access: Vec<usize>,
    /// The layers, of boundary, session and endpoint policies, that are decided as if they allowed everything that they
    /// do not deny, since nothing of them allows anything.
    pub open_layers: Vec<PolicyType>,
    /// The layers, of the same, that nothing passes, since nothing of them allows anything: they are given beside policies
    /// that grant.
    pub closed_layers: Vec<PolicyType>,
}

impl Beside {
    /// What is assumed beside `policies`, by whatever user or role they are asked.
    pub fn of(policies: &PolicySet) -> Self {
        Self::of_callers(policies, &Callers::default())
    }

    /// What is assumed beside `policies` where `callers` ask.
    pub(crate) fn of_callers(policies: &PolicySet, callers: &Callers<'_>) -> Self {
        let grants_everything = !grants(policies, callers);
        let levels = policies.scp.iter().enumerate();
        let full_access =
            levels.filter(|(_, level)| !allow(level.iter())).map(|(number, _)| number).collect();
        let given = [
            (PolicyType::Boundary, policies.boundary.as_slice()),
            (PolicyType::Session, policies.session.as_slice()),
            (PolicyType::Endpoint, policies.endpoint.as_slice()),
        ];
        let silent = given
            .into_iter()
            .filter(|(_, documents)| !documents.is_empty() && !allow(*documents))
            .map(|(layer, _)| layer)
            .collect();
        let (open_layers, closed_layers) =
            if grants_everything { (silent, Vec::new()) } else { (Vec::new(), silent) };
        Self { grants_everything, full_access, open_layers, closed_layers }
    }

    /// Whether `policies` of a resource or role are asked without those of their callers: who needs an Allow of its own is
    /// allowed only if these hold one.
    pub fn leaves_out_callers(&self, policies: &PolicySet) -> bool {
        policies.identity.is_empty()
            && (policies.resource.is_some() || policies.trust.is_some())
            && !self.grants_everything
    }

    /// Whether there is nothing to say.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// What is assumed beside either of two.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.grants_everything |= other.grants_everything;
        join(&mut self.full_access, &other.full_access);
        join(&mut self.open_layers, &other.open_layers);
        join(&mut self.closed_layers, &other.closed_layers);
        self
    }

    /// The policies with what is assumed. Every statement given keeps its place.
    pub(crate) fn added_to(&self, policies: &PolicySet, callers: &Callers<'_>) -> PolicySet {
        let mut policies = policies.clone();
        for level in &self.full_access {
            if let Some(level) = policies.scp.get_mut(*level) {
                level.extend(full_access());
            }
        }
        for layer in &self.open_layers {
            match layer {
                PolicyType::Boundary => add_everything(&mut policies.boundary),
                PolicyType::Endpoint => add_everything(&mut policies.endpoint),
                _ => policies.session.extend(everything(PolicyType::Session)),
            }
        }
        if self.grants_everything {
            policies.identity.extend(everything(PolicyType::Identity));
            if policies.session.is_empty() && callers.need_a_session_policy() {
                policies.session.extend(everything(PolicyType::Session));
            }
        }
        policies
    }

    /// What is assumed, in sentences; none, if nothing is.
    pub fn sentences(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        if !self.full_access.is_empty() {
            let named = levels(&self.full_access);
            sentences.push(format!(
                "Assuming FullAWSAccess is attached at {named}: these SCPs contain no Allow."
            ));
        }
        if let Some((names, have_none)) = named(&self.open_layers) {
            sentences.push(format!("Assuming the {names} also allows everything: {have_none}."));
        }
        if let Some((names, have_none)) = named(&self.closed_layers) {
            sentences.push(format!("The {names} blocks everything: {have_none}."));
        }
        if self.grants_everything {
            sentences.push("No identity-based policy given: assuming callers have full access. \"Allowed\" means \"not blocked by these policies\".".to_owned());
        }
        sentences
    }

    /// What the layers without an Allow do in earnest, in sentences; none, if there are none.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if !self.full_access.is_empty() {
            let named = levels(&self.full_access);
            warnings.push(format!("Without FullAWSAccess at {named}, everything is denied."));
        }
        for layer in &self.open_layers {
            let name = layer.aws_name();
            warnings.push(format!("As written, this {name} denies everything."));
        }
        warnings
    }
}

/// Puts what is not there yet into a list in order.
fn join<T: Ord + Copy>(list: &mut Vec<T>, others: &[T]) {
    list.extend(others);
    list.sort_unstable();
    list.dedup();
}

/// The names of some layers, and that they allow nothing.
fn named(layers: &[PolicyType]) -> Option<(String, &'static str)> {
    let names: Vec<&str> = layers.iter().map(|layer| layer.aws_name()).collect();
    let have_none = match layers.len() {
        0 => return None,
        1 => "it contains no Allow",
        _ => "they contain no Allow",
    };
    Some((names.join(" and the "), have_none))
}

/// "level 0", "levels 0 and 2".
fn levels(levels: &[usize]) -> String {
    let named: Vec<String> = levels.iter().map(ToString::to_string).collect();
    let plural = if named.len() == 1 { "level" } else { "levels" };
    format!("{plural} {}", named.join(" and "))
}

/// Whether any of the policies can grant anything to the callers.
fn grants(policies: &PolicySet, callers: &Callers<'_>) -> bool {
    may_grant(policies) || (!policies.session.is_empty() && callers.are_granted_by_sessions())
}

const fn may_grant(policies: &PolicySet) -> bool {
    !policies.identity.is_empty() || policies.resource.is_some() || policies.trust.is_some()
}

/// Whether some of the policies allow something.
pub(crate) fn allow<'a>(policies: impl IntoIterator<Item = &'a PolicyDocument>) -> bool {
    let mut statements = policies.into_iter().flat_map(|policy| &policy.statements);
    statements.any(|statement| *statement.effect == Effect::Allow)
}

/// Whether anything may be assumed beside these policies, whoever asks.
pub(crate) fn may_assume(policies: &PolicySet) -> bool {
    !may_grant(policies) || !policies.scp.iter().all(allow)
}

/// What AWS attaches to every node of an organization, unless somebody takes it away.
///
/// AWS page: Organizations User Guide, `orgs_manage_policies_scps`.
fn full_access() -> Option<PolicyDocument> {
    static READ: OnceLock<Option<PolicyDocument>> = OnceLock::new();
    let text = r#"{ "Version": "2012-10-17", "Statement": { "Sid": "FullAWSAccess", "Effect": "Allow", "Action": "*", "Resource": "*" } }"#;
    READ.get_or_init(|| read(PolicyType::Scp, text)).clone()
}

/// A policy that allows everything to everybody.
fn everything(kind: PolicyType) -> Option<PolicyDocument> {
    static READ: [OnceLock<Option<PolicyDocument>>; 2] = [OnceLock::new(), OnceLock::new()];
    let [plain, with_principal] = &READ;
    let (known, principal) =
        if kind.has_principal() { (with_principal, r#""Principal": "*", "#) } else { (plain, "") };
    let text = format!(
        r#"{{ "Version": "2012-10-17", "Statement": {{ "Sid": "{ASSUMED}", "Effect": "Allow", {principal}"Action": "*", "Resource": "*" }} }}"#
    );
    let read = known.get_or_init(|| read(kind, &text)).clone();
    read.map(|policy| PolicyDocument { kind, ..policy })
}

/// Puts a statement that allows everything behind those of a policy.
fn add_everything(policy: &mut Option<PolicyDocument>) {
    if let Some(policy) = policy
        && let Some(granting) = everything(policy.kind)
    {
        extend(policy, &granting);
    }
}

/// Puts the statements of a stand-in behind those of a policy, in no place of its text.
pub(crate) fn extend(policy: &mut PolicyDocument, stand_in: &PolicyDocument) {
    let mut stand_in = stand_in.clone();
    take_place(&mut stand_in);
    policy.statements.to_mut().extend(stand_in.statements.iter().cloned());
}

/// Takes the places of the statements of a stand-in: nobody wrote them.
fn take_place(stand_in: &mut PolicyDocument) {
    for statement in stand_in.statements.to_mut() {
        statement.span = Span::NOWHERE;
    }
}

/// A stand-in of this text.
pub(crate) fn read(kind: PolicyType, text: &str) -> Option<PolicyDocument> {
    named_as(NOT_GIVEN, kind, text)
}

/// A policy that nobody wrote, of this text, called `name` in place of a file.
pub(crate) fn named_as(name: &str, kind: PolicyType, text: &str) -> Option<PolicyDocument> {
    let read = PolicyDocument::read(&Source::new(name, text), kind, Profile::Lenient);
    let mut policy = read.ok()?;
    take_place(&mut policy);
    Some(policy)
}
