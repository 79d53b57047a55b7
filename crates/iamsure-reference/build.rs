//! Turns the text under `data/` into the tables that the library embeds.
//!
//! `service-reference.txt` becomes a string of all names and an array of words that point into it
//! (`build/blob.rs`); `global-keys.txt`, being short, becomes a Rust constant (`build/global.rs`), as does
//! `operations.txt` (`build/operations.rs`).

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

#[path = "build/blob.rs"]
mod blob;
#[path = "build/global.rs"]
mod global;
#[path = "build/operations.rs"]
mod operations;
#[path = "build/reference.rs"]
mod reference;

fn main() -> Result<(), Box<dyn Error>> {
    let data = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("data");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    for watched in ["build.rs", "build", "data"] {
        println!("cargo::rerun-if-changed={watched}");
    }

    let text = fs::read_to_string(data.join("service-reference.txt"))?;
    let reference =
        reference::read(&text).map_err(|trouble| format!("service-reference.txt: {trouble}"))?;
    let blob = blob::Blob::of(&reference)?;
    fs::write(out.join("names.txt"), &blob.text)?;
    fs::write(out.join("words.bin"), blob.bytes()?)?;
    fs::write(out.join("layout.rs"), &blob.layout)?;

    let text = fs::read_to_string(data.join("global-keys.txt"))?;
    let rows = global::rows(&text).map_err(|trouble| format!("global-keys.txt: {trouble}"))?;
    fs::write(out.join("global_keys.rs"), rows)?;

    let text = fs::read_to_string(data.join("operations.txt"))?;
    let rows = operations::rows(&text).map_err(|trouble| format!("operations.txt: {trouble}"))?;
    fs::write(out.join("operations.rs"), rows)?;
    Ok(())
}
