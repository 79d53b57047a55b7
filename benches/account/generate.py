"""An invented account: account authorization details of as many principals as are asked for, on standard output.

    python3 benches/account/generate.py PRINCIPALS [SEED]

One in four principals is a user, in one of a few groups. The others are roles; one in twenty has a combination of
policies of its own, as where teams copy each other's roles, and one in fifty an inline policy. A sixth of the
statements ask for a second factor, a sixth for a region, some whom a role is passed to, and some deny.
"""

import json
import random
import sys

ACCOUNT = "111122223333"
ACTIONS = [
    "dynamodb:GetItem",
    "dynamodb:Query",
    "ec2:DescribeInstances",
    "iam:GetRole",
    "iam:PassRole",
    "kms:Decrypt",
    "lambda:InvokeFunction",
    "logs:PutLogEvents",
    "s3:GetObject",
    "s3:PutObject",
    "secretsmanager:GetSecretValue",
    "sns:Publish",
    "sqs:SendMessage",
    "ssm:GetParameter",
    "sts:AssumeRole",
]


def document(draw, number):
    statements = [statement(draw, number + offset) for offset in range(draw.randint(1, 4))]
    return {"Version": "2012-10-17", "Statement": statements}


def statement(draw, number):
    resources = [
        "*",
        f"arn:aws:s3:::bucket-{number % 40}/*",
        f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/table-{number % 30}",
        f"arn:aws:iam::{ACCOUNT}:role/app-{number % 20}-*",
    ]
    made = {
        "Effect": "Allow",
        "Action": sorted(draw.sample(ACTIONS, draw.randint(1, 5))),
        "Resource": draw.choice(resources),
    }
    kind = draw.random()
    if kind < 0.16:
        made["Condition"] = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    elif kind < 0.32:
        made["Condition"] = {"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}}
    elif kind < 0.38:
        made["Condition"] = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    elif kind < 0.42:
        made["Effect"] = "Deny"
    return made


def attached(policies):
    return [{"PolicyName": policy["PolicyName"], "PolicyArn": policy["Arn"]} for policy in policies]


def account(count, draw):
    policies = [
        {
            "PolicyName": f"policy-{number}",
            "Arn": f"arn:aws:iam::{ACCOUNT}:policy/policy-{number}",
            "DefaultVersionId": "v1",
            "PolicyVersionList": [
                {"VersionId": "v1", "IsDefaultVersion": True, "Document": document(draw, number)}
            ],
        }
        for number in range(max(5, min(400, count // 20)))
    ]
    groups = [
        {
            "GroupName": f"group-{number}",
            "Arn": f"arn:aws:iam::{ACCOUNT}:group/group-{number}",
            "GroupPolicyList": [],
            "AttachedManagedPolicies": attached(draw.sample(policies, 2)),
        }
        for number in range(max(2, min(50, count // 100)))
    ]
    combinations = [draw.sample(policies, draw.randint(1, 3)) for _ in range(max(3, count // 20))]
    users, roles = [], []
    for number in range(count):
        inline = []
        if draw.random() < 0.02:
            inline = [{"PolicyName": "own", "PolicyDocument": document(draw, number % 25)}]
        if number % 4 == 3:
            users.append(
                {
                    "UserName": f"user-{number}",
                    "UserId": f"AIDA{number:017d}",
                    "Arn": f"arn:aws:iam::{ACCOUNT}:user/user-{number}",
                    "Path": "/",
                    "GroupList": [draw.choice(groups)["GroupName"]],
                    "UserPolicyList": inline,
                    "AttachedManagedPolicies": [],
                }
            )
            continue
        service = draw.choice(["ec2.amazonaws.com", "lambda.amazonaws.com"])
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        roles.append(
            {
                "RoleName": f"role-{number}",
                "RoleId": f"AROA{number:017d}",
                "Arn": f"arn:aws:iam::{ACCOUNT}:role/role-{number}",
                "Path": "/",
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
                "RolePolicyList": inline,
                "AttachedManagedPolicies": attached(draw.choice(combinations)),
                "InstanceProfileList": [],
            }
        )
    return {
        "UserDetailList": users,
        "GroupDetailList": groups,
        "RoleDetailList": roles,
        "Policies": policies,
        "IsTruncated": False,
    }


if __name__ == "__main__":
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    json.dump(account(int(sys.argv[1]), random.Random(seed)), sys.stdout, indent=1)
