//! The arguments of `iamsure keys`.

use super::{DrawingArgs, Format, OutputArgs};

/// What `iamsure keys` takes.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Examples:
  iamsure keys s3:GetObject
  iamsure keys ec2:RunInstances --resource instance --path direct
  iamsure keys sqs:SendMessage --principal sns.amazonaws.com
  iamsure keys aws:SourceArn")]
pub struct KeysArgs {
    /// An action, or a condition key.
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The resource: an ARN, a pattern of one, or the name of a resource type.
    #[arg(long, value_name = "RESOURCE")]
    pub resource: Option<String>,
    /// The call path (repeatable; see `iamsure matrix --help`). Default: direct, mcp:aws-mcp.
    #[arg(long = "path", value_name = "NAME")]
    pub paths: Vec<String>,
    /// Who calls: an ARN, a service such as `cloudtrail.amazonaws.com`, or `anonymous`. Default: a user or
    /// role session.
    #[arg(long, value_name = "PRINCIPAL")]
    pub principal: Option<String>,
    /// The output format.
    #[arg(long, value_parser = Format::one_of([Format::Human, Format::Markdown, Format::Csv, Format::Json]), default_value = "human", value_name = "FORMAT")]
    pub format: Format,
    /// The output file.
    #[command(flatten)]
    pub output: OutputArgs,
    /// How it is drawn.
    #[command(flatten)]
    pub drawing: DrawingArgs,
}
