"""Containers of policies that are made to hurt: account authorization details, plans, templates, answers of the AWS CLI."""

import json
import urllib.parse

ACCOUNT = "111122223333"
STATEMENT = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def role(name="app", inline=(), attached=()):
    return {
        "RoleName": name, "RoleId": "AROA00000000000000001", "Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}", "Path": "/",
        "AssumeRolePolicyDocument": document(TRUST), "InstanceProfileList": [],
        "RolePolicyList": [{"PolicyName": name, "PolicyDocument": text} for name, text in inline],
        "AttachedManagedPolicies": [{"PolicyName": arn.rsplit("/")[-1], "PolicyArn": arn} for arn in attached],
    }


def managed(number, text):
    return {
        "PolicyName": f"p{number}", "Arn": f"arn:aws:iam::{ACCOUNT}:policy/p{number}", "DefaultVersionId": "v1",
        "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": True, "Document": text}],
    }


def details(roles, policies=(), users=(), groups=()):
    return json.dumps({"UserDetailList": list(users), "GroupDetailList": list(groups), "RoleDetailList": list(roles), "Policies": list(policies)})


def accounts():
    """Account authorization details by name."""
    many = [managed(n, document({**STATEMENT, "Resource": f"arn:aws:s3:::bucket{n}/*"})) for n in range(2_000)]
    yield "attached-2000", details([role(attached=[one["Arn"] for one in many])], many)
    yield "attached-10000-of-one", details([role(attached=[many[0]["Arn"]] * 10_000)], many[:1])
    yield "attached-10000-of-none", details([role(attached=[f"arn:aws:iam::{ACCOUNT}:policy/none{n}" for n in range(10_000)])])
    yield "roles-20000-of-one-name", details([role()] * 20_000)
    yield "inline-deep", details([role()]).replace('"RolePolicyList": []', '"RolePolicyList": [{"PolicyName": "x", "PolicyDocument": ' + "[" * 100_000 + "]" * 100_000 + "}]")
    long = json.dumps(document(*[{**STATEMENT, "Sid": f"S{n}"} for n in range(10_000)]))
    yield "encoded-megabytes", details([role(inline=[("long", urllib.parse.quote(long))])])
    encoded = json.dumps(document(STATEMENT))
    for _ in range(12):
        encoded = urllib.parse.quote(encoded)
    yield "encoded-12-times", details([role(inline=[("often", encoded)])])
    quoted = json.dumps(document(STATEMENT))
    for _ in range(18):
        quoted = json.dumps(quoted)
    yield "quoted-18-times", details([role(inline=[("often", quoted)])])
    yield "percent-signs", details([role(inline=[("percent", "%" * 2_000_000)])])
    yield "odd-names", details([role(name=f"a\u0000\u202e{n}") for n in range(1_000)])
    groups = [{"GroupName": f"g{n}", "Arn": f"arn:aws:iam::{ACCOUNT}:group/g{n}", "GroupPolicyList": [], "AttachedManagedPolicies": []} for n in range(3_000)]
    user = {"UserName": "u", "UserId": "AIDA00000000000000001", "Arn": f"arn:aws:iam::{ACCOUNT}:user/u", "Path": "/", "UserPolicyList": [],
            "AttachedManagedPolicies": [], "GroupList": [f"g{n}" for n in range(3_000)]}
    yield "groups-3000", details([], users=[user], groups=groups)


def plans():
    """Terraform plans by name."""
    def plan(resources, module=None, configuration=None):
        root = module or {"resources": resources}
        return json.dumps({"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module": root},
                           "resource_changes": [], "configuration": configuration or {"root_module": {}}})

    def resource(kind, label, **values):
        return {"address": f"{kind}.{label}", "mode": "managed", "type": kind, "name": label, "values": values}

    text = json.dumps(document(STATEMENT))
    roles = [resource("aws_iam_role", "app", name="app", assume_role_policy=json.dumps(document(TRUST)))]
    policies = [resource("aws_iam_policy", f"p{n}", name=f"p{n}", arn=f"arn:aws:iam::{ACCOUNT}:policy/p{n}", policy=text) for n in range(5_000)]
    joined = [resource("aws_iam_role_policy_attachment", f"a{n}", role="app", policy_arn=f"arn:aws:iam::{ACCOUNT}:policy/p{n % 5_000}") for n in range(10_000)]
    yield "plan-10000-attachments", plan(roles + policies + joined)
    deep = {"resources": roles}
    for n in range(60):
        deep = {"child_modules": [{"address": f"module.m{n}", **deep}]}
    yield "plan-deep-modules", plan([], module=deep)
    nested = '{"child_modules": [' * 50_000 + "]}" * 50_000
    yield "plan-deeper-modules", '{"format_version": "1.2", "planned_values": {"root_module": ' + nested + "}}"
    circle = {"root_module": {"resources": [
        {"address": f"data.aws_iam_policy_document.d{n}", "mode": "data", "type": "aws_iam_policy_document", "name": f"d{n}",
         "expressions": {"source_policy_documents": {"references": [f"data.aws_iam_policy_document.d{(n + 1) % 50}.json"]}}} for n in range(50)
    ] + [{"address": "aws_iam_role_policy.x", "mode": "managed", "type": "aws_iam_role_policy", "name": "x",
          "expressions": {"policy": {"references": ["data.aws_iam_policy_document.d0.json"]}, "role": {"constant_value": "app"}}}]}}
    yield "plan-circle", plan([*roles, resource("aws_iam_role_policy", "x", role="app")], configuration=circle)


def templates():
    """CloudFormation templates by name of file."""
    def template(document, **parts):
        found = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [TRUST]},
                 "Policies": [{"PolicyName": "p", "PolicyDocument": document}]}}
        return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", **parts, "Resources": {"Role": found}})

    def about(resource):
        return document({**STATEMENT, "Resource": resource})

    yield "sub-variables.json", template(about({"Fn::Sub": "arn:aws:s3:::" + "".join(f"${{V{n}}}" for n in range(20_000))}))
    yield "sub-open.json", template(about({"Fn::Sub": "arn:aws:s3:::" + "${" * 200_000}))
    yield "sub-itself.json", template(about({"Fn::Sub": ["${A}", {"A": {"Fn::Sub": ["${A}${A}", {"A": "${A}"}]}}]}))
    join = "x"
    for _ in range(40):
        join = {"Fn::Join": ["", [join, "y"]]}
    yield "join-nested.json", template(about(join))
    doubled = "x"
    for _ in range(12):
        doubled = {"Fn::Sub": ["${A}${A}${A}${A}", {"A": doubled}]}
    yield "sub-doubling.json", template(about(doubled))
    yield "join-deep.json", '{"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": ' + '{"Fn::Join": ["", [' * 50_000 + '"x"' + "]]}" * 50_000 + "}}}"
    wide = {"Fn::Join": [":", [{"Ref": f"P{n}"} for n in range(20_000)]]}
    yield "join-wide.json", template(about(wide))
    yield "ref-circle.json", template(about({"Ref": "A"}), Parameters={"A": {"Type": "String", "Default": {"Ref": "B"}}, "B": {"Type": "String", "Default": {"Ref": "A"}}})
    conditions = {f"C{n}": {"Fn::Not": [{"Condition": f"C{(n + 1) % 100}"}]} for n in range(100)}
    yield "condition-circle.json", template(about({"Fn::If": ["C0", "a", "b"]}), Conditions=conditions)
    ways = {f"W{n}": {"Fn::Equals": [{"Ref": f"P{n}"}, "x"]} for n in range(40)}
    both = [{"Fn::If": [f"W{n}", f"arn:aws:s3:::a{n}", f"arn:aws:s3:::b{n}"]} for n in range(40)]
    yield "if-40-ways.json", template(about(both), Conditions=ways, Parameters={f"P{n}": {"Type": "String"} for n in range(40)})
    tree = "x"
    for n in range(16):
        tree = {"Fn::If": [f"W{n}", tree, tree]}
    yield "if-nested.json", template(about(tree), Conditions=ways)
    one = json.dumps({"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document(STATEMENT)}})
    yield "same-id.json", '{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {' + ", ".join([f'"R": {one}'] * 5_000) + "}}"
    yield "same-id.yaml", "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n" + f"  R: {one}\n" * 3_000
    yield "odd-ids.json", json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {f"R\u0000\u202e{n}": json.loads(one) for n in range(1_000)}})
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    yield "bomb.yaml", f"AWSTemplateFormatVersion: '2010-09-09'\nMetadata:\n  " + bomb.replace("\n", "\n  ") + "\nResources:\n  R: " + one + "\n"
    yield "merge-bomb.yaml", "AWSTemplateFormatVersion: '2010-09-09'\nx: &a { <<: *a }\nResources: *a\n"
    yield "tags.yaml", "Resources:\n  R: " + "!Sub " * 1 + "'" + "${A}" * 100_000 + "'\n  S: " + "!Join [x, [" * 900 + "]]" * 900 + "\n"
    yield "deep.yaml", "Resources: " + "{a: " * 50_000 + "}" * 50_000


def answers():
    """Answers of the AWS CLI by name."""
    text = json.dumps(document(STATEMENT))
    yield "answer-list-20000", json.dumps({"Policies": [managed(n, document(STATEMENT)) for n in range(20_000)]})
    yield "answer-string", json.dumps({"Policy": text + " " * 4_000_000})
    yield "answer-encoded", json.dumps({"RoleName": "r", "PolicyName": "p", "PolicyDocument": urllib.parse.quote(text) + "%20" * 1_000_000})
    yield "answer-broken-encoding", json.dumps({"RoleName": "r", "PolicyName": "p", "PolicyDocument": "%7B%22" + "%ZZ%F" * 500_000})
    yield "list-of-policies", json.dumps([document(STATEMENT)] * 5_000)


def commands():
    """Name, files, arguments."""
    everybody = [["account", "who-can", "s3:GetObject"], ["account", "prove", "never allow s3:GetObject"], ["account", "review"], ["account", "paths"]]
    kinds = ((accounts(), ".json", "#role/app"), (plans(), ".json", "#aws_iam_role.app"), (templates(), "", "#Role"), (answers(), ".json", "#1"))
    for named, suffix, address in kinds:
        for name, text in named:
            file = name + suffix
            yield f"validate {file}", {file: text}, ["validate", file]
            yield f"matrix {file}", {file: text}, ["matrix", file + address]
            for command in everybody:
                yield f"{command[1]} {file}", {file: text}, [*command, file]
