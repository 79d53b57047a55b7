//! The arguments of `iamsure import`.

use std::path::PathBuf;

use clap::ValueEnum;

use super::LayerArgs;

/// What `iamsure import` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure import denial.json --policy arn:aws:iam::111122223333:policy/app=app.json > denial.iamsure.yaml
  iamsure import events.json --identity role.json --scp guardrails.json > events.iamsure.yaml
  aws cloudtrail lookup-events | iamsure import - --identity role.json
  iamsure import request.json result.json
  aws s3 cp s3://reports/q3.csv . 2>&1 | iamsure import - --identity role.json
  aws sts decode-authorization-message --encoded-message TEXT | iamsure import - --identity role.json

docs/import.md says what each kind of record contains, and what it does not.")]
pub struct ImportArgs {
    /// The records, or `-` for standard input. The result of a simulation follows its request.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// What the files contain. Default: detected for each file.
    #[arg(long, value_enum, value_name = "FORM")]
    pub from: Option<ImportForm>,
    /// The document of a policy that a denial names by its URI, as `get-request-authorization-policy`
    /// answers (repeatable).
    #[arg(long = "policy", value_name = "URI=FILE")]
    pub documents: Vec<String>,
    /// The policies, for records that contain none. The suite refers to the files as given here.
    #[command(flatten)]
    pub layers: LayerArgs,
}

/// The kinds of record that can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ImportForm {
    /// Text with access-denied messages (`User: … is not authorized to perform: …`), from the AWS CLI or a log.
    Sentence,
    /// Output of `aws sts decode-authorization-message`, or the message in it.
    DecodedMessage,
    /// Output of `aws iam-toolbox get-request-authorization-details`.
    Denial,
    /// CloudTrail: a record, a log file, one record per line, or the output of `lookup-events`.
    #[value(name = "cloudtrail")]
    CloudTrail,
    /// The request and the result of `aws iam simulate-custom-policy` or `simulate-principal-policy`.
    Simulate,
}

impl From<ImportForm> for iamsure_import::Form {
    fn from(form: ImportForm) -> Self {
        match form {
            ImportForm::Sentence => Self::Sentence,
            ImportForm::DecodedMessage => Self::Decoded,
            ImportForm::Denial => Self::Denial,
            ImportForm::CloudTrail => Self::CloudTrail,
            ImportForm::Simulate => Self::Simulation,
        }
    }
}
