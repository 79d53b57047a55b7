//! Condition keys: whether they exist, hold one value or several, and are ever there.

use iamsure_core::language::condition::operator::BaseOperator;
use iamsure_core::language::condition::{Family, Operand, Quantifier};
use iamsure_core::language::document::{Effect, Sense};
use iamsure_core::language::symbol::placeholders;
use iamsure_core::language::{Clause, Operator, PolicyType, Spanned, Statement};
use iamsure_reference::{
    Action, CallerKind, Presence, Standing, action, captured, condition_key, expand, global_key,
};
use iamsure_truth::{Caller, Occasion, Target};

use super::resource::pattern;
use super::{Code, Report, closest_key, listed_actions, shown};

pub(super) fn check(report: &mut Report<'_>, statement: &Spanned<Statement>) {
    if statement.condition.clauses.is_empty() {
        return;
    }
    let scope = Scope::of(report, statement);
    for clause in &statement.condition.clauses {
        if !placeholders(clause.key.as_str()).is_empty() || !report.may_look_up(1) {
            continue;
        }
        match condition_key(clause.key.as_str()) {
            Standing::Known(known) => {
                arity(report, clause, known.multivalued);
                supply(report, clause, &scope);
            }
            Standing::Retired(retirement) => {
                let message = format!(
                    "AWS no longer lists the condition key {}: gone {} (last listed by {})",
                    shown(clause.key.as_str()),
                    retirement.since,
                    retirement.source
                );
                report
                    .add(Code::RetiredConditionKey, clause.key.span, message)
                    .labelled(format!("if no request carries it, {}", when_absent(clause)));
            }
            Standing::Unknown => {
                let meant =
                    report.may_suggest().then(|| closest_key(clause.key.as_str())).flatten();
                let message = format!(
                    "AWS lists no condition key {} (data of {})",
                    shown(clause.key.as_str()),
                    captured()
                );
                let added = report
                    .add(Code::UnknownConditionKey, clause.key.span, message)
                    .labelled(format!("if no request carries it, {}", when_absent(clause)));
                if let Some(meant) = meant {
                    added.help(format!("did you mean `{meant}`?"));
                }
            }
        }
    }
}

/// C-45 and C-46.
fn arity(report: &mut Report<'_>, clause: &Clause, multivalued: bool) {
    let Operator { quantifier, base, .. } = *clause.operator;
    if base.family() == Family::Null {
        return;
    }
    let key = shown(clause.key.as_str());
    match (multivalued, quantifier) {
        (true, None) => {
            let message = format!(
                "{key} is multivalued, but `{}` compares a single value: AWS requires a set operator",
                *clause.operator
            );
            report
                .add(Code::PlainOperatorOnSet, clause.operator.span, message)
                .labelled("compares a request's single value, and is false for more than one (Q4)")
                .also(clause.key.span, "several values")
                .help(format!(
                    "write `ForAnyValue:{base}` (some value) or `ForAllValues:{base}` (every value; also true when the key is absent)",
                    base = base.name()
                ));
        }
        (false, Some(quantifier)) => {
            let message = format!(
                "{key} is single-valued, but `{}` is for multivalued keys",
                quantifier.name()
            );
            let label = match quantifier {
                Quantifier::ForAllValues => "is also true when the key is absent",
                Quantifier::ForAnyValue => "is read as a list of one",
            };
            report
                .add(Code::SetOperatorOnSingle, clause.operator.span, message)
                .labelled(label)
                .also(clause.key.span, "one value")
                .help(format!("write `{}`", Operator { quantifier: None, ..*clause.operator }));
        }
        _ => {}
    }
}

/// What a statement is about, as far as it decides which keys its requests carry.
struct Scope {
    /// The actions; none if they cannot be told.
    actions: Vec<Action>,
    /// Those of them that are named without a wildcard, in a statement that allows.
    allowed_by_name: Vec<Action>,
    /// Whether it is about every action there is.
    every_action: bool,
    /// The resources, as patterns; none for any.
    resources: Vec<String>,
    callers: Vec<Caller>,
}

impl Scope {
    fn of(report: &mut Report<'_>, statement: &Spanned<Statement>) -> Self {
        let mut scope = Self {
            actions: Vec::new(),
            allowed_by_name: Vec::new(),
            every_action: true,
            resources: Vec::new(),
            callers: callers(report.document.kind),
        };
        if let Some(entries) = listed_actions(statement)
            && !entries.iter().any(|entry| entry.is_every())
        {
            scope.every_action = false;
            for entry in entries {
                let before = scope.actions.len();
                if *statement.effect == Effect::Allow {
                    scope.allowed_by_name.extend(action(entry.as_str()).known());
                }
                scope.actions.extend(expand(entry.as_str()));
                if scope.actions.len() == before {
                    // An action that nobody published may carry anything.
                    scope.actions.clear();
                    break;
                }
                if !report.may_look_up(scope.actions.len() - before) {
                    scope.actions.clear();
                    break;
                }
            }
        }
        if let Some(resources) = &statement.resource
            && resources.sense == Sense::OneOf
            && !resources.entries.iter().any(|entry| entry.is_every())
        {
            let patterns: Option<Vec<_>> =
                resources.entries.iter().map(|entry| pattern(entry)).collect();
            scope.resources = patterns
                .unwrap_or_default()
                .into_iter()
                .map(std::borrow::Cow::into_owned)
                .collect();
        }
        scope
    }
}

/// Who the policies of a type look at (7.2).
fn callers(kind: PolicyType) -> Vec<Caller> {
    use CallerKind::{
        Anonymous, AssumeRootSession, FederatedUser, RoleSession, Root, ServicePrincipal,
        UserLongTermKey, UserTemporaryCredentials,
    };
    let members = [UserLongTermKey, UserTemporaryCredentials, RoleSession, FederatedUser];
    let kinds: &[CallerKind] = match kind {
        PolicyType::Identity | PolicyType::Boundary => &members,
        PolicyType::Session => &[RoleSession, FederatedUser, AssumeRootSession],
        PolicyType::Scp => &[
            UserLongTermKey,
            UserTemporaryCredentials,
            RoleSession,
            FederatedUser,
            Root,
            AssumeRootSession,
        ],
        PolicyType::Resource | PolicyType::Trust | PolicyType::Endpoint | PolicyType::Rcp => &[
            UserLongTermKey,
            UserTemporaryCredentials,
            RoleSession,
            FederatedUser,
            Root,
            AssumeRootSession,
            ServicePrincipal,
            Anonymous,
        ],
    };
    let token = matches!(kind, PolicyType::Trust | PolicyType::Rcp).then_some(Caller::Token);
    kinds.iter().copied().map(Caller::Principal).chain(token).collect()
}

/// K-3, K-15: a key that no request the statement is about carries.
fn supply(report: &mut Report<'_>, clause: &Clause, scope: &Scope) {
    let is_global = global_key(clause.key.as_str()).is_some();
    if scope.every_action && !is_global || !scope.every_action && scope.actions.is_empty() {
        return;
    }
    let whatever = [Standing::Unknown];
    let known: Vec<_> = scope.actions.iter().copied().map(Standing::Known).collect();
    let actions = if scope.every_action { whatever.as_slice() } else { known.as_slice() };
    let targets: Vec<_> = if scope.resources.is_empty() {
        vec![Target::Any]
    } else {
        scope.resources.iter().map(|arn| Target::Arn(arn)).collect()
    };
    let mut source = None;
    // The actions without the key.
    let mut without = Vec::new();
    for action in actions {
        let mut is_never = true;
        for target in &targets {
            if !report.may_look_up(1) {
                return;
            }
            let occasion =
                Occasion { action: *action, target: *target, callers: &scope.callers, path: None };
            let found = occasion.availability(&clause.key);
            is_never &= found.presence == Presence::Never;
            source = source.or(Some(found.source));
        }
        if is_never {
            without.extend(action.known());
        } else if is_global || scope.allowed_by_name.is_empty() || holds_when_absent(clause) {
            return;
        }
    }
    if !scope.every_action && without.len() < actions.len() {
        without.retain(|action| scope.allowed_by_name.contains(action));
        of_some(report, clause, &without);
        return;
    }
    let key = shown(clause.key.as_str());
    let absent = when_absent(clause);
    let (message, label, help) = if is_global {
        (
            format!(
                "{key} is never present in requests by callers that {} applies to",
                article(report.document.kind)
            ),
            absent.to_owned(),
            format!("see {}", source.unwrap_or_default()),
        )
    } else {
        let (actions, example) = match scope.actions.as_slice() {
            [one] => (one.to_string(), one.name()),
            several => (
                "any action of this statement".to_owned(),
                several.first().map_or("", |action| action.name()),
            ),
        };
        let on = if scope.resources.is_empty() { "" } else { " on its resources" };
        (
            format!("AWS does not list {key} for {actions}{on}"),
            format!("if no request carries it, {absent}"),
            format!("`iamsure keys {example}` shows what is listed; AWS's lists of keys have gaps"),
        )
    };
    report.add(Code::UnsuppliedKey, clause.key.span, message).labelled(label).help(help);
}

/// A key that some actions which a statement allows by name never have, and others do.
fn of_some(report: &mut Report<'_>, clause: &Clause, without: &[Action]) {
    let [first, others @ ..] = without else { return };
    let names = match others {
        [] => first.to_string(),
        [one] => format!("{first} and {one}"),
        several => format!("{first} and {} more of this statement", several.len()),
    };
    let message = format!("AWS does not list {} for {names}", shown(clause.key.as_str()));
    report
        .add(Code::UnsuppliedKey, clause.key.span, message)
        .labelled("if no request for them carries it, the statement does not allow them")
        .help(format!(
            "move those actions to a statement without this key; `iamsure keys {}` shows what is listed; AWS's lists of keys have gaps",
            first.name()
        ));
}

fn article(kind: PolicyType) -> String {
    let name = kind.aws_name();
    let article = if name.starts_with('i') { "an" } else { "a" };
    format!("{article} {name}")
}

/// What a clause is when its key is absent (5.2).
fn when_absent(clause: &Clause) -> &'static str {
    if holds_when_absent(clause) {
        "this clause is always true"
    } else {
        "this clause is never true, so the statement never matches"
    }
}

/// Whether a clause is true of a request without its key.
fn holds_when_absent(clause: &Clause) -> bool {
    let Operator { quantifier, base, if_exists } = *clause.operator;
    match (quantifier, base) {
        (_, BaseOperator::Null) => {
            clause.values.iter().any(|value| *value.operand() == Operand::Bool(Some(true)))
        }
        (Some(Quantifier::ForAllValues), _) => true,
        (Some(Quantifier::ForAnyValue), _) => false,
        (None, base) => base.is_negated() || if_exists,
    }
}
