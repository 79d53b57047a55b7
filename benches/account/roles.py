"""An account of roles that become each other: authorization details of ROLES roles with up to two of POLICIES policies each.

    python3 benches/account/roles.py ROLES POLICIES SEED > roles.json
    time iamsure account paths roles.json

Half of the roles trust a service, three in ten the account, the rest one other role; one in fifty is an administrator. The policies allow
what escalation takes, on one role, on some roles by their names or on all, a few of them under a condition.
"""

import json
import random
import sys

ACCOUNT = "111122223333"
ACTIONS = [
    "iam:PassRole", "sts:AssumeRole", "lambda:CreateFunction", "lambda:InvokeFunction", "ec2:RunInstances",
    "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:CreatePolicyVersion", "iam:UpdateAssumeRolePolicy",
    "iam:CreateAccessKey", "glue:CreateDevEndpoint", "cloudformation:CreateStack", "ssm:SendCommand",
    "ssm:StartSession", "ecs:RunTask", "ecs:RegisterTaskDefinition", "codebuild:CreateProject", "codebuild:StartBuild",
    "lambda:UpdateFunctionCode", "sagemaker:CreateNotebookInstance", "s3:GetObject", "s3:PutObject", "dynamodb:*",
    "logs:*", "iam:Get*", "iam:List*", "iam:AddUserToGroup", "iam:CreateLoginProfile", "datapipeline:CreatePipeline",
    "iam:SetDefaultPolicyVersion",
]
CONDITIONS = [
    {"StringEquals": {"aws:PrincipalTag/team": "a"}},
    {"StringEquals": {"aws:PrincipalTag/team": "b"}},
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
    {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
    {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
]
SERVICES = ["lambda.amazonaws.com", "ec2.amazonaws.com", "ecs-tasks.amazonaws.com", "glue.amazonaws.com"]


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def resource(action, roles):
    if action.startswith(("iam:", "sts:")):
        role = f"arn:aws:iam::{ACCOUNT}:role/app-"
        return random.choice(["*", f"{role}{random.randrange(roles)}", f"{role}{random.randrange(10)}*"])
    return random.choice(["*", "arn:aws:s3:::data/*", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f{random.randrange(9)}"])


def statement(roles):
    actions = random.sample(ACTIONS, random.randrange(1, 5))
    effect = "Allow" if random.random() < 0.9 else "Deny"
    found = {"Effect": effect, "Action": actions, "Resource": resource(actions[0], roles)}
    if random.random() < 0.4:
        found["Condition"] = random.choice(CONDITIONS)
    return found


def policy(number, roles):
    arn = f"arn:aws:iam::{ACCOUNT}:policy/p{number}"
    statements = [statement(roles) for _ in range(random.randrange(1, 6))]
    if number == 0:
        statements = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
    version = {"Document": document(*statements), "VersionId": "v1", "IsDefaultVersion": True}
    return {"PolicyName": f"p{number}", "Arn": arn, "PolicyVersionList": [version]}


def trusted(roles):
    kind = random.random()
    if kind < 0.5:
        return {"Service": random.choice(SERVICES)}
    return {"AWS": f"arn:aws:iam::{ACCOUNT}:root" if kind < 0.8 else f"arn:aws:iam::{ACCOUNT}:role/app-{random.randrange(roles)}"}


def role(number, roles, policies):
    has = random.sample(range(1, policies), random.randrange(0, 3)) + ([0] if random.random() < 0.02 else [])
    trust = document({"Effect": "Allow", "Principal": trusted(roles), "Action": "sts:AssumeRole"})
    return {
        "RoleName": f"app-{number}",
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/app-{number}",
        "AssumeRolePolicyDocument": trust,
        "RolePolicyList": [],
        "AttachedManagedPolicies": [{"PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/p{one}"} for one in has],
    }


def main():
    roles, policies, seed = map(int, sys.argv[1:4])
    random.seed(seed)
    managed = [policy(number, roles) for number in range(policies)]
    described = [role(number, roles, policies) for number in range(roles)]
    print(json.dumps({"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": described, "Policies": managed}))


main()
