//! A `matcher`: a CEL expression over the claims of a token.
//!
//! ToolHive compiles it for one variable, `claims`, a map of text to anything, with CEL's standard
//! functions and no extension (toolhive `pkg/auth/awssts/role_mapper.go`, toolhive-core `cel`). What
//! it cannot compile stops the whole proxy; what fails on a token skips the mapping.
//!
//! What iamsure cannot evaluate as ToolHive would is `Undecided`, never a guess: dates,
//! and expressions nested deeper than the interpreter is trusted with.

mod names;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, LazyLock};

use cel::common::ast::Expr;
use cel::{Context, Program, Value};

use super::claims::Claims;
use names::Names;

/// The longest expression that ToolHive compiles, in bytes (toolhive-core `cel/engine.go`).
pub(crate) const MAX_LENGTH: usize = 10_000;

/// The deepest nesting of brackets that is evaluated here.
const MAX_NESTING: usize = 8;

/// The most arithmetic and comparisons in one operand of `&&` or `||` that are evaluated here.
const MAX_CHAIN: usize = 16;

/// The most steps that the loops of one expression may take here.
const MAX_STEPS: usize = 100_000;

/// The most bytes that the values of one expression may take here.
const MAX_VALUE_BYTES: usize = 64 << 20;

/// CEL's standard functions; operators are not among them.
const FUNCTIONS: [&str; 13] = [
    "bool",
    "bytes",
    "contains",
    "double",
    "dyn",
    "endsWith",
    "int",
    "matches",
    "size",
    "startsWith",
    "string",
    "type",
    "uint",
];

/// CEL's standard functions of dates, which are not evaluated here.
const DATES: [&str; 12] = [
    "timestamp",
    "duration",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getFullYear",
    "getHours",
    "getMilliseconds",
    "getMinutes",
    "getMonth",
    "getSeconds",
];

/// A compiled expression.
#[derive(Clone, Debug)]
pub struct Matcher {
    text: String,
    compiled: Compiled,
}

#[derive(Clone, Debug)]
enum Compiled {
    Program {
        program: Arc<Program>,
        /// How deep its loops nest.
        loops: usize,
        /// The longest list that is written out in it.
        widest: usize,
        /// How many values it joins.
        joins: usize,
    },
    /// It may well be valid; why it is not evaluated here.
    NotHere(String),
}

/// Why ToolHive refuses an expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MatcherError {
    /// It is longer than [`MAX_LENGTH`].
    #[error("the expression is {0} bytes long, and ToolHive compiles at most {MAX_LENGTH}")]
    TooLong(usize),
    /// It is not CEL.
    #[error("this is not a CEL expression, at its character {character}: {message}")]
    Syntax {
        /// Which character, from 1.
        character: usize,
        /// What the parser says.
        message: String,
    },
    /// It names a variable that is not there.
    #[error("unknown variable `{0}`: an expression sees only `claims`")]
    UnknownVariable(String),
    /// It calls a function that is not there.
    #[error("unknown function `{0}`: ToolHive's CEL has only the standard functions")]
    UnknownFunction(String),
}

/// What an expression says of the claims of one token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// It is true.
    Matches,
    /// It is false.
    DoesNotMatch,
    /// It fails, or is no boolean: ToolHive skips the mapping, and says so at debug level alone.
    Fails(String),
    /// iamsure does not evaluate it; why.
    Undecided(String),
}

impl Matcher {
    /// Compiles an expression as ToolHive does.
    ///
    /// ToolHive also checks types where they are known without the claims, such as `1 + "a"`; that
    /// is not done here, and such an expression fails when it is evaluated.
    ///
    /// # Errors
    /// If ToolHive refuses it.
    pub(crate) fn compile(text: &str) -> Result<Self, MatcherError> {
        let compiled = |compiled| Self { text: text.to_owned(), compiled };
        if text.len() > MAX_LENGTH {
            return Err(MatcherError::TooLong(text.len()));
        }
        if let Some(why) = too_deep(text) {
            return Ok(compiled(Compiled::NotHere(why)));
        }
        let program = Program::compile(text).map_err(|errors| syntax(text, &errors))?;
        let mut names = Names::default();
        names.visit(program.expression(), &mut Vec::new(), 0);
        if let Some(name) = names.variables.first() {
            return Err(MatcherError::UnknownVariable(name.clone()));
        }
        if let Some(name) = names
            .functions
            .iter()
            .find(|name| !FUNCTIONS.contains(&name.as_str()) && !DATES.contains(&name.as_str()))
        {
            return Err(MatcherError::UnknownFunction(name.clone()));
        }
        if let Some(name) = names.functions.iter().find(|name| DATES.contains(&name.as_str())) {
            let why = format!("iamsure does not evaluate dates in CEL (`{name}`)");
            return Ok(compiled(Compiled::NotHere(why)));
        }
        let (loops, widest, joins) = (names.loops, names.widest_list, names.joins);
        Ok(compiled(Compiled::Program { program: Arc::new(program), loops, widest, joins }))
    }

    /// The expression as it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Evaluates it for the claims of a token.
    pub(crate) fn judge(&self, claims: &Claims) -> Judgement {
        let (program, loops, widest, joins) = match &self.compiled {
            Compiled::Program { program, loops, widest, joins } => {
                (program, *loops, *widest, *joins)
            }
            Compiled::NotHere(why) => return Judgement::Undecided(why.clone()),
        };
        let widest = claims.widest().max(widest);
        let steps = (0..loops).try_fold(1_usize, |steps, _| steps.checked_mul(widest));
        if steps.is_none_or(|steps| steps > MAX_STEPS) {
            return Judgement::Undecided(format!(
                "its loops may take more than {MAX_STEPS} steps on these claims"
            ));
        }
        let bytes = value_bytes(joins, loops, steps.unwrap_or(usize::MAX), || {
            claims.bytes() + self.text.len()
        });
        if bytes.is_none_or(|bytes| bytes > MAX_VALUE_BYTES) {
            return Judgement::Undecided(format!(
                "its values may take more than {MAX_VALUE_BYTES} bytes on these claims"
            ));
        }
        let mut context = Context::default();
        context.add_variable_from_value("claims", claims.as_cel());
        match program.execute(&context) {
            Ok(Value::Bool(true)) => Judgement::Matches,
            Ok(Value::Bool(false)) => Judgement::DoesNotMatch,
            Ok(other) => Judgement::Fails(format!("expected a boolean, got {}", other.type_of())),
            Err(error) => Judgement::Fails(first_line(&error.to_string())),
        }
    }

    /// Whether the expression is a constant that is not true, and so can select nothing.
    pub(crate) fn never_matches(&self) -> bool {
        let Compiled::Program { program, .. } = &self.compiled else { return false };
        let constant = matches!(program.expression().expr, Expr::Literal(_));
        constant && self.judge(&Claims::none()) != Judgement::Matches
    }
}

/// How many bytes values may come to that are joined of texts of `given` bytes; `None` if that is beyond counting.
fn value_bytes(
    joins: usize,
    loops: usize,
    steps: usize,
    given: impl FnOnce() -> usize,
) -> Option<usize> {
    if joins == 0 {
        return Some(0);
    }
    // What a loop joins may be what another one joined: then every join may double it.
    let growth = match loops {
        0 => joins.saturating_add(1),
        _ => 1_usize.checked_shl(u32::try_from(joins).ok()?)?,
    };
    growth.checked_mul(steps)?.checked_mul(given())
}

impl PartialEq for Matcher {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Matcher {}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What ToolHive evaluates for `claim: VALUE`.
static LOOKUP: LazyLock<Result<Program, String>> = LazyLock::new(|| {
    Program::compile("claim_value in claims[role_claim_key]").map_err(|error| error.to_string())
});

/// What `claim: VALUE` means: ToolHive evaluates `claim_value in claims[role_claim_key]` with the
/// value and the name of the claim bound as variables, so neither can inject anything.
pub(crate) fn judge_claim(value: &str, role_claim: &str, claims: &Claims) -> Judgement {
    let mut context = Context::default();
    context.add_variable_from_value("claims", claims.as_cel());
    context.add_variable_from_value("claim_value", value);
    context.add_variable_from_value("role_claim_key", role_claim);
    let program = match &*LOOKUP {
        Ok(program) => program,
        Err(error) => return Judgement::Undecided(error.clone()),
    };
    match program.execute(&context) {
        Ok(Value::Bool(true)) => Judgement::Matches,
        Ok(Value::Bool(false)) => Judgement::DoesNotMatch,
        Ok(other) => Judgement::Fails(format!("expected a boolean, got {}", other.type_of())),
        Err(error) => Judgement::Fails(match claims.kind_of(role_claim) {
            None => format!("the token has no claim `{role_claim}`"),
            Some(kind @ ("a list" | "an object")) => {
                format!("`{role_claim}` is {kind}: {}", first_line(&error.to_string()))
            }
            Some(kind) => format!(
                "`{role_claim}` is {kind}, and `in` needs a list: write [\"GROUP\"] in the token, or use a matcher"
            ),
        }),
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim_end_matches(':').to_owned()
}

fn syntax(text: &str, errors: &cel::ParseErrors) -> MatcherError {
    let Some(error) = errors.errors.first() else {
        return MatcherError::Syntax { character: 1, message: errors.to_string() };
    };
    let (line, column) = (usize::try_from(error.pos.0), usize::try_from(error.pos.1));
    let before: usize = text
        .lines()
        .take(line.unwrap_or(1).saturating_sub(1))
        .map(|line| line.chars().count() + 1)
        .sum();
    // The parser lists every token it would take; the first words say enough.
    let message = error.msg.trim_start_matches("Syntax error: ");
    let message = message.split(" expecting ").next().unwrap_or(message);
    MatcherError::Syntax {
        character: before + column.unwrap_or(1).max(1),
        message: first_line(message),
    }
}

/// Why an expression is nested too deeply to be parsed here, if it is.
fn too_deep(text: &str) -> Option<String> {
    let (mut depth, mut chain) = (0_usize, 0_usize);
    for c in text.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '&' | '|' => chain = 0,
            '+' | '-' | '*' | '/' | '%' | '<' | '>' | '=' => chain += 1,
            _ => {}
        }
        if depth > MAX_NESTING {
            return Some(format!("it nests brackets deeper than {MAX_NESTING}"));
        }
        // `==` and the like are two characters each.
        if chain > 2 * MAX_CHAIN {
            return Some(format!("it joins more than {MAX_CHAIN} operations without `&&` or `||`"));
        }
    }
    None
}
