//! What is odd about a claim that can be read: names that AWS does not publish, values that a key
//! never has. Such a claim may hold for no better reason than a slip.

use std::ops::Range;

use iamsure_core::decision::exemption::EXEMPTIONS;
use iamsure_core::language::{ActionPattern, ConditionKey};
use iamsure_reference::{ValueType, condition_key, expand, expand_retired};

use super::{
    Atom, Body, Claim, Condition, DecisionWord, Fact, KeyFact, Operand, Quantified, Target, Test,
};
use crate::unpublished::{self, Unpublished};

/// Something odd about a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What is odd: one line, lower case, no final stop.
    pub message: String,
    /// Where in the text of the claim, in bytes.
    pub span: Range<usize>,
    /// What to do about it.
    pub help: Option<String>,
    /// Whether the claim is about nothing because of it, so that a proof of it would say nothing.
    pub(crate) is_vacuous: bool,
}

impl Claim {
    /// What is odd about the claim, in the order in which it stands there. It rests on the reference
    /// data, and so on their date; nothing of it makes a claim wrong.
    pub fn remarks(&self) -> Vec<Remark> {
        let mut remarks = Remarks { text: &self.text, found: Vec::new() };
        match &self.body {
            Body::Never(said) | Body::Always(said) | Body::Some(said) => {
                remarks.target(&said.target);
                remarks.exempt(said);
                said.when.iter().for_each(|condition| remarks.condition(condition));
            }
            Body::Implies { premise, conclusion } => {
                remarks.condition(premise);
                remarks.condition(conclusion);
            }
            Body::AllowOnly(target) => remarks.target(target),
            Body::NoInertStatements | Body::SameDecisionsAs(_) | Body::NoMoreThan(_) => {}
        }
        remarks.found
    }
}

struct Remarks<'a> {
    text: &'a str,
    found: Vec<Remark>,
}

impl Remarks<'_> {
    fn add(&mut self, message: String, of: &str, within: &Range<usize>, help: Option<String>) {
        let span = self.place(of, within);
        self.found.push(Remark { message, span, help, is_vacuous: false });
    }

    /// As [`add`](Self::add), if it makes the claim one about nothing.
    fn refuse(&mut self, message: String, of: &str, within: &Range<usize>, help: Option<String>) {
        let span = self.place(of, within);
        self.found.push(Remark { message, span, help, is_vacuous: true });
    }

    /// Where `of` stands within a part of the text; the part, if it is written in another way there.
    fn place(&self, of: &str, within: &Range<usize>) -> Range<usize> {
        let part = self.text.get(within.clone()).unwrap_or_default();
        part.find(of)
            .map_or_else(|| within.clone(), |at| within.start + at..within.start + at + of.len())
    }

    fn target(&mut self, target: &Target) {
        let whole = 0..self.text.len();
        self.actions(&target.actions, &whole);
        self.resources(&target.resources, &target.actions, &whole);
    }

    /// Of calls that AWS does not authorize nothing is allowed and nothing denied.
    fn exempt(&mut self, said: &Quantified) {
        let exemption = |pattern: &ActionPattern| {
            EXEMPTIONS.iter().find(|known| pattern.as_str().eq_ignore_ascii_case(known.action))
        };
        let Some(first) = said.target.actions.first().and_then(exemption) else { return };
        if said.decision == DecisionWord::Exempt
            || said.target.actions.iter().any(|pattern| exemption(pattern).is_none())
        {
            return;
        }
        let action = first.action;
        let message = format!(
            "AWS performs no authorization check for {action}: no policy allows or denies it ({})",
            first.source
        );
        let help = format!("`always exempt {action}` is what can be claimed of it");
        self.refuse(message, action, &(0..self.text.len()), Some(help));
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::All(several) | Condition::Any(several) => {
                for condition in several {
                    self.condition(condition);
                }
            }
            Condition::Not(condition) => self.condition(condition),
            Condition::Is(Atom { fact, span }) => match fact {
                Fact::Action(patterns) => {
                    self.actions(patterns, span);
                }
                Fact::Key(fact) => self.key_fact(fact, span),
                Fact::Resource(patterns) => self.resources(patterns, &[], span),
                Fact::Decision(_) | Fact::Layer(_) | Fact::Path(_) => {}
            },
        }
    }

    fn actions(&mut self, patterns: &[ActionPattern], within: &Range<usize>) {
        for pattern in patterns {
            self.action(pattern, within);
        }
    }

    fn action(&mut self, pattern: &ActionPattern, within: &Range<usize>) {
        let Some(Unpublished { name, message, help }) = unpublished::of_action(pattern.as_str())
        else {
            return;
        };
        if expand_retired(&name).next().is_some() {
            self.add(message, &name, within, help);
        } else {
            self.refuse(message, &name, within, help);
        }
    }

    fn resources(&mut self, patterns: &[String], of: &[ActionPattern], within: &Range<usize>) {
        for pattern in patterns.iter().filter(|pattern| !may_be_resource(pattern)) {
            let message = format!(
                "`{pattern}` matches no resource: a resource is an ARN, with `arn:` and six fields, or `*`"
            );
            self.refuse(message, pattern, within, Some(resource_meant(pattern, of)));
        }
    }

    fn key_fact(&mut self, fact: &KeyFact, within: &Range<usize>) {
        self.key(&fact.key, within);
        let of = condition_key(fact.key.as_str())
            .known()
            .map_or(ValueType::String, |key| key.value_type);
        self.values(fact, of, within);
    }

    fn key(&mut self, key: &ConditionKey, within: &Range<usize>) {
        if let Some(Unpublished { name, message, help }) = unpublished::of_key(key.as_str()) {
            self.add(message, &name, within, help);
        }
    }

    /// Values that a key of this type never has.
    fn values(&mut self, fact: &KeyFact, of: ValueType, within: &Range<usize>) {
        let key = &fact.key;
        let is_published = condition_key(key.as_str()).is_known();
        let fits = |text: &str| unpublished::fits(of, text).0;
        let what = unpublished::fits(of, "").1;
        match &fact.test {
            Test::OneOf(values) => {
                for value in values {
                    match value {
                        Operand::Text(text) if text.contains('*') => {
                            let message = format!(
                                "`is` and `in` compare with the value itself, and `{text}` has a wildcard"
                            );
                            let help = format!("did you mean `like {text}`?");
                            self.refuse(message, text, within, Some(help));
                        }
                        Operand::Text(text) => {
                            let odd = unpublished::of_value(key, text);
                            if let Some(Unpublished { name, message, help }) = odd {
                                self.add(message, &name, within, help);
                            }
                        }
                        Operand::Key(key) => self.key(key, within),
                    }
                }
            }
            Test::Order(_, bound)
                if is_published && !matches!(of, ValueType::Numeric | ValueType::Date) =>
            {
                let message = format!("`{key}` is neither a number nor a date");
                self.add(message, bound, within, None);
            }
            Test::Order(_, bound) if is_published && !fits(bound) => {
                self.add(format!("`{key}` is {what}, never `{bound}`"), bound, within, None);
            }
            Test::Within(_) if is_published && of != ValueType::IpAddress => {
                self.add(format!("`{key}` is not an address"), key.as_str(), within, None);
            }
            Test::Absent | Test::Like(_) | Test::Order(..) | Test::Within(_) => {}
        }
    }
}

/// Whether a pattern of resources can match one: `*`, or an ARN of six fields. A wildcard may stand for any of it.
fn may_be_resource(pattern: &str) -> bool {
    let literal = pattern.split(['*', '?', '$']).next().unwrap_or_default();
    if literal.len() == pattern.len() {
        return pattern.starts_with("arn:") && pattern.splitn(6, ':').count() == 6;
    }
    "arn:".starts_with(literal) || literal.starts_with("arn:")
}

/// What was probably meant by a text that is no resource.
fn resource_meant(written: &str, of: &[ActionPattern]) -> String {
    let service = of.iter().find_map(|pattern| pattern.as_str().split_once(':'));
    let is_bucket = service.is_none_or(|(prefix, _)| prefix.eq_ignore_ascii_case("s3"))
        && !written.contains(':');
    if is_bucket {
        let bucket = written.trim_end_matches("/*").trim_end_matches('/');
        return format!("did you mean `[arn:aws:s3:::{bucket}, arn:aws:s3:::{bucket}/*]`?");
    }
    let example = of.iter().find_map(|pattern| {
        let action = expand(pattern.as_str()).next()?;
        iamsure_reference::example_resource(action.name()).filter(|example| example != "*")
    });
    match example {
        Some(example) => format!("such as `{example}`, or a pattern such as `*{written}`"),
        None => format!("did you mean `*{written}`?"),
    }
}
