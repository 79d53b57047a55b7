//! Who starts a session.

use super::Session;
use super::tags::Tags;
use crate::world::context::Context;
use crate::world::principal::Requester;
use crate::world::principal_keys::principal_keys;

/// Who starts a session, and what is known of its requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    requester: Requester,
    session: Option<Session>,
    context: Context,
}

impl Caller {
    /// Somebody with long-term credentials, a service, or a session that is not known further.
    /// `context` holds what is known of the request beside the exchange: an
    /// [open](Context::open) one leaves the rest unknown. Keys that follow from the principal are
    /// added. A session given here is taken to pass no tags and no source identity on.
    pub fn new(requester: impl Into<Requester>, context: Context) -> Self {
        let requester = requester.into();
        let mut context = context;
        for (key, state) in principal_keys(&requester.principal) {
            if !context.is_set(&key) {
                context.set(key, state);
            }
        }
        Self { requester, session: None, context }
    }

    /// A session: the next role of a chain. Its keys are added to `context`.
    pub fn of_session(session: Session, in_management_account: bool, mut context: Context) -> Self {
        session.apply(&mut context);
        let requester = session.requester(in_management_account);
        Self { requester, session: Some(session), context }
    }

    /// Who it is.
    pub const fn requester(&self) -> &Requester {
        &self.requester
    }

    /// What is known of its requests.
    pub const fn context(&self) -> &Context {
        &self.context
    }

    /// The session it uses, if it is known.
    pub const fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// The tags that it passes on.
    pub(super) fn transitive(&self) -> Tags {
        self.session.as_ref().map(|session| session.transitive.clone()).unwrap_or_default()
    }

    /// The source identity that it passes on.
    pub(super) fn source_identity(&self) -> Option<&str> {
        self.session.as_ref().and_then(Session::source_identity)
    }
}
