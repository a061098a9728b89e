//! Writes the index of the catalogue: one line per folder, the texts of its files built in.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let missing = |name: &str| io::Error::other(format!("cargo did not set {name}"));
    let root = env::var_os("CARGO_MANIFEST_DIR").ok_or_else(|| missing("CARGO_MANIFEST_DIR"))?;
    let out = env::var_os("OUT_DIR").ok_or_else(|| missing("OUT_DIR"))?;
    let catalogue = Path::new(&root).join("catalogue");
    println!("cargo::rerun-if-changed={}", catalogue.display());
    let mut index = String::from("&[\n");
    for folder in entries(&catalogue)? {
        if !folder.is_dir() {
            continue;
        }
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut examples = String::new();
        for file in entries(&folder.join("examples"))? {
            println!("cargo::rerun-if-changed={}", file.display());
            write!(examples, "({:?}, include_str!({:?})), ", name(&file), file.display().to_string())
                .map_err(io::Error::other)?;
        }
        let text = |file: &str| format!("include_str!({:?})", folder.join(file).display().to_string());
        writeln!(
            index,
            "    BuiltIn {{ id: {:?}, blueprint: {}, template: {}, examples: &[{examples}] }},",
            name(&folder),
            text("blueprint.yaml"),
            text("template.yaml.hbs"),
        )
        .map_err(io::Error::other)?;
    }
    index.push_str("]\n");
    fs::write(Path::new(&out).join("catalogue.rs"), index)
}

/// The entries of a folder, in order.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        all.push(entry?.path());
    }
    all.sort();
    Ok(all)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
