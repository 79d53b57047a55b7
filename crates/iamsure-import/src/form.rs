//! Which kind of record a file holds, and its records.

use iamsure_core::language::json::{self, Json};
use iamsure_core::language::{Source, Spanned};

use super::captured::Documents;
use super::field::{Field, ImportError};
use super::{Import, cloud_trail, decoded, denial, message, simulation};

/// The kinds of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A text with access-denied sentences, as the AWS CLI prints them, or an error of an API as JSON.
    Sentence,
    /// The answer of `sts:DecodeAuthorizationMessage`, or the message in it.
    Decoded,
    /// The answer of `iam-toolbox:GetRequestAuthorizationDetails`.
    Denial,
    /// CloudTrail: a record, `{"Records": […]}`, records one a line, or the answer of `LookupEvents`.
    CloudTrail,
    /// The request and the result of `iam:SimulateCustomPolicy` or `iam:SimulatePrincipalPolicy`.
    Simulation,
}

impl Form {
    /// The form of a value.
    fn of(value: Field<'_>) -> Option<Self> {
        let has = |name: &str| value.get(name).is_some();
        if has("evaluations") && has("requestContext") {
            Some(Self::Denial)
        } else if has("ActionNames") || has("EvaluationResults") {
            Some(Self::Simulation)
        } else if has("Records") || has("Events") || has("eventSource") || has("CloudTrailEvent") {
            Some(Self::CloudTrail)
        } else if decoded::is_one(value) {
            Some(Self::Decoded)
        } else {
            message::in_json(value).map(|_| Self::Sentence)
        }
    }
}

/// Reads files. The request of a simulation and its result may stand in one file or in two that
/// follow each other. `form` is what they hold; without it each file tells. `documents` are the
/// policies of denials.
///
/// # Errors
/// The first thing that keeps a file from being imported, with its place.
pub fn read(
    sources: &[Source],
    form: Option<Form>,
    documents: &Documents,
) -> Result<Import, ImportError> {
    let mut reader =
        Reader { form, documents, import: Import::default(), asked: None, uris: Vec::new() };
    for source in sources {
        let values = match values(source) {
            Ok(values) => values,
            Err(error) => {
                let may_be_text = form == Some(Form::Sentence)
                    || form.is_none() && !message::looks_like_json(source.text());
                if !may_be_text {
                    return Err(error);
                }
                message::read(source, &mut reader.import)?;
                continue;
            }
        };
        for (source, value, line) in values {
            reader.read(source, value).map_err(|error| error.below(line))?;
        }
    }
    if let Some((source, value)) = &reader.asked {
        return Err(Field::new(source, value).error(NO_RESULT));
    }
    let Reader { mut import, uris, .. } = reader;
    if let Some(stray) = documents.uris().find(|uri| !uris.iter().any(|known| known == uri)) {
        import
            .notes
            .push(format!("no denial names the policy `{stray}`; its document is not used"));
    }
    Ok(import)
}

const NO_RESULT: &str = "this is a simulation request without its result: give the file with `EvaluationResults` after it";

struct Reader<'a> {
    form: Option<Form>,
    documents: &'a Documents,
    import: Import,
    /// The request of a simulation, until its result comes.
    asked: Option<(Source, Spanned<Json>)>,
    /// The policies that denials name.
    uris: Vec<String>,
}

impl Reader<'_> {
    fn read(&mut self, source: Source, value: Spanned<Json>) -> Result<(), ImportError> {
        let field = Field::new(&source, &value);
        let form = self.form.or_else(|| Form::of(field)).ok_or_else(|| {
            field.error("not an importable record: a denial has `requestContext` and `evaluations`, a CloudTrail record `eventSource` (several are in `Records`), a simulation `ActionNames` and `EvaluationResults`, a decoded authorization message `DecodedMessage` or `explicitDeny` and `context`")
        })?;
        match form {
            Form::Denial => {
                self.uris.extend(denial::read(field, self.documents, &mut self.import)?);
                return Ok(());
            }
            Form::CloudTrail => return cloud_trail::read(field, &mut self.import),
            Form::Decoded => return decoded::read(field, &mut self.import),
            Form::Sentence => return message::read_json(field, &mut self.import),
            Form::Simulation => {}
        }
        let has = |name| field.get(name).is_some();
        match (has("ActionNames"), has("EvaluationResults"), self.asked.take()) {
            (true, _, Some((of, request))) => Err(Field::new(&of, &request).error(NO_RESULT)),
            (true, true, None) => simulation::read(field, field, &mut self.import),
            (true, false, None) => {
                self.asked = Some((source, value));
                Ok(())
            }
            (false, true, Some((of, request))) => {
                simulation::read(Field::new(&of, &request), field, &mut self.import)
            }
            (false, true, None) => Err(field.error("this is the result of a simulation; give the request before it: the file of --cli-input-json, or what `jq -s add request.json result.json` makes of both")),
            (false, false, _) => Err(field.error("this is neither the request of a simulation (`ActionNames`) nor its result (`EvaluationResults`)")),
        }
    }
}

/// The JSON of a file, one value or one a line, each with how many lines stand before it.
fn values(source: &Source) -> Result<Vec<(Source, Spanned<Json>, usize)>, ImportError> {
    let error = match json::read(source) {
        Ok(value) => {
            let Json::List(items) = value.value else {
                return Ok(vec![(source.clone(), value, 0)]);
            };
            return Ok(items.into_iter().map(|item| (source.clone(), item, 0)).collect());
        }
        Err(error) => error,
    };
    let mut lines = source.text().lines().filter(|line| !line.trim().is_empty());
    let is_json = |line: &str| json::read(&Source::new("", line)).is_ok();
    if !(lines.next().is_some_and(is_json) && lines.next().is_some()) {
        return Err(ImportError::at(source, error.span(), error.message));
    }
    let mut values = Vec::new();
    for (number, line) in source.text().lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let source = Source::new(source.name(), line);
        let value = json::read(&source)
            .map_err(|error| ImportError::at(&source, error.span(), error.message).below(number))?;
        values.push((source, value, number));
    }
    Ok(values)
}
