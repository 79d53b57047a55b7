//! Which resource has the policy that decides about an ARN.

use iamsure_core::language::Arn;

/// The resource whose policy decides about what an ARN, or a pattern of ARNs, names: of an object its bucket, of an index
/// its table, of a subscription its topic, of a method its API. `None` if the pattern may mean several of them.
///
/// AWS pages: S3 User Guide, `access-policy-language-overview`; DynamoDB Developer Guide, `rbac-considerations`; SNS
/// Developer Guide, `sns-access-policy-language-api-permissions-reference`; API Gateway Developer Guide,
/// `apigateway-resource-policies`.
pub(super) fn with_policy(arn: &str) -> Option<String> {
    let Arn { partition, service, region, account, resource } = Arn::split(arn)?;
    let first = |count: usize, between: char| {
        let end = resource.match_indices(between).nth(count - 1).map(|(at, _)| at);
        end.and_then(|end| resource.get(..end)).unwrap_or(resource)
    };
    let own = match service {
        // An access point has a policy of its own.
        "s3" if resource.starts_with("accesspoint/") => first(2, '/'),
        "s3" | "execute-api" => first(1, '/'),
        "sns" => first(1, ':'),
        // A stream has a policy of its own.
        "dynamodb" if resource.contains("/index/") => first(2, '/'),
        _ => resource,
    };
    let is_one = |part: &str| !part.contains(['*', '?', '$']);
    let is_resource =
        !own.is_empty() && [partition, service, region, account, own].into_iter().all(is_one);
    is_resource.then(|| format!("arn:{partition}:{service}:{region}:{account}:{own}"))
}

/// What a resource's policy decides about, as patterns of ARNs: the resource, and what is in it.
pub(super) fn decided_by(resource: &str) -> Vec<String> {
    let holds_others = Arn::split(resource)
        .is_some_and(|arn| ["s3", "dynamodb", "execute-api"].contains(&arn.service));
    let inside = holds_others.then(|| format!("{resource}/*"));
    [resource.to_owned()].into_iter().chain(inside).collect()
}

#[cfg(test)]
mod tests {
    use super::with_policy;

    #[test]
    fn what_is_in_a_resource_has_the_policy_of_the_resource() {
        for (arn, with) in [
            ("arn:aws:s3:::acme", "arn:aws:s3:::acme"),
            ("arn:aws:s3:::acme/*", "arn:aws:s3:::acme"),
            ("arn:aws:s3:::acme/a/${aws:userid}", "arn:aws:s3:::acme"),
            (
                "arn:aws:s3:eu-west-1:111122223333:accesspoint/web/object/a",
                "arn:aws:s3:eu-west-1:111122223333:accesspoint/web",
            ),
            (
                "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/*",
                "arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
            ),
            (
                "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/1",
                "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/1",
            ),
            (
                "arn:aws:sns:eu-west-1:111122223333:news:1-2",
                "arn:aws:sns:eu-west-1:111122223333:news",
            ),
            (
                "arn:aws:execute-api:eu-west-1:111122223333:a1b2/prod/GET/*",
                "arn:aws:execute-api:eu-west-1:111122223333:a1b2",
            ),
            // A version of a function has a policy of its own.
            (
                "arn:aws:lambda:eu-west-1:111122223333:function:f:3",
                "arn:aws:lambda:eu-west-1:111122223333:function:f:3",
            ),
        ] {
            assert_eq!(with_policy(arn).as_deref(), Some(with), "{arn}");
        }
    }

    #[test]
    fn what_may_be_several_resources_is_none() {
        for pattern in [
            "*",
            "acme",
            "arn:aws:s3:::*",
            "arn:aws:s3:::acme*",
            "arn:aws:s3:::acme-?/a",
            "arn:aws:s3:::",
            "arn:aws:sqs:*:111122223333:jobs",
            "arn:aws:s3:::${Bucket}/*",
        ] {
            assert_eq!(with_policy(pattern), None, "{pattern}");
        }
    }
}
