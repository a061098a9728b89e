//! `init`: a commented manifest to start from.

use crate::args::InitArgs;
use crate::exit_code::ExitCode;
use crate::failure::{Failure, Outcome};
use crate::view;
use crate::view::style::{GOOD, paint, quoted};
use glidepath_manifest::{Answers, starter};
use glidepath_model::AccountId;
use std::fs::OpenOptions;
use std::io::{BufRead as _, ErrorKind, Write as _};
use std::path::Path;

/// The name of the file that is written.
const FILE: &str = "landing-zone.yaml";

pub(super) fn run(args: &InitArgs) -> Outcome {
    let path = args.folder.join(FILE);
    let shown = path.display().to_string();
    if path.exists() {
        return Err(there_already(&shown));
    }
    let answers = Answers {
        organization: text("organization's name", &args.name, "acme", Answers::organization_fault)?,
        management: management(args)?,
        home: text("home region", &args.home, "us-east-1", Answers::home_fault)?,
        email: text("e-mail pattern", &args.email, "aws+{account}@example.com", Answers::email_fault)?,
    };
    write(&path, &starter(&answers)).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => there_already(&shown),
        _ => Failure::doing(ExitCode::Failed, &format!("write `{shown}`"), &error),
    })?;
    view::talk(&format!("{} {}\n", paint(GOOD, "wrote"), quoted(&shown)));
    let folder = if args.folder == Path::new(".") {
        String::new()
    } else {
        format!(" {}", quoted(&args.folder.display().to_string()))
    };
    view::talk(&view::text::next_step(&format!("glidepath plan{folder} --sandbox /tmp/world")));
    Ok(ExitCode::Done)
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // INVARIANT (init never overwrites): the file is made by this very call or not at all.
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())
}

fn there_already(shown: &str) -> Failure {
    Failure::new(ExitCode::Invalid, format!("`{shown}` is there already, and is not overwritten"))
        .help("give another folder: `glidepath init FOLDER`")
}

fn management(args: &InitArgs) -> Result<AccountId, Failure> {
    if let Some(id) = &args.management_id {
        return Ok(id.clone());
    }
    let fault = |text: &str| AccountId::parse(text).err().map(|error| error.to_string());
    let id = text("management account's id", &None, "111122223333", fault)?;
    AccountId::parse(&id).map_err(|error| Failure::of(ExitCode::Invalid, &error))
}

/// An answer: from the command line, else from a person, else the one that is there for a start.
fn text(
    what: &str,
    given: &Option<String>,
    otherwise: &str,
    fault: fn(&str) -> Option<String>,
) -> Result<String, Failure> {
    if let Some(given) = given {
        return match fault(given) {
            None => Ok(given.clone()),
            Some(fault) => Err(Failure::new(ExitCode::Invalid, fault)),
        };
    }
    if !view::is_interactive() {
        return Ok(otherwise.to_owned());
    }
    loop {
        view::talk(&format!("The {what} [{otherwise}]: "));
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        read.map_err(|error| Failure::doing(ExitCode::Failed, "read the answer", &error))?;
        let answer = if line.trim().is_empty() { otherwise } else { line.trim() };
        match fault(answer) {
            None => return Ok(answer.to_owned()),
            Some(fault) => view::talk(&format!("{}\n", view::style::shown(&fault))),
        }
    }
}
