//! Condition (G-13, G-14, G-15, and what section 12 warns about).

use std::collections::BTreeMap;

use super::{Effect, Json, Member, Node, Reader};
use crate::language::condition::operator::NotAnOperator;
use crate::language::condition::{
    Clause, ConditionBlock, ConditionValue, Family, Operand, Operator, Quantifier, Written,
};
use crate::language::diagnostic::{Code, Grade};
use crate::language::document::Version;
use crate::language::key::ConditionKey;
use crate::language::source::{Span, Spanned};
use crate::language::symbol::placeholders;

impl Reader {
    pub(super) fn condition(&mut self, node: Node, effect: Option<Effect>) -> ConditionBlock {
        let mut block = ConditionBlock::default();
        let Some(operators) = self.map_of("Condition maps operators to keys", node) else {
            return block;
        };
        for Member { key: name, value } in operators {
            let is_empty = matches!(&value.value, Json::Map(keys) if keys.is_empty());
            let operator = self.operator(&name, is_empty);
            let Some(keys) = self.map_of("an operator maps keys to values", value) else {
                continue;
            };
            if keys.is_empty() {
                block.empty_operators.push(name.clone());
            }
            self.keys_differ(&keys);
            for (number, Member { key, value }) in keys.into_iter().enumerate() {
                let span = Span::new(key.span.start, value.span.end);
                let family = operator.map_or(Family::String, |operator| operator.base.family());
                let values = self.condition_values(value, family);
                let (Some(operator), Some(values)) = (operator, values) else { continue };
                let clause = Clause {
                    operator: Spanned::new(operator, name.span),
                    key: Spanned::new(ConditionKey::new(key.value), key.span),
                    values,
                };
                self.suspicions(&clause, span, number == 0);
                block.clauses.push(Spanned::new(clause, span));
            }
        }
        if effect == Some(Effect::Allow) {
            self.absences(&block);
        }
        block
    }

    fn map_of(&mut self, expected: &str, node: Node) -> Option<Vec<Member>> {
        match node.value {
            Json::Map(members) => {
                self.duplicates(&members);
                Some(members)
            }
            other => {
                let message = format!("{expected}; this is {}", other.kind());
                self.report(self.finding(Code::BadCondition, node.span, message));
                None
            }
        }
    }

    /// The operator of this name. One that holds no key asks nothing, and AWS stores any name (G-13).
    fn operator(&mut self, name: &Spanned<String>, is_empty: bool) -> Option<Operator> {
        let (message, help, operator) = match Operator::parse(name) {
            Ok(operator) => {
                if operator.base.family() == Family::Null
                    && let Some(quantifier) = operator.quantifier
                {
                    let constant = match quantifier {
                        Quantifier::ForAllValues => "true",
                        Quantifier::ForAnyValue => "false",
                    };
                    let message = format!(
                        "`{}` is always {constant}, whatever the request holds",
                        name.value
                    );
                    let mut finding = self.finding(Code::SetNull, name.span, message);
                    if is_empty {
                        finding.severity = Grade::Suspicious.severity(self.profile);
                    }
                    self.report(finding.help("write `Null` without the prefix"));
                }
                return Some(operator);
            }
            Err(NotAnOperator::CaseDiffers(operator)) => (
                format!("operator names are case-sensitive; `{}` is not one", name.value),
                Some(format!("write `{operator}`")),
                Some(operator),
            ),
            Err(NotAnOperator::NullIfExists) => (
                format!(
                    "`{}` is not an operator: Null already checks whether the key exists",
                    name.value
                ),
                Some("write `Null`".to_owned()),
                None,
            ),
            Err(NotAnOperator::Unknown) => {
                let names: Vec<_> = Operator::all().map(|operator| operator.to_string()).collect();
                let close = self.closest(name, names.iter().map(String::as_str));
                (
                    format!("`{}` is not a condition operator", name.value),
                    Some(close.map_or_else(
                        || "expected an operator such as `StringEquals`, `ForAnyValue:StringLike` or `BoolIfExists`".to_owned(),
                        |close| format!("did you mean `{close}`?"),
                    )),
                    None,
                )
            }
        };
        let mut finding = self.finding(Code::BadOperator, name.span, message);
        finding.help = help;
        if is_empty {
            finding.severity = Grade::Suspicious.severity(self.profile);
        } else if operator.is_some() {
            // Services other than IAM read it without case (Q7), so the lenient profile does too.
            finding.severity = Grade::Refused.severity(self.profile);
        }
        self.report(finding);
        operator
    }

    /// G-14: keys that are equal but for case. Keys that are wholly equal are duplicates (G-2).
    fn keys_differ(&mut self, keys: &[Member]) {
        let mut seen: BTreeMap<String, (&str, Span)> = BTreeMap::new();
        for Member { key, .. } in keys {
            let folded = key.to_ascii_lowercase();
            match seen.get(&folded) {
                Some((first, span)) if *first != key.as_str() => {
                    let message = format!(
                        "`{}` and `{first}` are the same key: key names are case-insensitive",
                        key.value
                    );
                    self.report(
                        self.finding(Code::DuplicateKeyCase, key.span, message)
                            .also(*span, "first written here"),
                    );
                }
                Some(_) => {}
                None => {
                    seen.insert(folded, (key, key.span));
                }
            }
        }
    }

    fn condition_values(
        &mut self,
        node: Node,
        family: Family,
    ) -> Option<Vec<Spanned<ConditionValue>>> {
        let nodes = match node.value {
            Json::List(nodes) => nodes,
            value => vec![Spanned::new(value, node.span)],
        };
        let mut values = Vec::with_capacity(nodes.len());
        let mut fine = true;
        for node in nodes {
            let (text, written) = match node.value {
                Json::Text(text) => (text, Written::Text),
                Json::Number(text) => (text, Written::Number),
                Json::Bool(value) => (value.to_string(), Written::Bool),
                other @ (Json::Null | Json::List(_) | Json::Map(_)) => {
                    let message = format!(
                        "a condition value must be a string, a number or a Boolean; this is {}",
                        other.kind()
                    );
                    self.report(self.finding(Code::BadConditionValue, node.span, message));
                    fine = false;
                    continue;
                }
            };
            values.push(Spanned::new(ConditionValue::new(text, written, family), node.span));
        }
        fine.then_some(values)
    }

    /// What AWS stores, and what probably does not do what its author meant. What is so of the operator is said of its first
    /// key.
    fn suspicions(&mut self, clause: &Clause, span: Span, is_first: bool) {
        let operator = *clause.operator;
        let family = operator.base.family();
        let variables_mean = self.version == Some(Version::V2012);
        if clause.values.is_empty() {
            self.report(self.finding(
                Code::EmptyConditionValues,
                span,
                "no value is listed for this key",
            ));
        }
        for value in &clause.values {
            let (text, at) = (value.as_str(), value.span);
            if variables_mean && value.template().has_variables() {
                if family.substitutes() {
                    self.variables(value.template(), at);
                } else {
                    let message = format!(
                        "`{operator}` does not substitute variables: `{text}` is taken literally"
                    );
                    self.report(self.finding(Code::VariableNotSubstituted, at, message));
                }
            } else if !placeholders(text).is_empty() {
                // What a reader puts there is not known.
            } else if family == Family::Date && !value.is_readable() {
                let message = format!("`{text}` is not a date, so it equals nothing");
                let finding = self.stored_finding(Code::BadDate, at, message);
                self.report(
                    finding.help("write it as `2026-01-31T00:00:00Z`, or as seconds since 1970"),
                );
            } else if !value.is_readable() {
                let message =
                    format!("`{text}` is not {}, so it equals nothing", family.value_name());
                self.report(self.finding(Code::UnreadableLiteral, at, message));
            } else if family == Family::Arn && text.split(':').count() < 6 {
                let message = format!(
                    "`{text}` has fewer than six fields: AWS does not document what it matches, and it is assumed to match nothing (Q27)"
                );
                let finding = self.finding(Code::UnreadableLiteral, at, message);
                self.report(
                    finding.help(
                        "write all six fields, as in `arn:*:*:*:*:*`, or use a String operator",
                    ),
                );
            } else if let Operand::Date(Some(date)) = value.operand()
                && date.is_assumed()
            {
                let message = format!("`{text}` is read as UTC, at the start of its period");
                self.report(
                    self.finding(Code::AssumedZone, at, message)
                        .help(format!("write it as `{}`", date.in_full())),
                );
            }
        }
        let for_all = operator.quantifier == Some(Quantifier::ForAllValues);
        let is_negated = operator.base.is_negated() && operator.quantifier.is_none();
        if is_first && operator.if_exists && (is_negated || for_all) {
            let why = if for_all {
                "ForAllValues is true for an absent key anyway"
            } else {
                "a negated operator is true for an absent key anyway"
            };
            self.report(self.finding(
                Code::IfExistsWithoutEffect,
                clause.operator.span,
                format!("`IfExists` changes nothing here: {why}"),
            ));
        }
        let booleans = |wanted| {
            clause.values.iter().any(|value| *value.operand() == Operand::Bool(Some(wanted)))
        };
        if family == Family::Bool && booleans(true) && booleans(false) {
            let finding = self.finding(
                Code::BoolBothValues,
                span,
                "both Booleans are listed, so only presence is checked",
            );
            self.report(finding.help("write `\"Null\": { …: \"false\" }` if that is intended"));
        }
    }

    /// Clauses of an Allow that match where their key is absent, unless another clause asks for it.
    fn absences(&mut self, block: &ConditionBlock) {
        let must_be_there = |key: &ConditionKey| {
            block.clauses.iter().any(|clause| {
                let is_false = |value: &Spanned<ConditionValue>| {
                    *value.operand() == Operand::Bool(Some(false))
                };
                clause.operator.base.family() == Family::Null
                    && *clause.key == *key
                    && clause.values.iter().all(is_false)
            })
        };
        for clause in &block.clauses {
            let operator = *clause.operator;
            if operator.quantifier != Some(Quantifier::ForAllValues)
                || operator.base.family() == Family::Null
                || must_be_there(&clause.key)
            {
                continue;
            }
            let message =
                format!("`{operator}` in an Allow also matches if `{}` is absent", *clause.key);
            let finding = self.finding(Code::ForAllValuesAllow, clause.operator.span, message);
            self.report(finding.help(format!(
                "add `\"Null\": {{ \"{}\": \"false\" }}` if the key must be present",
                *clause.key
            )));
        }
    }
}
