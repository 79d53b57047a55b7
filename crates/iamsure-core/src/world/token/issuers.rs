//! The issuers whose tokens are known, each with its source.
//!
//! That AWS makes condition keys of `aud` and `sub` for any provider: IAM User Guide,
//! `reference_policies_iam-condition-keys` (OIDC federation). Which further claims it makes keys of, for GitHub, GitLab
//! and `CircleCI`: service authorization reference, AWS STS.

use super::subject::{Field, Subject};
use super::{Bearers, Claim, TokenIssuer, TokenKind};

/// Every issuer, in the order in which help lists them.
pub static ISSUERS: [TokenIssuer; 4] = [GITHUB, EKS, GITLAB, CIRCLECI];

const fn field(word: &'static str, never: &'static str) -> Field {
    Field { word, only: "", never, first: "" }
}

const fn of_all(name: &'static str) -> Claim {
    Claim { name, bearers: Bearers::All }
}

const fn of_some(name: &'static str) -> Claim {
    Claim { name, bearers: Bearers::Some }
}

/// AWS lists this key for any provider, and the issuer lists no such claim.
const NO_AMR: Claim = Claim { name: "amr", bearers: Bearers::None };

/// What no name of a branch or tag holds: git documentation, `git-check-ref-format`.
const NOT_IN_REFS: &str = " ~^:?*[\\";

const DIGITS: &str = "0123456789";
const OWNER: Field = field("OWNER", ":/@*? ");
const REPOSITORY: Field = field("REPOSITORY", ":/@*? ");
const OWNER_ID: Field = Field { word: "OWNER-ID", only: DIGITS, never: "", first: "" };
const REPOSITORY_ID: Field = Field { word: "REPOSITORY-ID", only: DIGITS, never: "", first: "" };
const BRANCH: Field = field("BRANCH", NOT_IN_REFS);
const TAG: Field = field("TAG", NOT_IN_REFS);
/// A colon in a name is written `%3A`.
const ENVIRONMENT: Field = field("NAME", ":");

macro_rules! of_repository {
    ($context:literal, $example:literal $(, $field:expr)?) => {
        &[
            Subject {
                form: concat!("repo:{OWNER}/{REPOSITORY}:", $context),
                fields: &[OWNER, REPOSITORY $(, $field)?],
                example: concat!("repo:example-org/example-repo:", $example),
            },
            // Repositories created, renamed or transferred after July 15, 2026, and those that opted in.
            Subject {
                form: concat!("repo:{OWNER}@{OWNER-ID}/{REPOSITORY}@{REPOSITORY-ID}:", $context),
                fields: &[OWNER, OWNER_ID, REPOSITORY, REPOSITORY_ID $(, $field)?],
                example: concat!("repo:example-org@123456/example-repo@456789:", $example),
            },
        ]
    };
}

/// GitHub pages: `OpenID` Connect reference (example subject claims, immutable subject claims, substituted values on
/// GHE.com); Configuring `OpenID` Connect in Amazon Web Services (audience).
const GITHUB: TokenIssuer = TokenIssuer {
    name: "github",
    words: "a GitHub Actions job",
    addresses: &[
        "token.actions.githubusercontent.com",
        "token.actions.githubusercontent.com/{ENTERPRISE}",
        "token.actions.{SUBDOMAIN}.ghe.com",
        "token.actions.{SUBDOMAIN}.ghe.com/{ENTERPRISE}",
    ],
    example: "token.actions.githubusercontent.com",
    audience: "sts.amazonaws.com",
    stranger: "repo:an-organization/that-nobody-names:pull_request",
    kinds: &[
        TokenKind {
            name: "branch",
            meaning: "a run on a branch, without an environment",
            subjects: of_repository!("ref:refs/heads/{BRANCH}", "ref:refs/heads/main", BRANCH),
        },
        TokenKind {
            name: "pull_request",
            meaning: "a run for a pull request, without an environment",
            subjects: of_repository!("pull_request", "pull_request"),
        },
        TokenKind {
            name: "environment",
            meaning: "a job that references an environment",
            subjects: of_repository!("environment:{NAME}", "environment:production", ENVIRONMENT),
        },
        TokenKind {
            name: "tag",
            meaning: "a run on a tag, without an environment",
            subjects: of_repository!("ref:refs/tags/{TAG}", "ref:refs/tags/v1", TAG),
        },
    ],
    claims: &[
        of_all("actor"),
        of_all("actor_id"),
        of_some("enterprise_id"),
        Claim { name: "environment", bearers: Bearers::OfKind("environment") },
        of_some("job_workflow_ref"),
        of_all("ref"),
        of_all("repository"),
        of_all("repository_id"),
        of_all("repository_owner_id"),
        of_all("workflow"),
        NO_AMR,
    ],
    customization: Some("the organization or the repository customizes it"),
    source: "GitHub Docs, OpenID Connect reference (docs.github.com/actions/reference/openid-connect-reference)",
};

/// What names of objects are made of: Kubernetes documentation, Object Names and IDs (DNS subdomain names).
const IN_NAMES: &str = "abcdefghijklmnopqrstuvwxyz0123456789-.";
/// The same (RFC 1123 label names).
const IN_LABELS: &str = "abcdefghijklmnopqrstuvwxyz0123456789-";

/// What both begin with.
const IN_FRONT: &str = "abcdefghijklmnopqrstuvwxyz0123456789";

/// AWS page: EKS User Guide, `associate-service-account-role`. Kubernetes pages: Managing Service Accounts,
/// Authenticating (service account tokens).
const EKS: TokenIssuer = TokenIssuer {
    name: "eks",
    words: "a service account of an EKS cluster",
    addresses: &[
        "oidc.eks.{REGION}.amazonaws.com/id/{ID}",
        "oidc.eks.{REGION}.amazonaws.com.cn/id/{ID}",
    ],
    example: "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE",
    audience: "sts.amazonaws.com",
    stranger: "system:serviceaccount:a-namespace:that-nobody-names",
    kinds: &[TokenKind {
        name: "service-account",
        meaning: "a pod with this service account",
        subjects: &[Subject {
            form: "system:serviceaccount:{NAMESPACE}:{NAME}",
            fields: &[
                Field { word: "NAMESPACE", only: IN_LABELS, never: "", first: IN_FRONT },
                Field { word: "NAME", only: IN_NAMES, never: "", first: IN_FRONT },
            ],
            example: "system:serviceaccount:default:example",
        }],
    }],
    claims: &[NO_AMR],
    customization: None,
    source: "Amazon EKS User Guide, IAM roles for service accounts (docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html)",
};

const GROUP: Field = field("GROUP", ":*? ");
const PROJECT: Field = field("PROJECT", ":/*? ");

/// GitLab pages: `OpenID` Connect authentication using ID tokens (token payload); Configure `OpenID` Connect in AWS
/// (audience: whatever the job asks for, there the address of the instance).
const GITLAB: TokenIssuer = TokenIssuer {
    name: "gitlab",
    words: "a GitLab CI/CD job on gitlab.com",
    addresses: &["gitlab.com"],
    example: "gitlab.com",
    audience: "https://gitlab.com",
    stranger: "project_path:a-group/that-nobody-names:ref_type:branch:ref:main",
    kinds: &[
        TokenKind {
            name: "branch",
            meaning: "a job on a branch",
            subjects: &[Subject {
                form: "project_path:{GROUP}/{PROJECT}:ref_type:branch:ref:{BRANCH}",
                fields: &[GROUP, PROJECT, BRANCH],
                example: "project_path:example-group/example-project:ref_type:branch:ref:main",
            }],
        },
        TokenKind {
            name: "tag",
            meaning: "a job on a tag",
            subjects: &[Subject {
                form: "project_path:{GROUP}/{PROJECT}:ref_type:tag:ref:{TAG}",
                fields: &[GROUP, PROJECT, TAG],
                example: "project_path:example-group/example-project:ref_type:tag:ref:v1",
            }],
        },
    ],
    claims: &[
        of_all("namespace_id"),
        of_all("pipeline_source"),
        of_all("project_id"),
        of_all("ref_protected"),
        of_some("runner_environment"),
        of_some("user_access_level"),
        of_all("user_email"),
        of_all("user_id"),
        of_all("user_login"),
        NO_AMR,
    ],
    customization: Some("the project configures it"),
    source: "GitLab Docs, OpenID Connect authentication using ID tokens (docs.gitlab.com/ci/secrets/id_token_authentication)",
};

const fn id(word: &'static str) -> Field {
    Field { word, only: "0123456789abcdef-", never: "", first: "0123456789abcdef" }
}

/// `CircleCI` page: Using `OpenID` Connect tokens in jobs (format of the token).
const CIRCLECI: TokenIssuer = TokenIssuer {
    name: "circleci",
    words: "a CircleCI job",
    addresses: &["oidc.circleci.com/org/{ORGANIZATION}"],
    example: "oidc.circleci.com/org/11111111-2222-4333-8444-555555555555",
    audience: "11111111-2222-4333-8444-555555555555",
    stranger: "org/{ORGANIZATION}/project/99999999-8888-4777-8666-555555555555/user/44444444-3333-4222-8111-000000000000",
    kinds: &[TokenKind {
        name: "job",
        meaning: "a job",
        subjects: &[
            Subject {
                form: "org/{ORGANIZATION}/project/{PROJECT}/user/{USER}",
                fields: &[id("ORGANIZATION"), id("PROJECT"), id("USER")],
                example: "org/11111111-2222-4333-8444-555555555555/project/66666666-7777-4888-8999-aaaaaaaaaaaa/user/bbbbbbbb-cccc-4ddd-8eee-ffffffffffff",
            },
            // In `$CIRCLE_OIDC_TOKEN_V2`.
            Subject {
                form: "org/{ORGANIZATION}/project/{PROJECT}/user/{USER}/vcs-origin/{ORIGIN}/vcs-ref/{REF}",
                fields: &[
                    id("ORGANIZATION"),
                    id("PROJECT"),
                    id("USER"),
                    field("ORIGIN", " "),
                    field("REF", " "),
                ],
                example: "org/11111111-2222-4333-8444-555555555555/project/66666666-7777-4888-8999-aaaaaaaaaaaa/user/bbbbbbbb-cccc-4ddd-8eee-ffffffffffff/vcs-origin/github.com/example-org/example-repo/vcs-ref/refs/heads/main",
            },
        ],
    }],
    claims: &[of_all("oidc.circleci.com/project-id"), NO_AMR],
    customization: None,
    source: "CircleCI Docs, Using OpenID Connect tokens in jobs (circleci.com/docs/openid-connect-tokens)",
};
