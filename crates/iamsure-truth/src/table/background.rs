//! Background: what cannot happen, whatever policies say. Data with a source, for marking rows.
//!
//! A row that no request can reach stays in the table, marked; a rule that AWS does not document
//! marks it as unknown, not as unreachable (A-6). No rule says that `aws:ViaAWSMCPService` is present: its
//! absence is the bypass that a table is looked at for.

use std::fmt;

use iamsure_core::language::ConditionKey;
use iamsure_core::world::Evidence;
use iamsure_core::world::{KeyState, Request};
use iamsure_reference::{Standing, action};

use super::Part;
use crate::bits::Bits;
use crate::class::state::{StateClass, StateKind};
use crate::model::{Classes, Model, Subject};

/// Whether there are requests of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nothing known speaks against it.
    Reachable,
    /// There are none, for this reason.
    Unreachable(String),
    /// It is not known, for this reason.
    Unknown(String),
}

impl Reach {
    /// The word for it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Reachable => "reachable",
            Self::Unreachable(_) => "unreachable",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// What a rule says of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The key is in the request.
    Present(&'static str),
    /// The key is not.
    Absent(&'static str),
    /// The key has this value, in whatever case.
    Is(&'static str, &'static str),
}

/// A constraint between keys: wherever `when` holds, `then` does (8.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its number in the spec.
    pub id: &'static str,
    /// The condition.
    pub when: Fact,
    /// What follows.
    pub then: Fact,
    /// How well it is known.
    pub evidence: Evidence,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id, sentence(self))
    }
}

const fn rule(id: &'static str, when: Fact, then: Fact, evidence: Evidence) -> Rule {
    Rule { id, when, then, evidence }
}

use Evidence::{Assumed, Documented};
use Fact::{Absent, Is, Present};

/// The constraints that can be said of two keys.
///
/// AWS page: IAM User Guide, `reference_policies_condition-keys`. What AWS says of each key alone and
/// only together makes a constraint is *assumed*.
pub const RULES: &[Rule] = &[
    rule("KC-1", Present("aws:SourceIp"), Absent("aws:SourceVpc"), Documented),
    rule("KC-1", Present("aws:SourceIp"), Absent("aws:SourceVpce"), Documented),
    rule("KC-1", Present("aws:SourceIp"), Absent("aws:VpcSourceIp"), Assumed),
    rule("KC-1", Present("aws:SourceIp"), Absent("aws:SourceVpcArn"), Assumed),
    rule("KC-1", Present("aws:SourceIp"), Absent("aws:VpceAccount"), Assumed),
    rule("KC-1", Present("aws:SourceIp"), Absent("aws:VpceOrgID"), Assumed),
    rule("KC-1", Present("aws:SourceIp"), Absent("aws:VpceOrgPaths"), Assumed),
    rule("KC-2", Present("aws:SourceVpce"), Present("aws:SourceVpc"), Assumed),
    rule("KC-2", Present("aws:SourceVpc"), Present("aws:SourceVpce"), Assumed),
    rule("KC-2", Present("aws:SourceVpc"), Present("aws:VpcSourceIp"), Assumed),
    rule("KC-2", Present("aws:VpcSourceIp"), Present("aws:SourceVpc"), Assumed),
    rule("KC-2", Present("aws:VpcSourceIp"), Present("aws:SourceVpce"), Assumed),
    rule("KC-2", Present("aws:SourceVpce"), Present("aws:VpcSourceIp"), Assumed),
    rule("KC-3", Present("aws:VpceOrgID"), Present("aws:SourceVpce"), Documented),
    rule("KC-3", Present("aws:VpceOrgPaths"), Present("aws:SourceVpce"), Documented),
    rule("KC-4", Present("aws:CalledVia"), Present("aws:CalledViaFirst"), Documented),
    rule("KC-4", Present("aws:CalledVia"), Present("aws:CalledViaLast"), Documented),
    rule("KC-4", Present("aws:CalledViaFirst"), Present("aws:CalledVia"), Documented),
    rule("KC-4", Present("aws:CalledViaFirst"), Present("aws:CalledViaLast"), Documented),
    rule("KC-4", Present("aws:CalledViaLast"), Present("aws:CalledVia"), Documented),
    rule("KC-4", Present("aws:CalledViaLast"), Present("aws:CalledViaFirst"), Documented),
    rule("KC-4", Present("aws:CalledVia"), Is("aws:ViaAWSService", "true"), Documented),
    rule("KC-4", Present("aws:CalledViaFirst"), Is("aws:ViaAWSService", "true"), Documented),
    rule("KC-4", Present("aws:CalledViaLast"), Is("aws:ViaAWSService", "true"), Documented),
    rule(
        "KC-5",
        Is("aws:PrincipalIsAWSService", "true"),
        Present("aws:PrincipalServiceName"),
        Documented,
    ),
    rule(
        "KC-5",
        Present("aws:PrincipalServiceName"),
        Is("aws:PrincipalIsAWSService", "true"),
        Documented,
    ),
    rule(
        "KC-5",
        Present("aws:PrincipalServiceNamesList"),
        Is("aws:PrincipalIsAWSService", "true"),
        Documented,
    ),
    rule("KC-6", Present("aws:SourceArn"), Is("aws:PrincipalIsAWSService", "true"), Documented),
    rule("KC-6", Present("aws:SourceAccount"), Is("aws:PrincipalIsAWSService", "true"), Documented),
    rule("KC-6", Present("aws:SourceOrgID"), Is("aws:PrincipalIsAWSService", "true"), Documented),
    rule(
        "KC-6",
        Present("aws:SourceOrgPaths"),
        Is("aws:PrincipalIsAWSService", "true"),
        Documented,
    ),
    rule("KC-7", Present("aws:SourceOrgID"), Present("aws:SourceOrgPaths"), Assumed),
    rule("KC-7", Present("aws:SourceOrgPaths"), Present("aws:SourceOrgID"), Assumed),
    rule("KC-7", Present("aws:PrincipalOrgID"), Present("aws:PrincipalOrgPaths"), Assumed),
    rule("KC-7", Present("aws:PrincipalOrgPaths"), Present("aws:PrincipalOrgID"), Assumed),
    rule("KC-7", Present("aws:ResourceOrgID"), Present("aws:ResourceOrgPaths"), Assumed),
    rule("KC-7", Present("aws:ResourceOrgPaths"), Present("aws:ResourceOrgID"), Assumed),
    rule("KC-8", Present("aws:username"), Is("aws:PrincipalType", "User"), Documented),
    rule("KC-8", Is("aws:PrincipalType", "User"), Present("aws:username"), Documented),
    rule(
        "KC-9",
        Present("aws:MultiFactorAuthAge"),
        Is("aws:MultiFactorAuthPresent", "true"),
        Documented,
    ),
    rule("KC-9", Present("aws:MultiFactorAuthAge"), Present("aws:TokenIssueTime"), Assumed),
    rule("KC-9", Present("aws:MultiFactorAuthPresent"), Present("aws:TokenIssueTime"), Assumed),
    rule("KC-9", Present("aws:SourceIdentity"), Present("aws:TokenIssueTime"), Assumed),
    rule("KC-10", Present("aws:AssumedRoot"), Is("aws:AssumedRoot", "true"), Documented),
    rule("KC-13", Is("aws:ViaAWSMCPService", "true"), Present("aws:CalledViaAWSMCP"), Documented),
    rule("KC-13", Present("aws:CalledViaAWSMCP"), Is("aws:ViaAWSMCPService", "true"), Documented),
];

/// Whether a fact may hold, and whether it may fail, over the states that some part leaves open.
struct Chance {
    may_hold: bool,
    may_fail: bool,
}

/// Whether there are requests of the parts with these numbers and of these classes of actions.
pub(super) fn reach(
    model: &Model,
    parts: &[Part],
    numbers: &[usize],
    actions: &Bits,
    witness: Option<&Request>,
) -> Reach {
    if witness.is_none() {
        return Reach::Unknown("no request of this row was found".to_owned());
    }
    let classes = || actions.iter().filter_map(|class| model.actions.classes.get(class));
    if classes().all(|class| class.published == 0) {
        let retired: Vec<Option<String>> = classes()
            .map(|class| match action(class.witness.as_str()) {
                Standing::Retired(gone) => {
                    Some(format!("retired: {} ({})", gone.since, gone.source))
                }
                _ => None,
            })
            .collect();
        let first = retired.iter().flatten().next().cloned();
        return match first.filter(|_| retired.iter().all(Option::is_some)) {
            Some(reason) => Reach::Unreachable(reason),
            None => Reach::Unknown("AWS publishes no such action".to_owned()),
        };
    }
    let mut unknown = None;
    let reasons: Vec<Option<&Rule>> = numbers
        .iter()
        .filter_map(|number| parts.get(*number))
        .map(|part| ruled_out(model, part))
        .collect();
    for reason in &reasons {
        match reason {
            None => return Reach::Reachable,
            Some(rule) if rule.evidence == Assumed => unknown = Some(*rule),
            Some(_) => {}
        }
    }
    match (unknown, reasons.into_iter().flatten().next()) {
        (Some(rule), _) => Reach::Unknown(rule.to_string()),
        (None, Some(rule)) => Reach::Unreachable(rule.to_string()),
        (None, None) => Reach::Reachable,
    }
}

/// Whether a request breaks a rule that AWS documents, as far as its own keys say.
pub(crate) fn is_ruled_out(request: &Request, asked: &[ConditionKey]) -> bool {
    let holds = |fact: Fact| {
        let (Present(name) | Absent(name) | Is(name, _)) = fact;
        let key = asked.iter().find(|key| key.folded().eq_ignore_ascii_case(name))?;
        let state = request.context.state(key);
        Some(match fact {
            Present(_) => *state != KeyState::Absent,
            Absent(_) => *state == KeyState::Absent,
            Is(_, value) => {
                matches!(state, KeyState::Single(text) if text.eq_ignore_ascii_case(value))
            }
        })
    };
    RULES
        .iter()
        .filter(|rule| rule.evidence == Documented)
        .any(|rule| holds(rule.when) == Some(true) && holds(rule.then) == Some(false))
}

/// A rule in words.
fn sentence(rule: &Rule) -> String {
    let words = |fact: Fact| match fact {
        Present(key) => format!("{key} is present"),
        Absent(key) => format!("{key} is absent"),
        Is(key, value) => format!("{key} is {value}"),
    };
    format!("where {}, {}", words(rule.when), words(rule.then))
}

/// A rule that every request of a part would break; a documented one, if there is one.
fn ruled_out(model: &Model, part: &Part) -> Option<&'static Rule> {
    let broken = |rule: &&Rule| {
        let (when, then) = (chance(model, part, rule.when), chance(model, part, rule.then));
        !when.may_fail && !then.may_hold
    };
    let mut found: Vec<&Rule> = RULES.iter().filter(broken).collect();
    found.sort_by_key(|rule| rule.evidence);
    found.first().copied()
}

fn chance(model: &Model, part: &Part, fact: Fact) -> Chance {
    let (Present(name) | Absent(name) | Is(name, _)) = fact;
    let open = Chance { may_hold: true, may_fail: true };
    let Some(residual) = model.residuals.get(part.residual) else { return open };
    let found = residual.subjects.iter().enumerate().find_map(|(place, subject)| {
        match (&subject.subject, &subject.classes) {
            (Subject::Key(key), Classes::States { classes, .. })
                if key.folded().eq_ignore_ascii_case(name) =>
            {
                Some((place, classes))
            }
            _ => None,
        }
    });
    let Some((place, classes)) = found else { return open };
    let own = classes
        .states
        .iter()
        .enumerate()
        .filter(|(at, _)| part.cube.classes(place).is_none_or(|set| set.contains(*at)));
    let mut chance = Chance { may_hold: false, may_fail: false };
    for (_, class) in own {
        let (may_hold, may_fail) = of_class(class, fact);
        chance.may_hold |= may_hold;
        chance.may_fail |= may_fail;
    }
    chance
}

/// Whether a fact may hold of, and may fail for, some state of a class.
pub(crate) fn of_class(class: &StateClass, fact: Fact) -> (bool, bool) {
    let absent = class.kind == StateKind::Absent;
    match fact {
        Present(_) => (!absent, absent),
        Absent(_) => (absent, !absent),
        Is(_, value) => match &class.witness {
            _ if absent => (false, true),
            Some(KeyState::Single(text)) if text.eq_ignore_ascii_case(value) => {
                (true, class.several)
            }
            // Another value of the class may be the one.
            _ => (class.several, true),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Outcome, Question};
    use crate::setting::Setting;
    use crate::table::{Form, HitPolicy, Table, TableQuery};
    use iamsure_core::decision::Verdict;
    use iamsure_core::language::{ActionPattern, PolicyDocument, PolicyType, Profile, Source};
    use iamsure_core::world::PolicySet;

    /// The table of an Allow with this condition.
    fn table(condition: &str, actions: &[&str]) -> Table {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "*", "Resource": "*",
                "Condition": {condition}}}}}"#
        );
        let document =
            PolicyDocument::read(&Source::new("p", text), PolicyType::Identity, Profile::Strict);
        let query = TableQuery {
            policies: PolicySet { identity: vec![document.unwrap()], ..PolicySet::default() },
            question: Question::Decision,
            setting: Setting {
                actions: actions.iter().map(|action| ActionPattern::new(*action)).collect(),
                ..Setting::default()
            },
            form: Form { hit: Some(HitPolicy::Unique), apart: Some(true), keys: None },
        };
        query.answer().unwrap().table
    }

    /// Whether there are requests that an Allow with this condition allows.
    fn reach_of_allowed(condition: &str) -> Reach {
        let table = table(condition, &["s3:GetObject"]);
        let mut allowed = table
            .rows
            .iter()
            .filter(|row| row.outcomes.one() == Some(Outcome::Verdict(Verdict::Allowed)));
        let found = allowed.next().unwrap().reach.clone();
        assert!(allowed.next().is_none(), "more than one row allows");
        found
    }

    #[test]
    fn two_keys_that_are_documented_never_to_meet_make_a_row_unreachable() {
        let both = r#"{"Null": {"aws:SourceIp": "false", "aws:SourceVpc": "false"}}"#;
        let Reach::Unreachable(reason) = reach_of_allowed(both) else {
            panic!("there is no such request")
        };
        assert_eq!(reason, "KC-1: where aws:SourceIp is present, aws:SourceVpc is absent");
        let one = r#"{"Null": {"aws:SourceIp": "true", "aws:SourceVpc": "false"}}"#;
        assert_eq!(reach_of_allowed(one), Reach::Reachable);
    }

    #[test]
    fn what_is_only_assumed_leaves_it_unknown() {
        let both = r#"{"Null": {"aws:SourceIp": "false", "aws:VpcSourceIp": "false"}}"#;
        let Reach::Unknown(reason) = reach_of_allowed(both) else { panic!("AWS does not say so") };
        assert!(reason.starts_with("KC-1: "), "{reason}");
    }

    #[test]
    fn the_key_of_mcp_may_always_be_absent() {
        let bypass = r#"{"Null": {"aws:ViaAWSMCPService": "true"}}"#;
        assert_eq!(reach_of_allowed(bypass), Reach::Reachable);
        assert!(RULES.iter().all(|rule| {
            !matches!(rule.then, Present("aws:ViaAWSMCPService"))
                && rule.when != Absent("aws:ViaAWSMCPService")
        }));
        // KC-13.
        let half = r#"{"Bool": {"aws:ViaAWSMCPService": "true"}, "Null": {"aws:CalledViaAWSMCP": "true"}}"#;
        assert!(
            matches!(reach_of_allowed(half), Reach::Unreachable(reason) if reason.starts_with("KC-13"))
        );
    }

    #[test]
    fn an_action_that_nobody_publishes_makes_a_row_unknown() {
        let table = table(r#"{"Null": {"aws:SourceIp": "false"}}"#, &["s3:NoSuchAction"]);
        for row in &table.rows {
            assert_eq!(row.reach, Reach::Unknown("AWS publishes no such action".to_owned()));
        }
    }
}
