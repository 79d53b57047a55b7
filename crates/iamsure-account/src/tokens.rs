//! Which roles holders of a token of an identity provider can have.

use iamsure_core::decision::Verdict;
use iamsure_core::language::document::{Effect, Named, PrincipalEntry, Sense, Statement};
use iamsure_core::language::{ActionName, ActionPattern, PolicyDocument};
use iamsure_core::world::PolicySet;
use iamsure_truth::model::{Outcome, Question};
use iamsure_truth::setting::Setting;
use iamsure_truth::table::{Form, HitPolicy, Reach, TableQuery, TableReport};
use iamsure_truth::unanswered::Unanswered;

use crate::principals::Principals;
use crate::question::Facts;

/// The exchanges of a token for a session.
///
/// AWS pages: STS API Reference, `API_AssumeRoleWithWebIdentity`, `API_AssumeRoleWithSAML`.
const EXCHANGES: [&str; 2] = ["sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"];

/// A role that some token may be exchanged for.
#[derive(Debug)]
pub struct TokenRole {
    /// The ARN of the role.
    pub role: String,
    /// Every exchange there is for it, or why that is not known.
    pub table: Result<TableReport, String>,
    /// The rows, by number, in which the exchange is or may be allowed, and whether that is certain.
    pub rows: Vec<(usize, bool)>,
}

/// The roles that trust an identity provider, and exactly which tokens each accepts, by ARN.
///
/// # Errors
/// A bug of this program.
pub fn tokens(principals: &Principals, facts: &Facts) -> Result<Vec<TokenRole>, Unanswered> {
    let mut found = Vec::new();
    for (role, trust) in principals.trusts() {
        let trust = match trust {
            Ok(trust) => trust,
            Err(why) => {
                let table = Err(why.to_owned());
                found.push(TokenRole { role: role.to_owned(), table, rows: Vec::new() });
                continue;
            }
        };
        if !trusts_a_provider(trust) {
            continue;
        }
        let query = TableQuery {
            policies: PolicySet { rcp: facts.layers.rcp.clone(), ..PolicySet::of(trust.clone()) },
            question: Question::Decision,
            setting: Setting {
                actions: EXCHANGES.map(ActionPattern::new).to_vec(),
                resources: vec![role.to_owned()],
                context: facts.context.clone(),
                switches: facts.switches,
                known_later: facts.known_later,
                named_symbols: providers(trust),
                ..Setting::default()
            },
            form: Form { hit: Some(HitPolicy::Unique), ..Form::default() },
            is_whole: true,
        };
        let table = match query.answer() {
            Err(Unanswered::Bug(bug)) => return Err(Unanswered::Bug(bug)),
            Err(error) => Err(error.to_string()),
            Ok(table) => Ok(table),
        };
        let rows = table.iter().flat_map(|report| report.table.rows.iter().enumerate());
        let allows = |outcome: Outcome| outcome == Outcome::Verdict(Verdict::Allowed);
        let rows = rows
            .filter(|(_, row)| {
                !matches!(row.reach, Reach::Unreachable(_)) && row.outcomes.iter().any(allows)
            })
            .map(|(number, row)| {
                (number, row.reach == Reach::Reachable && row.outcomes.iter().all(allows))
            })
            .collect();
        found.push(TokenRole { role: role.to_owned(), table, rows });
    }
    Ok(found)
}

/// The providers that a trust policy names. One that is known later is asked about as the one that it is: nothing is denied
/// to another that it may be.
fn providers(trust: &PolicyDocument) -> String {
    if trust.statements.iter().any(|statement| *statement.effect == Effect::Deny) {
        return String::new();
    }
    let entries = (trust.statements.iter())
        .flat_map(|statement| &statement.principal)
        .filter(|element| element.sense == Sense::OneOf)
        .flat_map(|element| &element.entries);
    let federated = entries.filter_map(|entry| match &entry.value {
        PrincipalEntry::Federated(_) => Some(entry.as_str()),
        _ => None,
    });
    federated.collect::<Vec<_>>().join(" ")
}

/// Whether a trust policy names a provider, or everyone (P-2) for an exchange of a token.
fn trusts_a_provider(trust: &PolicyDocument) -> bool {
    let names_an_exchange = |statement: &Statement| {
        let names = |name: &&str| {
            let action = ActionName::parse(name).ok();
            action.zip(statement.action.as_deref()).is_some_and(|(action, of)| of.names(&action))
        };
        EXCHANGES.iter().any(names)
    };
    trust.statements.iter().any(|statement| {
        let Some(element) = &statement.principal else { return false };
        let is_everyone = |entry: &PrincipalEntry| match entry {
            PrincipalEntry::Everyone => true,
            PrincipalEntry::Aws(aws) => aws.named() == Named::Everyone,
            _ => false,
        };
        let mut entries = element.entries.iter().map(|entry| &entry.value);
        entries.any(|entry| {
            matches!(entry, PrincipalEntry::Federated(_))
                || (is_everyone(entry) && names_an_exchange(statement))
        })
    })
}
