//! Everybody in an account: one answer for all with the same policies is the answer for each, and neither the order
//! of a file nor its pages matter.

use iamsure_account::{
    About, Access, AccountPrincipal, Choices, ClaimOfAll, Container, Facts, Principals, When,
    changes, read, who_can,
};
use iamsure_core::decision::Verdict;
use iamsure_core::language::{ActionPattern, ConditionKey, PolicyType, Source};
use iamsure_core::world::{CallPaths, Context, KeyState, PolicySet, Request, Requester, Switches};
use iamsure_review::caller::requester;
use iamsure_testkit::strategy::document::policy_text;
use iamsure_testkit::strategy::pattern::resource;
use iamsure_truth::ask::{Known, NotGiven, Worlds, inquire};
use iamsure_truth::claim::{Claim, ClaimQuery, ClaimVerdict};
use iamsure_truth::sample::Who;
use iamsure_truth::table::Reach;
use iamsure_truth::unanswered::Unanswered;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::cases;

const ACCOUNT: &str = "111122223333";

/// What is described of one principal: which of a few policies it has, inline or by its group, and its boundary.
#[derive(Clone, Debug)]
struct Described {
    is_user: bool,
    inline: Option<usize>,
    attached: Option<usize>,
    in_group: bool,
    boundary: Option<usize>,
    tag: Option<&'static str>,
}

fn described() -> impl Strategy<Value = Described> {
    (
        any::<bool>(),
        option::of(0..3_usize),
        option::of(0..3_usize),
        any::<bool>(),
        option::weighted(0.2, 0..3_usize),
        option::of(select(&["x", "y"][..])),
    )
        .prop_map(|(is_user, inline, attached, in_group, boundary, tag)| Described {
            is_user,
            inline,
            attached,
            in_group,
            boundary,
            tag,
        })
}

/// The lists of a page: users, groups, roles, policies.
fn lists(documents: &[Value], all: &[Described]) -> [Vec<Value>; 4] {
    let arn = |number: usize| format!("arn:aws:iam::{ACCOUNT}:policy/p{number}");
    let managed = documents.iter().enumerate().map(|(number, document)| {
        json!({
            "PolicyName": format!("p{number}"),
            "Arn": arn(number),
            "PolicyVersionList": [{ "Document": document, "IsDefaultVersion": true }],
        })
    });
    let (mut users, mut roles) = (Vec::new(), Vec::new());
    for (number, one) in all.iter().enumerate() {
        let kind = if one.is_user { "user" } else { "role" };
        let name = if one.is_user { "UserName" } else { "RoleName" };
        let mut value = json!({
            name: format!("n{number}"),
            "Arn": format!("arn:aws:iam::{ACCOUNT}:{kind}/n{number}"),
            "AttachedManagedPolicies":
                one.attached.iter().map(|number| json!({ "PolicyArn": arn(*number) })).collect::<Vec<_>>(),
            "Tags": one.tag.iter().map(|tag| json!({ "Key": "team", "Value": tag })).collect::<Vec<_>>(),
        });
        let inline: Vec<Value> = one
            .inline
            .iter()
            .map(|number| json!({ "PolicyName": "own", "PolicyDocument": documents[*number] }))
            .collect();
        let list = if one.is_user { "UserPolicyList" } else { "RolePolicyList" };
        value[list] = Value::from(inline);
        if let Some(number) = one.boundary {
            value["PermissionsBoundary"] = json!({ "PermissionsBoundaryArn": arn(number) });
        }
        if one.is_user {
            value["GroupList"] = if one.in_group { json!(["g"]) } else { json!([]) };
            users.push(value);
        } else {
            value["AssumeRolePolicyDocument"] = json!({
                "Version": "2012-10-17",
                "Statement": {
                    "Effect": "Allow", "Principal": { "AWS": ACCOUNT }, "Action": "sts:AssumeRole",
                },
            });
            roles.push(value);
        }
    }
    let group = json!({
        "GroupName": "g",
        "Arn": format!("arn:aws:iam::{ACCOUNT}:group/g"),
        "GroupPolicyList": [{ "PolicyName": "of-group", "PolicyDocument": documents[0] }],
        "AttachedManagedPolicies": [],
    });
    [users, vec![group], roles, managed.collect()]
}

fn page([users, groups, roles, policies]: [Vec<Value>; 4]) -> Value {
    json!({
        "UserDetailList": users,
        "GroupDetailList": groups,
        "RoleDetailList": roles,
        "Policies": policies,
        "IsTruncated": false,
    })
}

fn container(value: &Value) -> Container {
    let source = Source::new("auth.json", value.to_string());
    read(&source, &Choices::default()).unwrap().unwrap()
}

fn facts(action: &str, resources: Vec<String>) -> Facts {
    Facts { actions: vec![ActionPattern::new(action)], resources, jobs: 2, ..Facts::default() }
}

fn documents() -> impl Strategy<Value = Vec<Value>> {
    let document = policy_text(PolicyType::Identity)
        .prop_filter_map("JSON", |text| serde_json::from_str::<Value>(&text).ok());
    vec(document, 3)
}

const TAG: &str = "aws:PrincipalTag/team";

/// What the account tells of the tag of a user.
fn tag(principal: &AccountPrincipal, all: &[Described]) -> Option<KeyState> {
    let number: usize = principal.address.rsplit('n').next()?.parse().ok()?;
    let described = all.get(number).filter(|described| described.is_user)?;
    Some(described.tag.map_or(KeyState::Absent, KeyState::single))
}

/// What `iamsure simulate` says of a request of a principal whose policies are all known: every verdict there may be.
fn simulated(policies: &PolicySet, request: &Request) -> Vec<Verdict> {
    let who = Who::Named(request.requester.clone());
    let worlds = Worlds::of(request.clone(), &who, None, Known::Derived { resource: true });
    let answer =
        inquire(policies, &worlds, &Switches::default(), NotGiven::Nonexistent, false).answer;
    answer.verdicts().into_iter().collect()
}

/// The request of somebody else, made anew for a principal.
fn made_by(principal: &AccountPrincipal, request: &Request) -> Request {
    let mut own = Request::new(
        Requester::from(requester(&principal.arn).unwrap().principal),
        request.action.clone(),
        request.resource.clone(),
        Context::closed(),
    );
    own.resource_account.clone_from(&request.resource_account);
    for (key, state) in request.context.entries() {
        if !key.folded().starts_with("aws:principal")
            && key.folded() != "aws:username"
            && key.folded() != "aws:userid"
        {
            own.context.set(key.clone(), state.clone());
        }
    }
    own
}

/// Whom roles trust.
const TRUSTED: &[&str] = &["111122223333", "user/n0", "role/n0", "*"];

/// The page with roles that trust these, and their ARNs.
fn trusting(mut page: Value, trusted: &[&str]) -> (Value, Vec<String>) {
    let roles = page["RoleDetailList"].as_array_mut().unwrap();
    for (role, trusts) in roles.iter_mut().zip(trusted) {
        let named = match *trusts {
            "*" | ACCOUNT => (*trusts).to_owned(),
            name => format!("arn:aws:iam::{ACCOUNT}:{name}"),
        };
        role["AssumeRolePolicyDocument"]["Statement"]["Principal"] = json!({ "AWS": named });
    }
    let arns = roles.iter().map(|role| role["Arn"].as_str().unwrap().to_owned()).collect();
    (page, arns)
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn who_can_is_what_simulate_says_of_every_request(
        documents in documents(),
        all in vec(described(), 1..5),
        action in select(&["s3:GetObject", "s3:*", "iam:PassRole"][..]),
        resource in option::of(resource()),
    ) {
        let resources: Vec<String> =
            resource.into_iter().filter(|text| text.starts_with("arn:") && !text.contains(['*', '?'])).collect();
        let principals = Principals::of([&container(&page(lists(&documents, &all)))]);
        prop_assert_eq!(principals.principals.len(), all.len());
        let answer = match who_can(&principals, &facts(action, resources)) {
            Ok(answer) => answer,
            Err(error) => panic!("{error}"),
        };
        let requests: Vec<&Request> = answer
            .tables
            .iter()
            .filter_map(|asked| asked.table.as_ref())
            .flat_map(|report| &report.table.rows)
            .filter(|row| row.reach == Reach::Reachable)
            .filter_map(|row| row.witness.as_ref())
            .collect();
        for (principal, one) in principals.principals.iter().zip(&answer.answers) {
            let Ok(set) = principal.set else { continue };
            for row in one.rows.iter().filter(|row| row.is_certain) {
                let request = row.request.as_ref().unwrap();
                let verdicts = simulated(&principals.sets[set], request);
                prop_assert!(
                    verdicts.iter().all(|verdict| verdict.succeeds()) && !verdicts.is_empty(),
                    "{} {:?} {:?}", principal.arn, request, verdicts
                );
            }
            // Whatever anybody asks, this principal asks too.
            for request in &requests {
                let mut request = made_by(principal, request);
                if let Some(state) = tag(principal, &all) {
                    request.context.set(ConditionKey::new(TAG), state);
                }
                let verdicts = simulated(&principals.sets[set], &request);
                let [verdict] = verdicts.as_slice() else { continue };
                match one.access {
                    // *Always* is about what the own account owns.
                    Access::Always => prop_assert!(
                        verdict.succeeds() || !request.is_same_account(),
                        "{} {:?}", principal.arn, request
                    ),
                    Access::Never => prop_assert!(!verdict.succeeds(), "{} {:?}", principal.arn, request),
                    Access::Sometimes | Access::Depends => {}
                }
            }
        }
    }

    #[test]
    fn a_claim_about_everybody_is_the_claim_about_each(
        documents in documents(),
        all in vec(described(), 1..5),
        claim in select(&[
            "never allow s3:GetObject",
            "never allow s3:* unless aws:SecureTransport is true",
            "never allow * when aws:username is alice",
            "always allow s3:GetObject when aws:PrincipalTag/team is x",
            "never allow s3:* when aws:PrincipalArn like \"arn:aws:iam::*:role/*\"",
            "never allow iam:PassRole",
            "never allow iam:PassRole on arn:aws:iam::444455556666:role/admin",
            "never allow sqs:* on \"arn:aws:sqs:us-east-1:111122223333:*\"",
            "never allow sts:AssumeRole on arn:aws:iam::444455556666:role/admin",
        ][..]),
    ) {
        let principals = Principals::of([&container(&page(lists(&documents, &all)))]);
        let facts = Facts { actions: Vec::new(), ..facts("s3:*", Vec::new()) };
        let claim = Claim::parse(claim).unwrap();
        let paths = CallPaths::new(Switches::default());
        let query = ClaimOfAll { claim: &claim, paths: &paths, open_world: false };
        let found = match query.answer(&principals, &facts) {
            Ok(found) => found,
            Err(error) => panic!("{error}"),
        };
        for (principal, one) in principals.principals.iter().zip(&found.answers) {
            let Ok(set) = principal.set else { continue };
            // As `iamsure prove auth.json#…` asks, with the tags that the account tells of a user.
            let mut context = Context::open();
            if let Some(state) = tag(principal, &all) {
                context.set(ConditionKey::new(TAG), state);
            }
            let alone = ClaimQuery {
                policies: principals.sets[set].clone(),
                claim: claim.clone(),
                setting: iamsure_truth::setting::Setting {
                    who: Who::Named(principal.requester.clone()),
                    context,
                    ..Default::default()
                },
                paths: paths.clone(),
                open_world: false, is_whole: false,
            };
            match alone.answer() {
                Ok(proof) => prop_assert_eq!(one.verdict, proof.verdict, "{}", principal.arn),
                Err(Unanswered::Claim(_)) => prop_assert!(one.is_about_nothing),
                Err(_) => prop_assert_eq!(one.verdict, ClaimVerdict::Depends),
            }
        }
    }

    /// Of roles that trust different principals: whoever breaks a claim about one of them breaks it about all, and nobody else.
    #[test]
    fn a_claim_about_roles_is_the_claim_about_each(
        documents in documents(),
        all in vec(described(), 1..5),
        trusted in vec(select(TRUSTED), 5),
        action in select(&["sts:AssumeRole", "sts:*", "sts:Assume*"][..]),
    ) {
        let (page, arns) = trusting(page(lists(&documents, &all)), &trusted);
        let principals = Principals::of([&container(&page)]);
        let paths = CallPaths::new(Switches::default());
        let refuted = |text: &str| -> Result<Vec<bool>, TestCaseError> {
            let claim = Claim::parse(text).unwrap();
            let query = ClaimOfAll { claim: &claim, paths: &paths, open_world: false };
            let answer = query.answer(&principals, &Facts::default());
            let answer = answer.map_err(|error| TestCaseError::fail(error.to_string()))?;
            Ok(answer.answers.iter().map(|one| one.verdict == ClaimVerdict::Refuted).collect())
        };
        let every = refuted(&format!("never allow {action} on arn:aws:iam::{ACCOUNT}:role/*"))?;
        let mut some = vec![false; every.len()];
        for arn in &arns {
            for (any, one) in some.iter_mut().zip(refuted(&format!("never allow {action} on {arn}"))?) {
                *any |= one;
            }
        }
        for (own, (every, some)) in principals.principals.iter().zip(every.iter().zip(some)) {
            prop_assert_eq!(*every, some, "{}: {:?}", own.arn, arns);
        }
    }

    /// Of roles that trust different principals: whoever can assume one of them is shown by rows about it, and nobody else.
    #[test]
    fn who_can_assume_roles_is_who_can_assume_each(
        documents in documents(),
        all in vec(described(), 1..5),
        trusted in vec(select(TRUSTED), 5),
        named in any::<bool>(),
    ) {
        let (page, arns) = trusting(page(lists(&documents, &all)), &trusted);
        let principals = Principals::of([&container(&page)]);
        let asked = |resources: Vec<String>| {
            let answer = who_can(&principals, &facts("sts:AssumeRole", resources));
            answer.map_err(|error| TestCaseError::fail(error.to_string()))
        };
        let together = asked(if named { arns.clone() } else { Vec::new() })?;
        let alone = arns.iter().map(|arn| asked(vec![arn.clone()])).collect::<Result<Vec<_>, _>>()?;
        for (number, principal) in principals.principals.iter().enumerate() {
            let own = &together.answers[number];
            let each: Vec<_> = alone.iter().map(|answer| &answer.answers[number]).collect();
            for (arn, one) in arns.iter().zip(&each) {
                // A question that names one role is about nothing else.
                let is_about = |row: &&When| match &together.tables[row.table].about {
                    About::Roles(roles) => roles.contains(arn),
                    About::Asked => named && arns.len() == 1,
                    About::Others => false,
                };
                let found = |rows: &mut dyn Iterator<Item = &When>| {
                    rows.fold((false, false), |(_, certain), row| (true, certain || row.is_certain))
                };
                let rows = found(&mut own.rows.iter().filter(is_about));
                prop_assert_eq!(rows, found(&mut one.rows.iter()), "{} and {}", principal.arn, arn);
            }
            if named && own.undecided.is_none() && !each.is_empty() {
                let every = |access| each.iter().all(|one| one.access == access);
                let certain = each.iter().any(|one| matches!(one.access, Access::Always | Access::Sometimes));
                let expected = match () {
                    () if every(Access::Never) => Access::Never,
                    () if every(Access::Always) => Access::Always,
                    () if certain => Access::Sometimes,
                    () => Access::Depends,
                };
                prop_assert_eq!(own.access, expected, "{}", principal.arn);
            }
        }
    }

    #[test]
    fn neither_order_nor_pages_matter(
        documents in documents(),
        all in vec(described(), 1..5),
        turned in any::<bool>(),
        cut in 0..5_usize,
    ) {
        let whole = container(&page(lists(&documents, &all)));
        let mut first = lists(&documents, &all);
        if turned {
            for list in &mut first {
                list.reverse();
            }
        }
        let second = first.each_mut().map(|list| list.split_off(cut.min(list.len())));
        let in_one = container(&json!([page(second.clone()), page(first.clone())]));
        let in_two = container(&page(first)).with(container(&page(second))).unwrap();
        let facts = facts("s3:*", Vec::new());
        let answers = |container: &Container| {
            let principals = Principals::of([container]);
            let answer = who_can(&principals, &facts).unwrap();
            let each = principals.principals.iter().zip(answer.answers);
            each.map(|(principal, one)| (principal.arn.clone(), one.access, one.undecided))
                .collect::<Vec<_>>()
        };
        let expected = answers(&whole);
        prop_assert_eq!(&answers(&in_one), &expected);
        prop_assert_eq!(&answers(&in_two), &expected);
    }

    #[test]
    fn what_a_plan_changes_is_what_differs_of_its_two_accounts(
        documents in documents(),
        before in vec(option::of(0..3_usize), 1..4),
        after in vec(option::of(0..3_usize), 1..4),
        unlisted in any::<bool>(),
    ) {
        let plan = container(&plan(&documents, &before, &after, unlisted));
        let facts = Facts { actions: Vec::new(), ..facts("s3:*", Vec::new()) };
        let (was, is) = plan.versions().unwrap();
        let account = |roles: &[Option<usize>]| {
            let described = |inline: &Option<usize>| Described {
                is_user: false,
                inline: *inline,
                attached: None,
                in_group: false,
                boundary: None,
                tag: None,
            };
            container(&page(lists(&documents, &roles.iter().map(described).collect::<Vec<_>>())))
        };
        let found = |was: &Container, is: &Container| {
            let (was, is) = (Principals::of([was]), Principals::of([is]));
            let found = changes(&was, &is, &facts).unwrap();
            found
                .into_iter()
                .map(|change| {
                    let of = change.comparison.map(|found| (found.widens(), found.narrows(), found.rows.len()));
                    (change.arn, change.presence, change.aspect, of)
                })
                .collect::<Vec<_>>()
        };
        prop_assert_eq!(found(&was, &is), found(&account(&before), &account(&after)));
    }
}

/// A plan that makes one list of roles of another. What stays as it is may be listed or not.
fn plan(
    documents: &[Value],
    before: &[Option<usize>],
    after: &[Option<usize>],
    unlisted: bool,
) -> Value {
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow", "Principal": { "AWS": ACCOUNT }, "Action": "sts:AssumeRole",
        },
    });
    let role = |number: usize, inline: Option<usize>| {
        let inline =
            inline.map(|inline| json!({ "name": "own", "policy": documents[inline].to_string() }));
        json!({
            "name": format!("n{number}"),
            "arn": format!("arn:aws:iam::{ACCOUNT}:role/n{number}"),
            "assume_role_policy": trust.to_string(),
            "inline_policy": inline.into_iter().collect::<Vec<_>>(),
        })
    };
    let described = |number: usize, values: Value| {
        json!({
            "address": format!("aws_iam_role.n{number}"),
            "type": "aws_iam_role",
            "values": values,
        })
    };
    let planned =
        after.iter().enumerate().map(|(number, one)| described(number, role(number, *one)));
    let changes = (0..before.len().max(after.len())).filter_map(|number| {
        let (was, is) = (before.get(number), after.get(number));
        if unlisted && was == is {
            return None;
        }
        Some(json!({
            "address": format!("aws_iam_role.n{number}"),
            "type": "aws_iam_role",
            "change": {
                "before": was.map(|one| role(number, *one)),
                "after": is.map(|one| role(number, *one)),
            },
        }))
    });
    json!({
        "planned_values": { "root_module": { "resources": planned.collect::<Vec<_>>() } },
        "resource_changes": changes.collect::<Vec<_>>(),
    })
}
