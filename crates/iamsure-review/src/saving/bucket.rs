//! What S3 refuses in the policy of a bucket.

use std::collections::{BTreeMap, BTreeSet};

use iamsure_core::language::symbol::is_placeholder;
use iamsure_core::language::{PolicyDocument, ResourcePattern, Spanned, Statement};
use iamsure_reference::{Action, condition_key, expand};

use super::service::resources;
use super::{Code, Report};

pub(super) fn check(report: &mut Report, document: &PolicyDocument) {
    for statement in &document.statements {
        if statement.resource.is_none() {
            let message = "the statement has neither Resource nor NotResource; S3 answers `Missing required field Resource`";
            report.add(
                Code::BucketNoResource,
                statement.span,
                message,
                "name the bucket `arn:aws:s3:::bucket`, its objects `arn:aws:s3:::bucket/*`, or both",
            );
        }
        unfit(report, statement);
        keys(report, statement);
    }
    another(report, document);
}

/// What an entry of Resource may be; both where a wildcard leaves it open.
#[derive(Clone, Copy)]
struct Names {
    bucket: bool,
    object: bool,
}

impl Names {
    fn of(entry: &str) -> Self {
        let Some(path) = entry.splitn(6, ':').nth(5) else {
            return Self { bucket: true, object: true };
        };
        let bucket = path.split('/').next().unwrap_or_default();
        let is_open = bucket.contains(['*', '?', '$', '<']) || is_placeholder(entry);
        let object = path.contains('/');
        Self { bucket: is_open || !object, object: is_open || object }
    }
}

/// An action, written whole, that works on buckets where the statement names objects, or the other way round.
fn unfit(report: &mut Report, statement: &Statement) {
    let Some(entries) = resources(statement).filter(|entries| !entries.is_empty()) else { return };
    let named = entries.iter().map(|entry| Names::of(entry.as_str()));
    let named = named.fold(Names { bucket: false, object: false }, |all, one| Names {
        bucket: all.bucket || one.bucket,
        object: all.object || one.object,
    });
    for entry in statement.action.iter().flat_map(|element| &element.entries) {
        let Some(action) = one_action(entry.as_str()) else { continue };
        let works_on = |name: &str| action.resource_types().any(|resource| resource.name() == name);
        let (bucket, object) = (works_on("bucket"), works_on("object"));
        if bucket == object || bucket && named.bucket || object && named.object {
            continue;
        }
        let (works, form) = if bucket {
            ("the bucket", "arn:aws:s3:::bucket")
        } else {
            ("objects", "arn:aws:s3:::bucket/*")
        };
        let message = format!(
            "`{}` applies to {works}, which the statement does not name; S3 answers `Action does not apply to any resource(s) in statement`",
            entry.as_str()
        );
        report.add(Code::BucketAction, entry.span, message, format!("name {works}: `{form}`"));
        if let Some(element) = &statement.resource {
            report.also(element.span, "");
        }
    }
}

/// A key of S3 that some S3 actions have, and no action that this entry stands for.
fn keys(report: &mut Report, statement: &Statement) {
    // Each key and each entry once, however often they are written.
    let mut keys = BTreeSet::new();
    let written = statement.action.iter().flat_map(|element| &element.entries);
    let entries: BTreeMap<_, _> = written.rev().map(|entry| (entry.as_str(), entry)).collect();
    for clause in &statement.condition.clauses {
        let key = clause.key.as_str();
        let folded = clause.key.folded();
        if !folded.starts_with("s3:")
            || condition_key(key).known().is_none()
            || !keys.insert(folded)
        {
            continue;
        }
        for entry in entries.values() {
            let mut actions = expand(entry.as_str()).peekable();
            if actions.peek().is_none() || actions.any(|action| has(action, key)) {
                continue;
            }
            let message = format!(
                "`{}` has no key `{key}`; S3 answers `Conditions do not apply to combination of actions and resources in statement`",
                entry.as_str()
            );
            let help = format!(
                "move the actions that have the key to a separate statement; `iamsure keys {}` lists its keys",
                entry.as_str()
            );
            report.add(Code::BucketKey, clause.key.span, message, help);
            report.also(entry.span, "");
            break;
        }
    }
}

fn has(action: Action, key: &str) -> bool {
    action.condition_keys().any(|listed| listed.is(key))
}

/// A bucket policy is about one bucket. Names with wildcards or variables are not compared.
fn another(report: &mut Report, document: &PolicyDocument) {
    let mut first: Option<(&str, &Spanned<ResourcePattern>)> = None;
    for entry in document.statements.iter().filter_map(|statement| resources(statement)).flatten() {
        let Some(bucket) = entry.as_str().splitn(6, ':').nth(5) else { continue };
        let bucket = bucket.split('/').next().unwrap_or_default();
        if bucket.contains(['*', '?', '$', '<']) {
            continue;
        }
        match first {
            None => first = Some((bucket, entry)),
            Some((known, place)) if known != bucket => {
                let message = format!(
                    "`{known}` and `{bucket}`: a bucket policy is about its own bucket; S3 answers `Policy has invalid resource`"
                );
                let help = "write a separate policy for the other bucket";
                report.add(Code::BucketOther, entry.span, message, help);
                report.also(place.span, "named first");
                return;
            }
            Some(_) => {}
        }
    }
}

/// The one action that an entry names whole.
fn one_action(entry: &str) -> Option<Action> {
    if entry.contains(['*', '?']) {
        return None;
    }
    expand(entry).next()
}
