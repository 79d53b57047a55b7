//! Entries of Resource and NotResource, and how they match one ARN (M-10 to M-18).
//!
//! In the first five fields of an entry, `*` stops at a colon unless it is the last character of
//! its field; then it may run on across fields (M-12). After the fifth colon `*` and `?` match
//! anything. Variables stand only after the fifth colon (V-3).
//!
//! AWS pages: IAM User Guide, `reference_policies_elements_resource`, `reference-arns`.

mod compiled;

pub use compiled::CompiledResource;

use std::fmt;

use super::document::PolicyType;
use super::key::ConditionKey;
use super::symbol::is_placeholder;
use super::variable::{Reading, Template, Token, Value};

/// The choices on which AWS is silent and a resource match depends. By default all are `false`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is the answer to one of the spec's yes-or-no questions"
)]
pub struct ResourceRules {
    /// Q11: wildcards in a substituted value stay wildcards.
    pub substituted_wildcards: bool,
    /// Q13: the first five fields compare without case.
    pub fields_ignore_case: bool,
    /// Q14: every `*` in the first five fields crosses colons.
    pub inner_runs_cross: bool,
    /// Q15: short ARNs are completed in every type of policy.
    pub complete_everywhere: bool,
    /// Q3: it matters that a variable in the entry has no value, not only that the entry does not
    /// match.
    pub no_value_matters: bool,
    /// Q26: variables are substituted before the fifth colon too.
    pub early_variables: bool,
    /// Q23: the request resource `*` also matches entries whose resource part is `*`.
    pub all_matches_arns: bool,
}

/// Whether an entry matches; `Unknown` if a variable's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResourceMatch {
    /// The entry matches.
    Yes,
    /// The entry does not match.
    No,
    /// A variable in the entry has no value, so the entry matches nothing (V-7).
    NoValue,
    /// Nobody said what a variable in the entry stands for.
    Unknown,
}

/// An entry of Resource or NotResource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourcePattern {
    template: Template,
    is_placeholder: bool,
}

impl ResourcePattern {
    /// Reads an entry. Every text is one.
    pub fn new(text: impl Into<String>) -> Self {
        let template = Template::new(text);
        let is_placeholder = is_placeholder(template.as_str());
        Self { template, is_placeholder }
    }

    /// The text as written.
    pub fn as_str(&self) -> &str {
        self.template.as_str()
    }

    /// The text with its variables.
    pub const fn template(&self) -> &Template {
        &self.template
    }

    /// Whether the entry is one placeholder, which matches only itself.
    pub const fn is_placeholder(&self) -> bool {
        self.is_placeholder
    }

    /// Whether the entry is `*`.
    pub fn is_every(&self) -> bool {
        self.as_str() == "*"
    }

    /// How many of the six fields are missing, colons inside `${…}` not counted.
    pub fn missing_fields(&self, reading: Reading) -> usize {
        5_usize.saturating_sub(colons(self.template.tokens(reading)))
    }

    /// Whether a variable stands before the fifth colon (V-3).
    pub fn has_early_variable(&self) -> bool {
        self.early_variables().next().is_some()
    }

    /// The fields, counted from 0, of the variables before the fifth colon: 4 is the account (V-3).
    pub fn early_variables(&self) -> impl Iterator<Item = usize> {
        let mut field = 0;
        self.template.tokens(Reading::Substituted).iter().filter_map(move |token| {
            field += usize::from(*token == Token::Char(':'));
            matches!(token, Token::Variable(_) if field < 5).then_some(field)
        })
    }

    /// Whether it matches nothing because of a variable before the fifth colon (V-3, Q26).
    pub fn is_void(&self, reading: Reading, rules: ResourceRules) -> bool {
        reading == Reading::Substituted && !rules.early_variables && self.has_early_variable()
    }

    /// What every resource starts with that the entry matches, or may match by something unknown. A resource that
    /// starts otherwise is told without compiling the entry.
    pub fn literal_start(
        &self,
        reading: Reading,
        rules: ResourceRules,
    ) -> impl Iterator<Item = char> {
        let tokens = self.template.tokens(reading);
        // Where a variable is unknown, an entry that could not match may be unknown too: always by Q3, and if
        // another variable has no value.
        let variables = tokens.iter().filter(|token| matches!(token, Token::Variable(_))).count();
        let is_open = variables > 1 || (variables == 1 && rules.no_value_matters);
        // Q13 compares without case, and by Q23 the resource `*` matches what does not start so.
        let starts_anyhow = is_open || rules.fields_ignore_case || rules.all_matches_arns;
        let tokens: &[Token] =
            if starts_anyhow || self.is_placeholder { Default::default() } else { tokens };
        let itself = if self.is_placeholder { self.as_str() } else { "" };
        itself.chars().chain(
            tokens
                .iter()
                .map_while(|token| if let Token::Char(c) = token { Some(*c) } else { None }),
        )
    }

    /// Whether the entry matches `resource`, a concrete ARN or `*`, in a policy of type `kind`.
    pub fn matches<'v>(
        &self,
        resource: &str,
        kind: PolicyType,
        reading: Reading,
        rules: ResourceRules,
        value_of: impl Fn(&ConditionKey) -> Value<'v>,
    ) -> ResourceMatch {
        self.compile(kind, reading, rules).matches(self, resource, value_of)
    }

    /// The entry made ready for many requests.
    pub fn compile(
        &self,
        kind: PolicyType,
        reading: Reading,
        rules: ResourceRules,
    ) -> CompiledResource {
        CompiledResource::new(self, kind, reading, rules)
    }
}

fn colons(tokens: &[Token]) -> usize {
    tokens.iter().filter(|token| **token == Token::Char(':')).count()
}

/// What a type of policy does with an ARN of fewer than six fields (M-14, Q15).
enum ShortArns {
    /// Each missing field becomes `*`.
    Completed,
    /// It matches as it is: only with a `*` at the end that runs across the missing fields.
    AsWritten,
    /// AWS does not store it; it matches nothing.
    Rejected,
}

const fn short_arns(kind: PolicyType) -> ShortArns {
    match kind {
        kind if kind.completes_arns() => ShortArns::Completed,
        PolicyType::Session | PolicyType::Rcp => ShortArns::Rejected,
        _ => ShortArns::AsWritten,
    }
}

impl fmt::Display for ResourcePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
