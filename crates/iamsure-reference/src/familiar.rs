//! A few actions of each common service that everybody knows, to stand for a wildcard where there
//! is room for two or three.

/// Two to four telling actions of a service, the best known first, in AWS's spelling; empty for a
/// service that is not among the common ones. Chosen by hand: reading beside writing, and what
/// reviewers look for.
pub fn well_known(service_prefix: &str) -> &'static [&'static str] {
    let lower = service_prefix.to_ascii_lowercase();
    FAMILIAR.iter().find(|(prefix, _)| *prefix == lower).map_or(&[], |(_, actions)| actions)
}

/// Sorted by service.
pub(crate) const FAMILIAR: &[(&str, &[&str])] = &[
    ("athena", &["athena:StartQueryExecution", "athena:GetQueryResults"]),
    ("bedrock", &["bedrock:InvokeModel", "bedrock:ListFoundationModels"]),
    (
        "cloudformation",
        &[
            "cloudformation:CreateStack",
            "cloudformation:DeleteStack",
            "cloudformation:DescribeStacks",
        ],
    ),
    (
        "cloudtrail",
        &["cloudtrail:LookupEvents", "cloudtrail:StopLogging", "cloudtrail:DeleteTrail"],
    ),
    (
        "cloudwatch",
        &["cloudwatch:GetMetricData", "cloudwatch:PutMetricData", "cloudwatch:DeleteAlarms"],
    ),
    (
        "dynamodb",
        &["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:DeleteTable"],
    ),
    ("ec2", &["ec2:DescribeInstances", "ec2:RunInstances", "ec2:TerminateInstances"]),
    ("ecr", &["ecr:BatchGetImage", "ecr:PutImage", "ecr:GetAuthorizationToken"]),
    ("ecs", &["ecs:RunTask", "ecs:UpdateService", "ecs:DescribeTasks"]),
    ("eks", &["eks:DescribeCluster", "eks:CreateCluster", "eks:AccessKubernetesApi"]),
    (
        "elasticloadbalancing",
        &["elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:CreateLoadBalancer"],
    ),
    ("events", &["events:PutEvents", "events:PutRule", "events:DescribeRule"]),
    ("glue", &["glue:GetTable", "glue:StartJobRun", "glue:DeleteTable"]),
    ("iam", &["iam:GetRole", "iam:PassRole", "iam:CreateUser", "iam:AttachRolePolicy"]),
    ("kms", &["kms:Decrypt", "kms:Encrypt", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"]),
    ("lambda", &["lambda:InvokeFunction", "lambda:CreateFunction", "lambda:UpdateFunctionCode"]),
    ("logs", &["logs:GetLogEvents", "logs:PutLogEvents", "logs:DeleteLogGroup"]),
    (
        "organizations",
        &[
            "organizations:DescribeOrganization",
            "organizations:LeaveOrganization",
            "organizations:AttachPolicy",
        ],
    ),
    ("rds", &["rds:DescribeDBInstances", "rds:CreateDBInstance", "rds:DeleteDBInstance"]),
    ("route53", &["route53:ListHostedZones", "route53:ChangeResourceRecordSets"]),
    ("s3", &["s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:DeleteBucket"]),
    (
        "secretsmanager",
        &[
            "secretsmanager:GetSecretValue",
            "secretsmanager:PutSecretValue",
            "secretsmanager:DeleteSecret",
        ],
    ),
    ("signin", &["signin:CreateOAuth2Token", "signin:AuthorizeOAuth2Access"]),
    ("sns", &["sns:Publish", "sns:Subscribe", "sns:DeleteTopic"]),
    ("sqs", &["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteQueue"]),
    ("ssm", &["ssm:GetParameter", "ssm:PutParameter", "ssm:SendCommand", "ssm:StartSession"]),
    ("states", &["states:StartExecution", "states:DescribeExecution", "states:CreateStateMachine"]),
    (
        "sts",
        &[
            "sts:AssumeRole",
            "sts:AssumeRoleWithWebIdentity",
            "sts:GetCallerIdentity",
            "sts:GetFederationToken",
        ],
    ),
];
