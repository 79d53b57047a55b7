//! Trust policies, and the exchanges they are about.

use iamsure_core::world::{Context, Switches};

use super::*;
use crate::matrix::{Matrix, MatrixQuery};

fn trust(statements: &str) -> PolicyDocument {
    let text = format!(r#"{{ "Version": "2012-10-17", "Statement": [{statements}] }}"#);
    let source = Source::new("trust.json", text);
    PolicyDocument::read(&source, PolicyType::Trust, Profile::Strict).unwrap()
}

fn exchanges(trust: &PolicyDocument, operation: Operation) -> Vec<Exchange> {
    let switches = Switches::default();
    let identity = r#"{ "Version": "2012-10-17", "Statement": { "Sid": "OfTheRole", "Effect": "Deny", "Action": "*", "Resource": "*" } }"#;
    let source = Source::new("role.json", identity);
    let role = PolicyDocument::read(&source, PolicyType::Identity, Profile::Strict).unwrap();
    let policies = PolicySet { trust: Some(trust.clone()), ..PolicySet::of_identity([role]) };
    let paths = vec![CallPath::named(operation.action(), &switches).unwrap()];
    let query = MatrixQuery {
        policies,
        trust_is_of_resource: false,
        who: Who::Anybody,
        questions: Vec::new(),
        wildcards: Vec::new(),
        paths,
        context: Context::open(),
        resource_account: None,
        switches,
        known_later: false,
        is_whole: true,
    };
    Matrix::decide(query).exchanges
}

const APP: &str = r#"{ "Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Principal": { "AWS":
    ["arn:aws:iam::111122223333:user/alice", "444455556666"], "Service": "lambda.amazonaws.com" } }"#;
const TOKEN: &str = r#"{ "Effect": "Allow", "Action": "sts:AssumeRoleWith*", "Principal": { "Federated":
    ["arn:aws:iam::111122223333:oidc-provider/idp.example.com", "arn:aws:iam::111122223333:saml-provider/corp"] } }"#;

#[test]
fn actions_and_principals_tell_which_exchanges_a_trust_policy_is_about() {
    assert_eq!(exchanges_of(&trust(APP)), [Operation::AssumeRole]);
    let federated = [Operation::AssumeRoleWithWebIdentity, Operation::AssumeRoleWithSaml];
    assert_eq!(exchanges_of(&trust(TOKEN)), federated);
    let saml = exchanges(&trust(TOKEN), Operation::AssumeRoleWithSaml);
    let providers: Vec<_> = saml.iter().filter_map(|one| one.provider.as_deref()).collect();
    assert_eq!(providers, ["arn:aws:iam::111122223333:saml-provider/corp"]);
}

#[test]
fn an_account_needs_policies_of_its_own_and_a_service_none() {
    let found = exchanges(&trust(APP), Operation::AssumeRole);
    let own: Vec<_> = found.iter().map(|exchange| exchange.own_policies).collect();
    let expected =
        [OwnPolicies::MustAllowAcrossAccounts, OwnPolicies::MustAllow, OwnPolicies::NotAsked];
    assert_eq!(own, expected);
    for exchange in &found {
        let answer = exchange.answer.as_ref().unwrap();
        let decision = answer.decision().unwrap();
        // Not the Deny of the role, and not the policy that stands in for the caller's.
        assert_eq!(decision.verdict, Verdict::Allowed);
        assert!(decision.statements.iter().all(|id| id.layer == PolicyType::Trust));
        assert_eq!(decision.statements.len(), 1);
    }
}
