//! What S3 knows of a bucket or object beside its policy: who owns it, what its ACL grants, and
//! Block Public Access.

/// Facts of the bucket or object that a request is about. By default none of them is so.
///
/// AWS pages: S3 User Guide, `about-object-ownership`, `access-control-block-public-access`,
/// `access-control-auth-workflow-object-operation`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting or a fact of its own")]
pub struct Bucket {
    /// Object ownership is "bucket owner enforced": ACLs are ignored (E-19).
    pub owner_enforced: bool,
    /// The object belongs to an account that is not the bucket's: it must grant by the object's ACL, and
    /// the bucket policy can only deny (E-19).
    pub object_of_another: bool,
    /// The ACL grants what is asked to the requester.
    pub acl_grants: bool,
    /// It does so by a public grant.
    pub acl_is_public: bool,
    /// Block Public Access: public ACLs count for nothing (E-36).
    pub ignore_public_acls: bool,
    /// Block Public Access: a bucket with a public policy is closed to other accounts and the anonymous (E-36).
    pub restrict_public_buckets: bool,
    /// Block Public Access: requests that would set a public ACL are refused.
    pub block_public_acls: bool,
    /// Block Public Access: requests that would set a public policy are refused.
    pub block_public_policy: bool,
    /// The request would make the bucket or object public.
    pub request_makes_public: bool,
}

impl Bucket {
    /// Whether the object's owner, who is not the bucket's, is asked too (E-19).
    pub const fn asks_object_owner(&self) -> bool {
        self.object_of_another && !self.owner_enforced
    }

    /// Whether an ACL grants, all settings considered.
    pub const fn acl_counts(&self) -> bool {
        self.acl_grants && !self.owner_enforced && !(self.acl_is_public && self.ignore_public_acls)
    }
}
