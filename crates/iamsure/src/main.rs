//! `iamsure`: what your AWS IAM policies decide.

use std::process::ExitCode;

fn main() -> ExitCode {
    iamsure::main()
}
