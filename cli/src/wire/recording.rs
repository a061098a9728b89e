//! A file that every request and answer is appended to.

use crate::exit_code::ExitCode;
use crate::failure::Failure;
use glidepath_aws::{Exchange, Sink};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Opens the file. A line that cannot be written is missing, which the reader of the recording sees.
pub(super) fn open(path: &Path) -> Result<Sink<Exchange>, Failure> {
    let doing = format!("record calls to `{}`", path.display());
    let file = OpenOptions::new().create(true).append(true).open(path);
    let file = Mutex::new(file.map_err(|error| Failure::doing(ExitCode::Invalid, &doing, &error))?);
    Ok(Arc::new(move |exchange: &Exchange| {
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = file.write_all(format!("{}\n", exchange.to_json_line()).as_bytes());
    }))
}
