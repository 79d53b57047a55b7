//! The ways in which a principal becomes another one, or gives itself more: the catalogue, as data.
//!
//! What each call does is in the API references of the services its actions name: which of them take a role, or change
//! who may use one. That such calls escalate privileges was first listed by Spencer Gietzen (Rhino Security Labs, 2018)
//! and is kept up to date at pathfinding.cloud (Datadog).

use iamsure_core::language::symbol::begins_with_placeholder;

use super::Target;
use crate::account_principal::AccountPrincipal;
use crate::principals::Principals;

/// What is had at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gain {
    /// A session of the role.
    Role,
    /// What a service does as the role: the role trusts this service, and is passed to it.
    PassedTo(&'static str),
    /// What a resource of this service does already as a role that trusts it, if there is such a resource.
    Running(&'static str),
    /// The credentials of the user.
    User,
    /// More for the principal itself: permissions, as far as its boundary and SCPs leave them, or no boundary.
    Oneself,
}

/// On what a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum On {
    /// Any resource that is allowed.
    Anything,
    /// The role or user that is had.
    Target,
    /// The principal itself, if it is a user.
    OwnUser,
    /// The principal itself, if it is a role.
    OwnRole,
    /// A group that the user is in.
    OwnGroup,
    /// A group that the user is not in.
    OtherGroup,
    /// A customer managed policy that is attached to it.
    OwnPolicy,
    /// The principal itself, if it is a user with a permissions boundary.
    BoundedUser,
    /// The principal itself, if it is a role with a permissions boundary.
    BoundedRole,
}

/// A call that must be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Need {
    /// The action.
    pub action: &'static str,
    /// On what.
    pub on: On,
}

/// One way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Method {
    /// Its name in reports.
    pub name: &'static str,
    /// What is had.
    pub gain: Gain,
    /// Every call that it takes, beside passing the role where the gain is [`Gain::PassedTo`].
    pub needs: &'static [Need],
}

const fn on(action: &'static str, on: On) -> Need {
    Need { action, on }
}

const fn any(action: &'static str) -> Need {
    on(action, On::Anything)
}

const fn method(name: &'static str, gain: Gain, needs: &'static [Need]) -> Method {
    Method { name, gain, needs }
}

const fn oneself(name: &'static str, needs: &'static [Need]) -> Method {
    method(name, Gain::Oneself, needs)
}

/// Makes another version of a policy the one that counts, if there is another.
const SET_VERSION: &str = "iam:SetDefaultPolicyVersion";

pub(super) const EC2: &str = "ec2.amazonaws.com";
const LAMBDA: &str = "lambda.amazonaws.com";
const CLOUDFORMATION: &str = "cloudformation.amazonaws.com";
const GLUE: &str = "glue.amazonaws.com";
const DATAPIPELINE: &str = "datapipeline.amazonaws.com";
const SAGEMAKER: &str = "sagemaker.amazonaws.com";
const CODEBUILD: &str = "codebuild.amazonaws.com";
const ECS: &str = "ecs-tasks.amazonaws.com";
const APPRUNNER: &str = "tasks.apprunner.amazonaws.com";
const STATES: &str = "states.amazonaws.com";

const fn passed(name: &'static str, service: &'static str, needs: &'static [Need]) -> Method {
    method(name, Gain::PassedTo(service), needs)
}

const fn running(name: &'static str, service: &'static str, needs: &'static [Need]) -> Method {
    method(name, Gain::Running(service), needs)
}

/// Every method. `sts:AssumeRole` is decided with the trust policy of the role.
#[rustfmt::skip]
pub const METHODS: &[Method] = &[
    method("assume-role", Gain::Role, &[on("sts:AssumeRole", On::Target)]),
    method("rewrite-trust", Gain::Role, &[on("iam:UpdateAssumeRolePolicy", On::Target)]),
    method("create-access-key", Gain::User, &[on("iam:CreateAccessKey", On::Target)]),
    method("create-login-profile", Gain::User, &[on("iam:CreateLoginProfile", On::Target)]),
    method("update-login-profile", Gain::User, &[on("iam:UpdateLoginProfile", On::Target)]),
    oneself("put-user-policy", &[on("iam:PutUserPolicy", On::OwnUser)]),
    oneself("attach-user-policy", &[on("iam:AttachUserPolicy", On::OwnUser)]),
    oneself("put-role-policy", &[on("iam:PutRolePolicy", On::OwnRole)]),
    oneself("attach-role-policy", &[on("iam:AttachRolePolicy", On::OwnRole)]),
    oneself("put-group-policy", &[on("iam:PutGroupPolicy", On::OwnGroup)]),
    oneself("attach-group-policy", &[on("iam:AttachGroupPolicy", On::OwnGroup)]),
    oneself("add-to-group", &[on("iam:AddUserToGroup", On::OtherGroup)]),
    oneself("create-policy-version", &[on("iam:CreatePolicyVersion", On::OwnPolicy)]),
    oneself("set-default-policy-version", &[on(SET_VERSION, On::OwnPolicy)]),
    oneself("delete-user-boundary", &[on("iam:DeleteUserPermissionsBoundary", On::BoundedUser)]),
    oneself("put-user-boundary", &[on("iam:PutUserPermissionsBoundary", On::BoundedUser)]),
    oneself("delete-role-boundary", &[on("iam:DeleteRolePermissionsBoundary", On::BoundedRole)]),
    oneself("put-role-boundary", &[on("iam:PutRolePermissionsBoundary", On::BoundedRole)]),
    passed("ec2-run-instances", EC2, &[any("ec2:RunInstances")]),
    passed("ec2-spot-instances", EC2, &[any("ec2:RequestSpotInstances")]),
    passed("ec2-associate-profile", EC2, &[any("ec2:AssociateIamInstanceProfile")]),
    passed("ec2-replace-profile", EC2, &[any("ec2:ReplaceIamInstanceProfileAssociation")]),
    passed("lambda-create-and-invoke", LAMBDA, &[any("lambda:CreateFunction"), any("lambda:InvokeFunction")]),
    passed("lambda-create-and-map", LAMBDA, &[any("lambda:CreateFunction"), any("lambda:CreateEventSourceMapping")]),
    passed("lambda-create-and-permit", LAMBDA, &[any("lambda:CreateFunction"), any("lambda:AddPermission")]),
    passed("cloudformation-create-stack", CLOUDFORMATION, &[any("cloudformation:CreateStack")]),
    passed("cloudformation-update-stack", CLOUDFORMATION, &[any("cloudformation:UpdateStack")]),
    passed("cloudformation-change-set", CLOUDFORMATION, &[any("cloudformation:CreateChangeSet"), any("cloudformation:ExecuteChangeSet")]),
    passed("glue-dev-endpoint", GLUE, &[any("glue:CreateDevEndpoint")]),
    passed("glue-create-and-run-job", GLUE, &[any("glue:CreateJob"), any("glue:StartJobRun")]),
    passed("glue-create-and-trigger-job", GLUE, &[any("glue:CreateJob"), any("glue:CreateTrigger")]),
    passed("glue-update-and-run-job", GLUE, &[any("glue:UpdateJob"), any("glue:StartJobRun")]),
    passed("datapipeline", DATAPIPELINE, &[any("datapipeline:CreatePipeline"), any("datapipeline:PutPipelineDefinition"), any("datapipeline:ActivatePipeline")]),
    passed("sagemaker-notebook", SAGEMAKER, &[any("sagemaker:CreateNotebookInstance"), any("sagemaker:CreatePresignedNotebookInstanceUrl")]),
    passed("sagemaker-training", SAGEMAKER, &[any("sagemaker:CreateTrainingJob")]),
    passed("sagemaker-processing", SAGEMAKER, &[any("sagemaker:CreateProcessingJob")]),
    passed("codebuild-create-and-build", CODEBUILD, &[any("codebuild:CreateProject"), any("codebuild:StartBuild")]),
    passed("ecs-run-task", ECS, &[any("ecs:RegisterTaskDefinition"), any("ecs:RunTask")]),
    passed("ecs-start-task", ECS, &[any("ecs:RegisterTaskDefinition"), any("ecs:StartTask")]),
    passed("ecs-create-service", ECS, &[any("ecs:RegisterTaskDefinition"), any("ecs:CreateService")]),
    passed("apprunner-create-service", APPRUNNER, &[any("apprunner:CreateService")]),
    passed("states-create-and-start", STATES, &[any("states:CreateStateMachine"), any("states:StartExecution")]),
    running("lambda-update-code", LAMBDA, &[any("lambda:UpdateFunctionCode")]),
    running("glue-update-dev-endpoint", GLUE, &[any("glue:UpdateDevEndpoint")]),
    running("ssm-send-command", EC2, &[any("ssm:SendCommand")]),
    running("ssm-start-session", EC2, &[any("ssm:StartSession")]),
    running("ec2-instance-connect", EC2, &[any("ec2-instance-connect:SendSSHPublicKey")]),
    running("codebuild-start-build", CODEBUILD, &[any("codebuild:StartBuild")]),
    running("sagemaker-presigned-url", SAGEMAKER, &[any("sagemaker:CreatePresignedNotebookInstanceUrl")]),
];

/// The resources on which a principal gives itself more, and what that leads to.
pub(super) fn own_resources(
    principals: &Principals,
    principal: &AccountPrincipal,
    needs: &[Need],
) -> Vec<(Target, String)> {
    let Some(need) = needs.first() else { return Vec::new() };
    let more = |arn: &String| (Target::MorePermissions, arn.clone());
    match need.on {
        On::OwnUser if principal.is_user() => vec![more(&principal.arn)],
        On::OwnRole if !principal.is_user() && !principal.is_service_linked() => {
            vec![more(&principal.arn)]
        }
        On::BoundedUser if principal.is_user() && principals.is_bounded(principal) => {
            vec![(Target::Unbounded, principal.arn.clone())]
        }
        On::BoundedRole
            if !principal.is_user()
                && !principal.is_service_linked()
                && principals.is_bounded(principal) =>
        {
            vec![(Target::Unbounded, principal.arn.clone())]
        }
        On::OwnGroup => principal.groups.iter().map(more).collect(),
        On::OtherGroup if principal.is_user() => principals
            .groups
            .iter()
            .filter(|group| !principal.groups.contains(group))
            .map(|group| (Target::Group(group.clone()), group.clone()))
            .collect(),
        On::OwnPolicy => {
            let is_own = |arn: &&String| {
                arn.split(':').nth(4) == Some(principal.account()) || begins_with_placeholder(arn)
            };
            let is_changed = |arn: &&String| {
                need.action != SET_VERSION || !principals.of_one_version.contains(*arn)
            };
            principal.attached.iter().filter(is_own).filter(is_changed).map(more).collect()
        }
        _ => Vec::new(),
    }
}
