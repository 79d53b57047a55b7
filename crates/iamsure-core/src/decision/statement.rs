//! Does one statement match a request? Action, resource, principal and condition, all of them (E-3).

use super::clause::{self, Facts};
use super::precedence::Strength;
use super::principal;
use super::truth::Truth;
use crate::language::document::{
    ActionElement, Effect, PolicyDocument, PolicyType, PrincipalElement, ResourceElement, Sense,
    Statement,
};
use crate::language::resource::{CompiledResource, ResourceMatch, ResourceRules};
use crate::language::source::Spanned;
use crate::world::request::Request;
use crate::world::switch::{Switch, Switches};

/// Whether a statement matches, part by part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StatementMatch {
    /// Whether the action matches.
    pub action: Truth,
    /// Whether the resource matches.
    pub resource: Truth,
    /// Whether the principal matches; true where the type of policy has none.
    pub principal: Truth,
    /// How strongly the principal is named.
    pub strength: Strength,
    /// Whether every clause is true.
    pub condition: Truth,
}

impl StatementMatch {
    /// Whether the statement matches.
    pub fn truth(&self) -> Truth {
        self.action.and(self.resource).and(self.principal).and(self.condition)
    }
}

/// The facts that the clauses of `document` are judged against.
pub fn facts<'a>(
    document: &PolicyDocument,
    request: &'a Request,
    switches: &'a Switches,
) -> Facts<'a> {
    Facts {
        context: &request.context,
        reading: document.reading(switches.is_alternative(Switch::Q1)),
        switches,
    }
}

/// As [`judge`], but stops at the first part that is false; the parts after it say false too. Most
/// statements of a large set do not name the action, and cost no more than that.
pub fn judge_until_false(
    document: &PolicyDocument,
    statement: &Statement,
    request: &Request,
    has_boundary: bool,
    switches: &Switches,
) -> StatementMatch {
    let facts = facts(document, request, switches);
    until_false(document.kind, statement, request, has_boundary, facts, || {
        resource_part(document.kind, statement.resource.as_ref(), request, facts)
    })
}

/// As [`judge_until_false`], with the entries of Resource or NotResource made ready, in their order.
pub(super) fn judge_compiled(
    kind: PolicyType,
    statement: &Statement,
    resources: &[CompiledResource],
    request: &Request,
    has_boundary: bool,
    facts: Facts<'_>,
) -> StatementMatch {
    until_false(kind, statement, request, has_boundary, facts, || {
        let element = statement.resource.as_ref();
        listed_part(kind, element, request, facts.switches, |element| {
            let value_of = |key: &_| clause::value_of(key, facts);
            element
                .entries
                .iter()
                .zip(resources)
                .map(move |(entry, compiled)| compiled.matches(entry, &request.resource, value_of))
        })
    })
}

fn until_false(
    kind: PolicyType,
    statement: &Statement,
    request: &Request,
    has_boundary: bool,
    facts: Facts<'_>,
    resource: impl FnOnce() -> Truth,
) -> StatementMatch {
    let mut matched = StatementMatch {
        action: action_part(statement.action.as_ref(), request),
        resource: Truth::False,
        principal: Truth::False,
        strength: Strength::None,
        condition: Truth::False,
    };
    if matched.action == Truth::False {
        return matched;
    }
    (matched.principal, matched.strength) =
        principal_part(kind, statement, request, has_boundary, facts.switches);
    if matched.principal == Truth::False {
        return matched;
    }
    matched.resource = resource();
    if matched.resource == Truth::False {
        return matched;
    }
    matched.condition = Truth::all(
        statement.condition.clauses.iter().map(|clause| clause::judge(clause, facts).truth),
    );
    matched
}

/// Judges a statement of `document` against a request of somebody who has, or has not, a
/// permissions boundary.
pub fn judge(
    document: &PolicyDocument,
    statement: &Statement,
    request: &Request,
    has_boundary: bool,
    switches: &Switches,
) -> StatementMatch {
    let facts = facts(document, request, switches);
    let (principal, strength) =
        principal_part(document.kind, statement, request, has_boundary, switches);
    StatementMatch {
        action: action_part(statement.action.as_ref(), request),
        resource: resource_part(document.kind, statement.resource.as_ref(), request, facts),
        principal,
        strength,
        condition: Truth::all(
            statement.condition.clauses.iter().map(|clause| clause::judge(clause, facts).truth),
        ),
    }
}

/// M-6. An element that is missing or empty matches nothing (T-7, G-9).
fn action_part(element: Option<&Spanned<ActionElement>>, request: &Request) -> Truth {
    element.is_some_and(|element| element.names(&request.action)).into()
}

/// The choices of `switches` on which a resource match depends.
pub fn resource_rules(switches: &Switches) -> ResourceRules {
    ResourceRules {
        substituted_wildcards: switches.is_alternative(Switch::Q11),
        fields_ignore_case: switches.is_alternative(Switch::Q13),
        inner_runs_cross: switches.is_alternative(Switch::Q14),
        complete_everywhere: switches.is_alternative(Switch::Q15),
        no_value_matters: switches.is_alternative(Switch::Q3),
        all_matches_arns: switches.is_alternative(Switch::Q23),
        early_variables: switches.is_alternative(Switch::Q26),
    }
}

fn resource_part(
    kind: PolicyType,
    element: Option<&Spanned<ResourceElement>>,
    request: &Request,
    facts: Facts<'_>,
) -> Truth {
    let rules = resource_rules(facts.switches);
    listed_part(kind, element, request, facts.switches, |element| {
        let value_of = |key: &_| clause::value_of(key, facts);
        element.entries.iter().map(move |entry| {
            // Most entries of a large policy start otherwise.
            let mut start = request.resource.chars();
            if entry.literal_start(facts.reading, rules).any(|c| start.next() != Some(c)) {
                return ResourceMatch::No;
            }
            entry.matches(&request.resource, kind, facts.reading, rules, value_of)
        })
    })
}

/// M-17, M-18, from how each entry matches. Without the element a trust policy is about its role, and a
/// resource-based policy about its resource, except that in a KMS key policy the statement has no
/// effect (T-3).
fn listed_part<'s, M: Iterator<Item = ResourceMatch>>(
    kind: PolicyType,
    element: Option<&'s Spanned<ResourceElement>>,
    request: &Request,
    switches: &Switches,
    matches: impl FnOnce(&'s ResourceElement) -> M,
) -> Truth {
    let Some(element) = element else {
        let is_kms = request.action.prefix().eq_ignore_ascii_case("kms");
        return match kind {
            PolicyType::Trust => Truth::True,
            PolicyType::Resource => (!is_kms).into(),
            PolicyType::Identity
            | PolicyType::Boundary
            | PolicyType::Session
            | PolicyType::Endpoint
            | PolicyType::Scp
            | PolicyType::Rcp => Truth::False,
        };
    };
    if element.entries.is_empty() {
        return Truth::False;
    }
    let mut listed = Truth::False;
    for matched in matches(element) {
        match matched {
            ResourceMatch::Yes => {
                listed = Truth::True;
                break;
            }
            ResourceMatch::No => {}
            ResourceMatch::NoValue
                if element.sense == Sense::NoneOf && switches.is_alternative(Switch::Q3) =>
            {
                return Truth::False;
            }
            ResourceMatch::NoValue => {}
            ResourceMatch::Unknown => listed = Truth::Unknown,
        }
    }
    match element.sense {
        Sense::OneOf => listed,
        Sense::NoneOf => listed.not(),
    }
}

fn principal_part(
    kind: PolicyType,
    statement: &Statement,
    request: &Request,
    has_boundary: bool,
    switches: &Switches,
) -> (Truth, Strength) {
    if !kind.has_principal() {
        return (Truth::True, Strength::Direct);
    }
    let Some(element) = &statement.principal else { return (Truth::False, Strength::None) };
    let element: &PrincipalElement = element;
    let effect: Effect = *statement.effect;
    let named =
        principal::names(element, effect, &request.requester.principal, has_boundary, switches);
    at_endpoint(kind, element.sense, named, request)
}

/// P-15: at a gateway endpoint an account is its root user, who is named directly.
fn at_endpoint(
    kind: PolicyType,
    sense: Sense,
    (truth, strength): (Truth, Strength),
    request: &Request,
) -> (Truth, Strength) {
    let by_account = strength == Strength::Account && sense == Sense::OneOf;
    if kind == PolicyType::Endpoint && request.through_gateway_endpoint && by_account {
        return (Truth::False, Strength::None);
    }
    (truth, strength)
}

/// Whether a statement is for a caller, asked about many: the part of [`judge`] that depends on the caller.
#[derive(Clone, Debug)]
pub struct Addressees<'a> {
    kind: PolicyType,
    effect: Effect,
    element: Option<(Sense, principal::Entries<'a>)>,
}

impl<'a> Addressees<'a> {
    /// Those of a statement in a policy of this type.
    pub fn new(kind: PolicyType, statement: &'a Statement) -> Self {
        let element = statement.principal.as_ref();
        let element = element.map(|element| (element.sense, principal::Entries::new(element)));
        Self { kind, effect: *statement.effect, element }
    }

    /// As [`StatementMatch::principal`] and [`StatementMatch::strength`].
    pub fn names(
        &self,
        request: &Request,
        has_boundary: bool,
        switches: &Switches,
    ) -> (Truth, Strength) {
        if !self.kind.has_principal() {
            return (Truth::True, Strength::Direct);
        }
        let Some((sense, entries)) = &self.element else { return (Truth::False, Strength::None) };
        let caller = &request.requester.principal;
        let named = entries.names(self.effect, caller, has_boundary, switches);
        at_endpoint(self.kind, *sense, named, request)
    }
}
