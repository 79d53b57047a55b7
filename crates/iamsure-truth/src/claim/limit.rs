//! What a claim limits its requests to: paths, or one caller.

use super::{Atom, Body, Claim, Condition, Fact, Operand, Test};

impl Claim {
    /// The call paths that its requests are limited to; none, if they may come on any.
    pub(crate) fn only_paths(&self) -> Vec<&str> {
        fn of(condition: &Condition) -> Option<Vec<&str>> {
            match condition {
                Condition::Is(Atom { fact: Fact::Path(name), .. }) => Some(vec![name]),
                Condition::All(parts) => parts.iter().find_map(of),
                Condition::Any(parts) => {
                    let each: Option<Vec<_>> = parts.iter().map(of).collect();
                    each.map(|each| each.into_iter().flatten().collect())
                }
                _ => None,
            }
        }
        self.when().and_then(of).unwrap_or_default()
    }

    /// The ARN of the caller that its requests are limited to.
    pub(crate) fn only_caller(&self) -> Option<&str> {
        fn of(condition: &Condition) -> Option<&str> {
            match condition {
                Condition::All(parts) => parts.iter().find_map(of),
                Condition::Is(Atom { fact: Fact::Key(said), .. })
                    if said.key.folded() == "aws:principalarn" =>
                {
                    match &said.test {
                        Test::OneOf(values) => match values.as_slice() {
                            [Operand::Text(arn)] => Some(arn),
                            _ => None,
                        },
                        _ => None,
                    }
                }
                _ => None,
            }
        }
        self.when().and_then(of)
    }

    fn when(&self) -> Option<&Condition> {
        match &self.body {
            Body::Never(asked) | Body::Always(asked) | Body::Some(asked) => asked.when.as_ref(),
            Body::Implies { premise, .. } => Some(premise),
            _ => None,
        }
    }
}
