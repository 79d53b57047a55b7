//! What S3 knows beside policies, by the names of the form and of the command line.

use iamsure_core::world::Bucket;

use super::RequestFormError;

/// Says one fact of a bucket or object.
type Say = fn(&mut Bucket);

/// The facts of a bucket or object by their names, as the command line and the form write them.
pub const BUCKET_FACTS: [(&str, Say); 9] = [
    ("owner-enforced", |bucket| bucket.owner_enforced = true),
    ("object-of-another", |bucket| bucket.object_of_another = true),
    ("acl-grants", |bucket| bucket.acl_grants = true),
    ("public-acl-grants", |bucket| (bucket.acl_grants, bucket.acl_is_public) = (true, true)),
    ("ignore-public-acls", |bucket| bucket.ignore_public_acls = true),
    ("restrict-public-buckets", |bucket| bucket.restrict_public_buckets = true),
    ("block-public-acls", |bucket| bucket.block_public_acls = true),
    ("block-public-policy", |bucket| bucket.block_public_policy = true),
    ("request-makes-public", |bucket| bucket.request_makes_public = true),
];

/// The bucket of which these facts are so.
///
/// # Errors
/// If a fact does not exist.
pub fn bucket(facts: &[String]) -> Result<Bucket, RequestFormError> {
    let mut bucket = Bucket::default();
    for fact in facts {
        let known = BUCKET_FACTS.iter().find(|(name, _)| name == fact);
        let (_, set) = known.ok_or_else(|| RequestFormError::Bucket(fact.clone()))?;
        set(&mut bucket);
    }
    Ok(bucket)
}
