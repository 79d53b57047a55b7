"""What random requests and policies are made of: actions, keys with their types, values and what nearly is one, operators."""

OWN, OTHER = "111122223333", "444455556666"

LAYERS = ("identity", "boundary", "session", "resource", "trust", "scp", "rcp", "vpce")
CALLERS = ("user", "role-session", "federated-user", "root", "service", "anonymous")

# Action, an ARN with the places that are drawn, and the keys of the service it may carry.
ACTIONS = (
    ("s3:GetObject", "arn:aws:s3:::{name}/{path}", ("s3:VersionId",)),
    ("s3:PutObject", "arn:aws:s3:::{name}/{path}", ("s3:x-amz-acl",)),
    ("s3:ListBucket", "arn:aws:s3:::{name}", ("s3:prefix", "s3:max-keys")),
    ("s3:ListAllMyBuckets", "*", ()),
    ("ec2:DescribeInstances", "*", ()),
    ("ec2:StartInstances", "arn:aws:ec2:us-east-1:{account}:instance/i-{name}", ()),
    ("sqs:SendMessage", "arn:aws:sqs:us-east-1:{account}:{name}", ()),
    ("sns:Publish", "arn:aws:sns:us-east-1:{account}:{name}", ()),
    ("dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:{account}:table/{name}", ("dynamodb:LeadingKeys",)),
    ("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:{account}:function:{name}", ()),
    ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:{account}:secret:{name}-AbCdEf", ()),
    ("kms:Decrypt", "arn:aws:kms:us-east-1:{account}:key/1234abcd-12ab-34cd-56ef-1234567890ab", ()),
    ("iam:GetRole", "arn:aws:iam::{account}:role/{name}", ()),
    ("sts:AssumeRole", "arn:aws:iam::{account}:role/{name}", ("sts:ExternalId",)),
)

TEXTS = ("red", "Red", "blue", "re*", "r?d", "", "red/blue", "${*}")
ARNS = (
    f"arn:aws:iam::{OWN}:user/red",
    f"arn:aws:iam::{OWN}:role/red",
    f"arn:aws:iam::{OTHER}:role/path/red",
    "arn:aws:s3:::red",
    "arn:aws:sns:us-east-1:111122223333:red:blue",
    "red",
)
DATES = ("2026-11-23T10:00:00Z", "2026-11-23", "2026-11-23T11:00:00+01:00", "1795428000", "2025-01-01T00:00:00Z", "soon")
NUMBERS = ("0", "1", "1.0", "-3", "3600", "3600.5", "1e3", "many")
BOOLS = ("true", "false", "TRUE", "yes")
ADDRESSES = ("203.0.113.7", "203.0.113.0/24", "10.0.0.0/8", "10.1.2.3", "2001:db8::1", "2001:db8::/32", "home")
MEMBERS = ("red", "Red", "blue", "", "green")

# Key: type, whether it is multivalued.
KEYS = {
    "aws:PrincipalTag/team": ("text", False),
    "aws:ResourceTag/team": ("text", False),
    "aws:RequestTag/team": ("text", False),
    "aws:PrincipalOrgID": ("text", False),
    "aws:SourceVpce": ("text", False),
    "aws:UserAgent": ("text", False),
    "aws:SourceIdentity": ("text", False),
    "aws:CalledViaFirst": ("text", False),
    "aws:PrincipalArn": ("arn", False),
    "aws:SourceArn": ("arn", False),
    "aws:CurrentTime": ("date", False),
    "aws:TokenIssueTime": ("date", False),
    "aws:EpochTime": ("date", False),
    "aws:MultiFactorAuthAge": ("number", False),
    "aws:MultiFactorAuthPresent": ("bool", False),
    "aws:SecureTransport": ("bool", False),
    "aws:ViaAWSMCPService": ("bool", False),
    "aws:SourceIp": ("address", False),
    "aws:VpcSourceIp": ("address", False),
    "aws:TagKeys": ("member", True),
    "aws:CalledVia": ("member", True),
    "aws:PrincipalOrgPaths": ("member", True),
    "s3:prefix": ("text", False),
    "s3:max-keys": ("number", False),
    "s3:VersionId": ("text", False),
    "s3:x-amz-acl": ("text", False),
    "dynamodb:LeadingKeys": ("member", True),
    "sts:ExternalId": ("text", False),
}
GLOBAL = tuple(key for key in KEYS if key.startswith("aws:"))
VALUES = {
    "text": TEXTS,
    "arn": ARNS,
    "date": DATES,
    "number": NUMBERS,
    "bool": BOOLS,
    "address": ADDRESSES,
    "member": MEMBERS,
}
# What a key usually holds in a request: values that the service would send.
SENT = {
    "text": ("red", "Red", "blue", "", "re*", "red/blue"),
    "arn": ARNS,
    "date": DATES[:1] + DATES[2:5],
    "number": NUMBERS[:6],
    "bool": BOOLS[:2],
    "address": ("203.0.113.7", "10.1.2.3", "2001:db8::1"),
    "member": MEMBERS,
}

STRING = tuple("String" + name for name in ("Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike"))
ARN = ("ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike")
ORDERED = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
NUMERIC = tuple("Numeric" + name for name in ORDERED)
DATE = tuple("Date" + name for name in ORDERED)
ADDRESS = ("IpAddress", "NotIpAddress")
OPERATORS = STRING + ARN + NUMERIC + DATE + ADDRESS + ("Bool", "BinaryEquals", "Null")
FITTING = {
    "text": STRING,
    "member": STRING,
    "arn": ARN + STRING,
    "date": DATE,
    "number": NUMERIC,
    "bool": ("Bool",),
    "address": ADDRESS,
}
