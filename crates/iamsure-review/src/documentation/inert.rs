//! Statements of a page that change no decision, whatever is put in the place of their placeholders, and why.

use iamsure_core::decision::exemption::EXEMPTIONS;
use iamsure_core::language::document::{Effect, Named, PrincipalEntry, Sense};
use iamsure_core::language::{PolicyDocument, PolicyType, Span, Spanned, Statement};
use iamsure_core::world::PolicySet;
use iamsure_core::world::policy_set::StatementId;
use iamsure_truth::inert::{InertQuery, Inertness, StatementEffect, Why};
use iamsure_truth::setting::Setting;
use iamsure_truth::unanswered::Unanswered;

use super::fence::Excerpt;
use super::flaw::{Flaw, flaws, of_no_account};
use super::placeholder::{self, Openness};
use crate::expansion::{Expansion, Nothing};
use crate::lint::why;
use crate::review_claim::Owner;

/// How many statements of one policy are asked about with their placeholders widened.
const MAX_WIDENED: usize = 24;

/// How many clauses of a statement are looked at for the one that is never met.
const MAX_CLAUSES: usize = 12;

/// A statement that changes no decision, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Inert {
    /// Which statement, from 0.
    pub(super) statement: usize,
    /// Why, as the rest of a sentence after "because".
    pub(super) because: String,
    /// Whether that is because AWS authorizes none of its calls.
    pub(super) is_exempt: bool,
    /// What is wrong with the values that match nothing.
    pub(super) flaws: Vec<Flaw>,
}

/// What there is to know about the statements of a policy.
#[derive(Clone, Debug, Default)]
pub(super) struct Statements {
    /// Those that change no decision.
    pub(super) inert: Vec<Inert>,
    /// What placeholders leave open, of each.
    pub(super) open: Vec<Openness>,
}

/// Whether a document is a stack policy of CloudFormation, whose actions are updates of a stack. It is written as
/// an IAM policy is, and evaluated by other rules.
///
/// AWS page: CloudFormation User Guide, `protect-stack-resources`.
pub(super) fn is_stack_policy(policy: &PolicyDocument) -> bool {
    let elements = || policy.statements.iter().filter_map(|statement| statement.action.as_ref());
    let is_update = |text: &str| {
        text.split_once(':').is_some_and(|(prefix, _)| prefix.eq_ignore_ascii_case("update"))
    };
    elements().next().is_some()
        && elements().flat_map(|element| &element.entries).all(|entry| is_update(entry.as_str()))
}

/// The statements of a policy that change no decision.
///
/// Those all of whose actions AWS does not authorize at all (O-1), and those that are proved to change no
/// access whatever other Allow is attached, whoever owns the resource where nothing says that, whatever the
/// placeholders stand for, and however AWS decides where its documentation is silent.
pub(super) fn statements(excerpt: &Excerpt) -> Statements {
    let policy = &excerpt.policy;
    let open: Vec<Openness> = policy
        .statements
        .iter()
        .map(|statement| placeholder::of(&policy.source, statement))
        .collect();
    let mut inert: Vec<Inert> = policy.statements.iter().enumerate().filter_map(exempt).collect();
    for (number, (statement, open)) in policy.statements.iter().zip(&open).enumerate() {
        let flaws = of_no_account(policy.kind, statement)
            .filter(|_| open.is_none())
            .filter(|_| !inert.iter().any(|known| known.statement == number));
        inert.extend(flaws.map(|flaws| Inert {
            statement: number,
            because: flaws.first().map_or_else(String::new, |first| {
                format!("it matches no request: {}", first.message)
            }),
            is_exempt: false,
            flaws,
        }));
    }
    let judged = Judged { excerpt, open: &open };
    let mut add = |found: Option<Inert>| {
        if let Some(found) = found
            && !inert.iter().any(|known| known.statement == found.statement)
        {
            inert.push(found);
        }
    };
    for found in proved(policy) {
        if judged.holds_for_every_value(&found.effect) {
            add(judged.inert(&found, found.effect.statement.statement));
        }
    }
    for found in judged.proved_wide() {
        let number = found.effect.statement.statement;
        let why = &found.effect.why;
        if open.get(number).is_none_or(Openness::is_none) {
            continue;
        }
        if matches!(why, Some(Why::MatchesNothing | Why::Unpublished) | None) {
            add(judged.inert(&found, number));
            continue;
        }
        // What others do is what they do with every value only if they have no placeholders.
        let (policy, place) = judged.with_widest(number);
        let mut found = proved(&policy).into_iter();
        if let Some(found) = found.find(|found| found.effect.statement.statement == place) {
            add(judged.inert(&found, number));
        }
    }
    inert.sort_by_key(|inert| inert.statement);
    Statements { inert, open }
}

/// A statement about nothing but calls that AWS does not authorize.
fn exempt((number, statement): (usize, &Spanned<Statement>)) -> Option<Inert> {
    let element = statement.action.as_ref()?;
    if element.sense != Sense::OneOf || element.entries.is_empty() {
        return None;
    }
    let mut exempt: Vec<String> = Vec::new();
    let all_exempt = element.entries.iter().all(|entry| {
        let actions = Expansion::of(entry.as_str()).actions;
        let names: Vec<String> = actions.iter().map(|action| action.name().to_owned()).collect();
        let is_exempt = |name: &String| EXEMPTIONS.iter().any(|known| known.action == *name);
        let all = !names.is_empty() && names.iter().all(is_exempt);
        exempt.extend(names);
        all
    });
    if !all_exempt {
        return None;
    }
    exempt.dedup();
    let list: Vec<_> = exempt.iter().map(|name| format!("`{name}`")).collect();
    let needs = if list.len() == 1 { "needs" } else { "need" };
    Some(Inert {
        statement: number,
        because: format!("{} {needs} no permission and cannot be denied", list.join(", ")),
        is_exempt: true,
        flaws: Vec::new(),
    })
}

/// A statement that is proved to change no access in any world, whoever owns the resource.
struct Proved {
    /// The policies it was asked of.
    policies: PolicySet,
    effect: StatementEffect,
    /// Whether it is otherwise with another choice where AWS's documentation is silent.
    is_dependent: bool,
}

fn proved(policy: &PolicyDocument) -> Vec<Proved> {
    let policies = PolicySet::of(policy.clone());
    let mut settings = vec![Setting::default()];
    let owner = Owner::of(&policies);
    if policy.kind == PolicyType::Resource && !owner.is_named {
        settings.push(Setting { resource_account: Some(owner.account), ..Setting::default() });
    }
    let mut left: Option<Vec<Proved>> = None;
    for setting in settings {
        let query = InertQuery { policies: policies.clone(), setting, examples: false };
        // Where it takes too much, nothing is said; `iamsure lint` says that too.
        let Ok((answer, dependent)) = answered(&query) else { return Vec::new() };
        let found = answer.statements.into_iter().filter(StatementEffect::is_inert_in_every_world);
        let found: Vec<Proved> = found
            .filter_map(|effect| {
                let is_same = |known: &&Proved| known.effect.statement == effect.statement;
                let before = match &left {
                    Some(left) => left.iter().find(is_same)?.is_dependent,
                    None => false,
                };
                let is_dependent = before || dependent.contains(&effect.statement);
                Some(Proved { policies: policies.clone(), effect, is_dependent })
            })
            .collect();
        if found.is_empty() {
            return Vec::new();
        }
        left = Some(found);
    }
    left.unwrap_or_default()
}

/// What every statement does, and those of which that depends on what AWS does not document.
fn answered(query: &InertQuery) -> Result<(Inertness, Vec<StatementId>), Unanswered> {
    let answer = query.answer()?;
    let dependent = query.dependent(&answer)?;
    Ok((answer, dependent.into_iter().map(|(statement, ..)| statement).collect()))
}

/// A policy with what its placeholders leave open.
struct Judged<'a> {
    excerpt: &'a Excerpt,
    open: &'a [Openness],
}

impl Judged<'_> {
    /// Whether what was proved of the policy as written holds for every value of its placeholders. One statement
    /// covers another with any value if it does with the placeholder itself, which equals only itself, unless one of
    /// them is about everything but that value.
    fn holds_for_every_value(&self, effect: &StatementEffect) -> bool {
        let of = |number: usize| self.open.get(number);
        let number = effect.statement.statement;
        let is_negated = |number: usize| of(number).is_some_and(|open| open.is_negated);
        let is_open = of(number).is_some_and(|open| !open.is_none());
        match &effect.why {
            Some(Why::Covered(others)) if !others.is_empty() => {
                !is_negated(number) && !others.iter().any(|other| is_negated(other.statement))
            }
            Some(Why::MatchesNothing | Why::Unpublished | Why::Exempt) | None => !is_open,
            _ => !is_open && self.open.iter().all(|open| !open.is_negated),
        }
    }

    /// The statements that change nothing even where every one is as wide as can be.
    fn proved_wide(&self) -> Vec<Proved> {
        if self.open.iter().all(Openness::is_none) {
            return Vec::new();
        }
        let mut policy = self.excerpt.policy.clone();
        policy.statements =
            policy.statements.iter().map(placeholder::widest).collect::<Vec<_>>().into();
        let mut found = proved(&policy);
        found.truncate(MAX_WIDENED);
        found
    }

    /// The policy with one statement as wide as can be, and of the others those without placeholders; and where in
    /// it that statement is.
    fn with_widest(&self, number: usize) -> (PolicyDocument, usize) {
        let mut policy = self.excerpt.policy.clone();
        let (mut left, mut place) = (Vec::new(), 0);
        for (at, (statement, open)) in policy.statements.iter().zip(self.open).enumerate() {
            if at == number {
                place = left.len();
                left.push(placeholder::widest(statement));
            } else if open.is_none() {
                left.push(statement.clone());
            }
        }
        policy.statements = left.into();
        (policy, place)
    }

    /// What is said of a statement that was proved inert; nothing, if nobody knows what it is about.
    fn inert(&self, proved: &Proved, number: usize) -> Option<Inert> {
        let Proved { policies, effect, is_dependent } = proved;
        let statement = self.excerpt.policy.statements.get(number)?;
        let mut because = why(policies, effect, statement);
        let mut found = Vec::new();
        match &effect.why {
            // What AWS never published may be of another system, or of a page's own making.
            Some(Why::Unpublished) if is_of_unknown_services(statement) => return None,
            Some(Why::MatchesNothing) | None => {
                found = flaws(&self.excerpt.findings, statement);
                // What is wrong with a placeholder is wrong with nothing that is put in its place.
                let open = self.open.get(number).into_iter().flat_map(|open| &open.placeholders);
                let spans: Vec<Span> = open.map(|placeholder| placeholder.span).collect();
                found.retain(|flaw| {
                    !spans.iter().any(|at| flaw.span.start <= at.start && at.end <= flaw.span.end)
                });
                if found.is_empty() {
                    found.extend(unmet(&self.excerpt.policy, number));
                }
                if let Some(first) = found.first() {
                    because = format!("{because}: {}", first.message);
                }
            }
            Some(Why::HeldBack | Why::Several) if is_for_the_owner(policies, statement) => {
                "its principal is the account that owns the resource: callers there need an identity-based policy either way, and that alone suffices".clone_into(&mut because);
            }
            _ => {}
        }
        // What AWS leaves open is not said, but for a value that is wrong either way.
        let is_certain = !is_dependent || found.iter().any(|flaw| flaw.is_of_form);
        is_certain.then_some(Inert { statement: number, because, is_exempt: false, flaws: found })
    }
}

/// The first clause with which a statement matches nothing, and without which, and what comes after it, it would match
/// something; `None` if it is not the condition.
fn unmet(policy: &PolicyDocument, number: usize) -> Option<Flaw> {
    let statement = policy.statements.get(number)?;
    let wide = placeholder::widest(statement);
    let matches_nothing = |clauses: usize| {
        let (mut policy, mut part) = (policy.clone(), wide.clone());
        part.value.condition.clauses.truncate(clauses);
        policy.statements = vec![part].into();
        let policies = PolicySet::of(policy);
        let query = InertQuery { policies, setting: Setting::default(), examples: false };
        query.answer().is_ok_and(|answer| {
            answer.statements.iter().all(|effect| effect.why == Some(Why::MatchesNothing))
        })
    };
    let count = wide.condition.clauses.len();
    let with = (0..=count.min(MAX_CLAUSES)).find(|clauses| matches_nothing(*clauses))?;
    let clause = wide.condition.clauses.get(with.checked_sub(1)?)?;
    Some(Flaw {
        span: Span::new(clause.operator.span.start, clause.span.end.max(clause.operator.span.end)),
        message: format!(
            "no request that it otherwise covers meets its condition on `{}`",
            clause.key.as_str()
        ),
        label: "met by no request".to_owned(),
        is_of_form: false,
    })
}

/// Whether some action is of a service that AWS never published, and like none that it did.
fn is_of_unknown_services(statement: &Statement) -> bool {
    let entries = statement.action.iter().flat_map(|element| &element.entries);
    entries.map(|entry| Expansion::of(entry.as_str())).any(|expansion| {
        expansion.nothing() == Some(Nothing::UnknownService) && expansion.meant().is_none()
    })
}

/// Whether an Allow names nobody but the account that owns the resource.
fn is_for_the_owner(policies: &PolicySet, statement: &Statement) -> bool {
    let owner = Owner::of(policies);
    let Some(element) = &statement.principal else { return false };
    *statement.effect == Effect::Allow
        && element.sense == Sense::OneOf
        && owner.is_named
        && element.entries.iter().all(|entry| match &entry.value {
            PrincipalEntry::Aws(aws) => aws.named() == Named::Account(&owner.account),
            _ => false,
        })
}
