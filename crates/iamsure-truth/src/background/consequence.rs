//! What follows from several rules together.
//!
//! A rule ties two keys, and is looked at where both are asked about. Two rules may tie two keys by a third that nobody
//! asks about: what EC2 says of its instance is there for roles alone, `aws:username` for users alone, so the two never
//! meet. What follows is a rule of its own here, so that no request is shown that holds both.

use std::collections::HashMap;
use std::sync::LazyLock;

use iamsure_core::language::ConditionKey;
use iamsure_core::world::Evidence::{self, Assumed, Documented};

use super::rule::Fact::{
    self, Absent, HasTag, Identifies, Is, OfItsAccount, OfItsResource, Present,
};
use super::rule::{FAMILY, RULES, Rule};
use crate::class::identity::IdentityKey;

/// Every rule: those that are written down, and what follows from several of them.
pub fn rules() -> &'static [Rule] {
    static ALL: LazyLock<Vec<Rule>> = LazyLock::new(|| {
        let mut all = RULES.to_vec();
        for evidence in [Documented, Assumed] {
            for found in consequences(evidence) {
                if !all.iter().any(|known| says_as_much(known, &found)) {
                    all.push(found);
                }
            }
        }
        all
    });
    &ALL
}

/// The rules of which both keys are among some, in small letters, and those about families of keys, in order.
pub(super) fn rules_about(keys: &[&str]) -> Vec<&'static Rule> {
    static BY_KEY: LazyLock<HashMap<String, Vec<usize>>> = LazyLock::new(|| {
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, rule) in rules().iter().enumerate() {
            places.entry(rule.when.family().to_ascii_lowercase()).or_default().push(place);
        }
        places
    });
    let is_asked = |name: &str| {
        name.ends_with(FAMILY) || keys.iter().any(|key| key.eq_ignore_ascii_case(name))
    };
    // A key of a family is found by what stands before the variable part, too.
    let family = |key: &'_ str| key.find(FAMILY).and_then(|at| BY_KEY.get(key.get(..=at)?));
    let of_key = |key: &&str| BY_KEY.get(*key).into_iter().chain(family(key));
    let mut places: Vec<usize> = keys.iter().flat_map(of_key).flatten().copied().collect();
    places.sort_unstable();
    places.dedup();
    let found = places.into_iter().filter_map(|place| rules().get(place));
    found.filter(|rule| is_asked(rule.then.key())).collect()
}

/// The documented rules by which a key is there, or is not.
pub(super) fn rules_that_settle(key: &ConditionKey) -> &'static [&'static Rule] {
    static BY_KEY: LazyLock<HashMap<String, Vec<&'static Rule>>> = LazyLock::new(|| {
        let mut found: HashMap<String, Vec<&'static Rule>> = HashMap::new();
        for rule in rules().iter().filter(|rule| rule.evidence == Documented) {
            if let Present(key) | Absent(key) = rule.then {
                found.entry(key.to_ascii_lowercase()).or_default().push(rule);
            }
        }
        found
    });
    BY_KEY.get(key.folded()).map_or(&[], Vec::as_slice)
}

/// A fact that follows from another, and the rule by which it does; none, if it only says less.
type Implied = (Fact, Option<&'static str>);

/// What follows by rules that are known so well.
fn consequences(evidence: Evidence) -> Vec<Rule> {
    let mut facts: Vec<Fact> = Vec::new();
    for fact in RULES.iter().flat_map(|rule| [rule.when, rule.then]) {
        if is_of_one_key(fact) && !facts.contains(&fact) {
            facts.push(fact);
        }
    }
    let closed: Vec<(Fact, Vec<Implied>)> =
        facts.iter().map(|fact| (*fact, implied(*fact, evidence))).collect();
    let mut found = Vec::new();
    for (when, own) in &closed {
        for (then, id) in own {
            if let Some(id) = id
                && !is_same_key(*when, *then)
                && !own.iter().any(|(other, _)| says_more(*other, *then))
            {
                found.push(Rule { id, when: *when, then: *then, evidence });
            }
        }
        for (other, others) in &closed {
            if is_same_key(*when, *other) {
                continue;
            }
            let meet = own.iter().find_map(|(fact, id)| {
                let against = others.iter().find(|(against, _)| exclude(*fact, *against))?;
                id.or(against.1)
            });
            if let (Some(id), Present(key)) = (meet, other) {
                found.push(Rule { id, when: *when, then: Absent(key), evidence });
            }
        }
    }
    found
}

/// Whether a fact is about one key, and nothing else.
fn is_of_one_key(fact: Fact) -> bool {
    let is_tied = matches!(fact, HasTag(..) | OfItsAccount | OfItsResource);
    !is_tied && !fact.key().ends_with(FAMILY)
}

fn is_same_key(one: Fact, other: Fact) -> bool {
    one.key().eq_ignore_ascii_case(other.key())
}

/// Everything that follows from a fact, itself included.
fn implied(fact: Fact, evidence: Evidence) -> Vec<Implied> {
    let counts = |rule: &&Rule| evidence == Assumed || rule.evidence == Documented;
    let mut all: Vec<Implied> = vec![(fact, None)];
    let mut next = 0;
    while let Some((fact, id)) = all.get(next).copied() {
        next += 1;
        let mut add = |then: Fact, by: Option<&'static str>| {
            if is_of_one_key(then) && !all.iter().any(|(known, _)| *known == then) {
                all.push((then, id.or(by)));
            }
        };
        if let Is(key, _) = fact {
            add(Present(key), None);
        }
        if let Identifies(key, _) = fact {
            add(Present(key.name()), None);
        }
        for rule in RULES.iter().filter(counts) {
            if rule.when == fact {
                add(rule.then, Some(rule.id));
            }
            // Where what follows does not hold, neither does what it follows from.
            if let Present(key) = rule.when
                && exclude(rule.then, fact)
            {
                add(Absent(key), Some(rule.id));
            }
        }
    }
    all
}

/// Whether a fact says all that another says of the same key, and more.
fn says_more(one: Fact, other: Fact) -> bool {
    matches!(other, Present(_)) && matches!(one, Is(..) | Identifies(..)) && is_same_key(one, other)
}

/// Whether two facts never hold together.
fn exclude(one: Fact, other: Fact) -> bool {
    if !is_same_key(one, other) {
        return false;
    }
    match (one, other) {
        (Absent(_), Present(_) | Is(..) | Identifies(..))
        | (Present(_) | Is(..) | Identifies(..), Absent(_)) => true,
        (Is(_, one), Is(_, other)) => !one.eq_ignore_ascii_case(other),
        // The forms of unique ids are not held against each other.
        (Identifies(IdentityKey::Arn, one), Identifies(_, other)) => one != other,
        _ => false,
    }
}

/// Whether a rule says what another says, in these words or the other way round.
fn says_as_much(known: &Rule, found: &Rule) -> bool {
    let turned = |fact: Fact| match fact {
        Present(key) => Some(Absent(key)),
        Absent(key) => Some(Present(key)),
        _ => None,
    };
    let is_turned =
        turned(known.then) == Some(found.when) && turned(known.when) == Some(found.then);
    (known.when, known.then) == (found.when, found.then) || is_turned
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follows(when: Fact, then: Fact) -> Option<Evidence> {
        let turned = Rule { id: "", when, then, evidence: Documented };
        rules().iter().find(|rule| says_as_much(rule, &turned)).map(|rule| rule.evidence)
    }

    #[test]
    fn keys_of_two_kinds_of_caller_never_meet() {
        let instance = Present("ec2:SourceInstanceArn");
        assert_eq!(follows(instance, Absent("aws:username")), Some(Documented));
        assert_eq!(follows(Present("aws:AssumedRoot"), Absent("aws:username")), Some(Documented));
        // By way of `aws:ViaAWSService`.
        assert_eq!(follows(Present("aws:CalledVia"), Absent("aws:SourceVpc")), Some(Documented));
    }

    #[test]
    fn what_is_assumed_makes_nothing_documented() {
        // The type of MFA's sessions is assumed; that temporary credentials have a time of issue, too.
        for rule in rules().iter().filter(|rule| rule.evidence == Documented) {
            let by_documented = consequences(Documented);
            let is_written = RULES.contains(rule);
            assert!(is_written || by_documented.contains(rule), "{rule}");
        }
        assert_eq!(follows(Present("aws:VpceOrgID"), Present("aws:VpcSourceIp")), Some(Assumed));
    }

    #[test]
    fn no_fact_excludes_itself() {
        for rule in rules() {
            for fact in [rule.when, rule.then].into_iter().filter(|fact| is_of_one_key(*fact)) {
                let all = implied(fact, Assumed);
                let own =
                    all.iter().any(|(one, _)| all.iter().any(|(other, _)| exclude(*one, *other)));
                assert!(!own, "{fact:?}: {all:?}");
            }
        }
    }
}
