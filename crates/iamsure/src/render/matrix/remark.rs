//! What a reader of a matrix must not miss: actions AWS retired, statements that do nothing, what
//! was left out, and what AWS does not say.

use iamsure_core::decision::exemption::{Exemption, exemption, is_unsigned};
use iamsure_core::language::document::{Effect, Sense};
use iamsure_core::language::{ActionName, Arn, ConditionKey, PolicyType};
use iamsure_core::world::call_path::PathKind;
use iamsure_core::world::{CallPath, Switch};
use iamsure_reference::{Standing, ValueType};
use iamsure_truth::ask::Assumed;
use iamsure_truth::known_later::Bounds;
use iamsure_truth::likeness::action_hint;
use iamsure_truth::matrix::{Question, Wildcard};
use iamsure_truth::sample::EXAMPLE_ACCOUNT;

use super::{Report, counted};
use crate::render::whose;
use crate::render::words::{self, OWNED_BY_AWS};

impl Report<'_> {
    /// Facts about the whole matrix that a reader must not miss.
    pub(super) fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        for question in &self.matrix.questions {
            remarks.extend(standing(question));
        }
        remarks.extend(self.matrix.wildcards.iter().filter_map(standing_of_members));
        remarks.extend(self.exemptions());
        if self.matrix.wants_callers_policies {
            remarks.push(
                "No caller policies given: decided both ways, allowing such requests and not allowing them".to_owned(),
            );
        }
        remarks.extend(self.left_out());
        remarks.extend(self.known_later());
        let of_rows = self.matrix.questions.iter().map(|row| &row.resource);
        let of_many = self.matrix.wildcards.iter().filter_map(|row| row.resource.as_ref());
        let mut asked = of_rows.chain(of_many);
        if self.matrix.who.named().is_none() && asked.any(|arn| names_an_account(arn)) {
            remarks.push(
                "Assuming the resources belong to the caller's account (--principal or --resource-account to change)"
                    .to_owned(),
            );
        }
        remarks.extend(self.matrix.owner_taken.as_deref().map(words::owner_taken));
        let names_principals = self.policies.resource.is_some() || self.policies.endpoint.is_some();
        let by_requester = self.matrix.paths.iter().any(|path| path.principal().is_none());
        if self.matrix.who.named().is_none() && names_principals && by_requester {
            let each = if self.matrix.in_each_account {
                " or its like in the account of the row's resource"
            } else {
                ""
            };
            remarks.push(format!(
                "policies that name principals are evaluated for {}{each}; change with --principal",
                self.matrix.requester.principal.display_arn()
            ));
        }
        let sessions = words::other_sessions(self.policies, self.matrix.who.named());
        remarks.extend(sessions.map(|sentence| sentence.trim_end_matches('.').to_owned()));
        let as_service = |path: &&CallPath| path.kind() == PathKind::ServicePrincipal;
        if let Some(path) = self.matrix.paths.iter().find(as_service)
            && self.policies.resource.is_none()
            && !self.matrix.beside.grants_everything
        {
            remarks.push(format!(
                "on {} the service itself is the caller: only a resource-based policy can allow it, and none was given (--resource-policy)",
                path.name()
            ));
        }
        if let Some(path) =
            self.matrix.paths.iter().find(|path| path.kind() == PathKind::ExecutionRole)
        {
            remarks.push(format!(
                "on {} the policies must be those of the role that the service assumed; the role's requests do not show who triggered them, even through MCP",
                path.name()
            ));
        }
        remarks.extend(self.of_tokens());
        remarks.extend(self.of_many());
        remarks.extend(self.switches());
        remarks.extend(self.never_matching());
        let named = self.matrix.who.named();
        remarks.extend(named.and_then(|one| whose::of_requester(self.policies, one)));
        remarks.extend(self.matrix.beside.warnings());
        remarks.extend(self.idle_allows());
        remarks.extend(self.unsigned_actions());
        let via_mcp = ConditionKey::new("aws:ViaAWSMCPService");
        let q20 = self.matrix.keys.contains(&via_mcp)
            && self.matrix.paths.iter().any(|path| {
                path.kind() == PathKind::Direct
                    && Self::path_state(path, &ConditionKey::new("aws:ViaAWSMCPService"))
                        .evidence
                        .len()
                        > 1
            });
        if q20 {
            remarks.push(
                "AWS's docs disagree on whether aws:ViaAWSMCPService is absent or false on direct calls; both were checked (Q20)"
                    .to_owned(),
            );
        }
        let unknown_keys = self.open_keys();
        if !unknown_keys.is_empty() {
            const SHOWN: usize = 20;
            let mut keys: Vec<_> =
                unknown_keys.iter().take(SHOWN).map(ToString::to_string).collect();
            if unknown_keys.len() > SHOWN {
                keys.push(format!("{} more", unknown_keys.len() - SHOWN));
            }
            remarks.push(format!(
                "{} {} unknown; set with --context KEY=VALUE or --absent KEY",
                keys.join(", "),
                if keys.len() == 1 { "is" } else { "are" }
            ));
        }
        remarks.dedup();
        remarks
    }

    /// What "exempt" means, and whom AWS refuses all the same.
    fn exemptions(&self) -> Vec<String> {
        let actions = self.matrix.questions.iter().map(|question| &question.action);
        let found: Vec<&Exemption> = actions.filter_map(exemption).collect();
        let mut remarks = Vec::new();
        if !found.is_empty() {
            remarks.push(
                "exempt: AWS performs no authorization check here; no policy allows or denies it"
                    .to_owned(),
            );
        }
        let limits = found.iter().filter_map(|found| Some((found.action, found.limit?)));
        remarks.extend(limits.map(|(action, limit)| format!("{action}: {limit}")));
        remarks
    }

    /// That a shape of tokens is what the issuer documents.
    fn of_tokens(&self) -> Vec<String> {
        let shapes = self.matrix.exchanges.iter().filter_map(|exchange| exchange.path.token());
        let mut remarks: Vec<String> = shapes
            .filter_map(|shape| {
                let who = shape.issuer.customization?;
                let address = shape.issuer.example;
                Some(format!(
                    "assuming the subject of {address} tokens has its documented form, unless {who} (--path sts:AssumeRoleWithWebIdentity covers any subject)"
                ))
            })
            .collect();
        remarks.dedup();
        remarks
    }

    /// What cells about many requests take for granted.
    fn of_many(&self) -> Vec<String> {
        let is_open =
            self.matrix.answers.iter().flatten().any(|answer| answer.decision().is_none());
        if self.matrix.wildcards.is_empty() && !is_open {
            return Vec::new();
        }
        let mut remarks = Vec::new();
        let is_typed = |key: &&&ConditionKey| {
            let known = iamsure_reference::condition_key(key.as_str()).known();
            known.is_some_and(|known| {
                !matches!(known.value_type, ValueType::String | ValueType::Arn | ValueType::Binary)
            })
        };
        let open = self.open_keys();
        let typed: Vec<_> = open.iter().filter(is_typed).map(ToString::to_string).collect();
        if !typed.is_empty() {
            remarks.push(format!(
                "cells that cover several requests assume that these keys have their documented type: {}",
                typed.join(", ")
            ));
        }
        if self.notes().iter().any(|(_, text)| text.contains(OWNED_BY_AWS)) {
            remarks.push(format!(
                "customers cannot change AWS's own policies and reserved roles ({OWNED_BY_AWS}, …): observed behaviour, which AWS does not document as an evaluation rule (E-35)"
            ));
        }
        remarks
    }

    /// The switches that cells depend on.
    fn switches(&self) -> Vec<String> {
        let Some(switches) = &self.matrix.switches else {
            return vec!["too many cells to check which switches they depend on".to_owned()];
        };
        let remark = |(switch, cells): (&Switch, &usize)| {
            format!(
                "Undocumented: {} ({switch}, assumed: {}). Another choice changes {} (--switch {switch})",
                switch.question(),
                switch.default_meaning(),
                counted(*cells, "cell")
            )
        };
        switches.iter().map(remark).collect()
    }

    /// On which values that are known later some cell depends.
    fn known_later(&self) -> Option<String> {
        let of_answers = self.matrix.answers.iter().flatten();
        let of_exchanges = self.matrix.exchanges.iter().filter_map(|one| one.answer.as_ref());
        let mut cases = of_answers.chain(of_exchanges).flat_map(|answer| &answer.cases);
        let mut divided = self.matrix.wildcard_cells.iter().flatten().flatten();
        let depends = cases.any(|case| case.assumes.contains(&Assumed::Most))
            || divided.any(|division| {
                let silent = division.silent.as_ref();
                silent.is_some_and(|silent| {
                    silent.assumes.iter().flatten().any(|one| *one == Assumed::Most)
                })
            });
        let bounds = if depends { Bounds::of(self.policies, "") } else { None };
        bounds.map(|bounds| {
            format!(
                "decided for every value known only after deployment: {}",
                words::symbols(&bounds.symbols)
            )
        })
    }

    /// Allow statements that name only what AWS does not authorize.
    fn idle_allows(&self) -> Vec<String> {
        self.policies
            .statements()
            .filter(|(_, _, statement)| *statement.effect == Effect::Allow)
            .filter_map(|(id, _, statement)| {
                let element =
                    statement.action.as_ref().filter(|element| element.sense == Sense::OneOf)?;
                let names: Vec<_> = element
                    .entries
                    .iter()
                    .map(|entry| ActionName::parse(entry.as_str()).ok())
                    .collect::<Option<_>>()?;
                let idle =
                    !names.is_empty() && names.iter().all(|action| exemption(action).is_some());
                idle.then(|| {
                    let names: Vec<_> = names.iter().map(ToString::to_string).collect();
                    format!(
                        "[{}] allows nothing: {} needs no permission and cannot be denied",
                        self.number(&id).unwrap_or_default(),
                        names.join(", ")
                    )
                })
            })
            .collect()
    }

    /// What has no row, said.
    fn left_out(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.actions_left_out > 0 {
            remarks.push(format!(
                "NOT SHOWN: {} named by the policies; show them with --action ACTION --only",
                counted(self.actions_left_out, "more action")
            ));
        }
        let mut seen: Vec<&str> = Vec::new();
        for question in
            self.matrix.questions.iter().filter(|question| question.resources_left_out > 0)
        {
            if !seen.contains(&question.action.as_str()) {
                seen.push(question.action.as_str());
                remarks.push(format!(
                    "NOT SHOWN: {} for {} named by the policies; show one with --resource ARN",
                    counted(question.resources_left_out, "more resource"),
                    question.action
                ));
            }
        }
        remarks
    }

    /// Statements that name some row and match on no call path shown, with the clause that keeps them.
    ///
    /// Only where both direct and MCP calls are shown: whoever asked about one path knows that others
    /// are missing.
    fn never_matching(&self) -> Vec<String> {
        let shown = |kind| self.matrix.paths.iter().any(|path| path.kind() == kind);
        if !(shown(PathKind::Direct) && shown(PathKind::Mcp)) {
            return Vec::new();
        }
        self.matrix
            .never_matching
            .iter()
            .filter_map(|id| {
                let (_, statement) = self.policies.statement(*id)?;
                let clauses: Vec<_> = statement
                    .condition
                    .clauses
                    .iter()
                    .map(|clause| {
                        let values: Vec<_> = clause
                            .values
                            .iter()
                            .map(|value| words::on_one_line(value.as_str()))
                            .collect();
                        format!(
                            "{} {} \"{}\"",
                            *clause.operator,
                            *clause.key,
                            values.join("\", \"")
                        )
                    })
                    .collect();
                let does = match *statement.effect {
                    Effect::Allow => "allows",
                    Effect::Deny => "denies",
                };
                Some(format!(
                    "[{}] {does} NOTHING here: its condition ({}) is not true on any call path shown",
                    self.number(id)?,
                    clauses.join(" and ")
                ))
            })
            .collect()
    }

    /// Statements that name a call which policies of a principal cannot control.
    fn unsigned_actions(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        for (id, _, statement) in self.policies.statements() {
            let of_principal = matches!(
                id.layer,
                PolicyType::Identity | PolicyType::Boundary | PolicyType::Session | PolicyType::Scp
            );
            let entries = statement.action.iter().flat_map(|element| &element.entries);
            let named: Vec<_> = entries
                .filter_map(|entry| ActionName::parse(entry.as_str()).ok())
                .filter(is_unsigned)
                .map(|action| action.to_string())
                .collect();
            if of_principal && !named.is_empty() {
                remarks.push(format!(
                    "[{}] names {}, which it cannot control: the caller is not an AWS principal yet, and only the role's trust policy decides",
                    self.number(&id).unwrap_or_default(),
                    named.join(", ")
                ));
            }
        }
        remarks
    }
}

/// What is known of a wildcard that no published action matches.
fn standing_of_members(wildcard: &Wildcard) -> Option<String> {
    let name = wildcard.stands_for.name();
    if wildcard.has_published() {
        return None;
    }
    Some(match iamsure_reference::expand_retired(name).next() {
        Some(retirement) => format!(
            "{name} matches only retired actions ({}): AWS no longer authorizes them, so a statement about them neither allows nor denies anything",
            retirement.source
        ),
        None => format!(
            "{name} matches no action in AWS's data of {}: misspelt, or newer",
            iamsure_reference::captured()
        ),
    })
}

/// What is known of an action that is not an ordinary published one.
fn standing(question: &Question) -> Option<String> {
    let action = question.action.as_str();
    match iamsure_reference::action(action) {
        Standing::Known(_) => None,
        Standing::Retired(retirement) => {
            let since = if retirement.since.is_empty() {
                String::new()
            } else {
                format!(" {}", since(retirement.since))
            };
            Some(format!(
                "{action} is retired{since} ({}): AWS no longer authorizes it, so a statement about it neither allows nor denies anything",
                retirement.source
            ))
        }
        Standing::Unknown => Some(format!(
            "{action} is not in AWS's data of {}: {}",
            iamsure_reference::captured(),
            action_hint(action).unwrap_or_else(|| "misspelt, or newer".to_owned())
        )),
    }
}

fn since(text: &str) -> String {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        format!("since {text}")
    } else {
        format!("({text})")
    }
}

/// Whether the ARN of a row names an account other than the example's.
fn names_an_account(resource: &str) -> bool {
    Arn::split(resource).is_some_and(|arn| {
        !arn.account.is_empty() && arn.account != EXAMPLE_ACCOUNT && arn.account != "aws"
    })
}
