//! Writes the index of the catalogue: one line per file, its text built in.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let missing = |name: &str| io::Error::other(format!("cargo did not set {name}"));
    let root = env::var_os("CARGO_MANIFEST_DIR").ok_or_else(|| missing("CARGO_MANIFEST_DIR"))?;
    let out = env::var_os("OUT_DIR").ok_or_else(|| missing("OUT_DIR"))?;
    let folder = Path::new(&root).join("catalogue");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "yaml")
            && let Some(id) = path.file_stem().and_then(|stem| stem.to_str())
        {
            files.push((id.to_owned(), path));
        }
    }
    files.sort();
    let mut index = String::from("&[\n");
    for (id, path) in &files {
        println!("cargo::rerun-if-changed={}", path.display());
        writeln!(index, "    ({id:?}, include_str!({:?})),", path.display().to_string())
            .map_err(io::Error::other)?;
    }
    index.push_str("]\n");
    fs::write(Path::new(&out).join("catalogue.rs"), index)
}
