//! `evaluate`: requests and policies as JSON lines in, decisions as JSON lines out.

use crate::args::EvaluateArgs;
use crate::exit_code::ExitCode;
use crate::failure::{Failure, Outcome};
use crate::view;
use glidepath_iam::question::Answerer;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read};

/// How much is answered, in bytes, before it is written.
const WRITTEN_AT_ONCE: usize = 64 * 1024;

pub(super) fn run(args: &EvaluateArgs) -> Outcome {
    match args.file.as_deref().filter(|path| path.as_os_str() != "-") {
        None => answer(Box::new(std::io::stdin())),
        Some(path) => {
            let doing = format!("read `{}`", view::style::shown(&path.display()));
            let file = File::open(path).map_err(|error| Failure::doing(ExitCode::Invalid, &doing, &error))?;
            answer(Box::new(file))
        }
    }
}

fn answer(source: Box<dyn Read>) -> Outcome {
    let mut questions = BufReader::new(source);
    let mut answerer = Answerer::default();
    let mut unreadable = 0u64;
    let mut line = Vec::new();
    let mut answers = String::new();
    loop {
        line.clear();
        let read = questions.read_until(b'\n', &mut line);
        if read.map_err(|error| Failure::doing(ExitCode::Failed, "read the questions", &error))? == 0 {
            break;
        }
        let question = String::from_utf8_lossy(&line);
        if question.trim().is_empty() {
            continue;
        }
        let answer = answerer.answer(question.trim());
        unreadable += u64::from(!answer.readable);
        for name in answerer.take_unknown_members() {
            view::talk(&format!(
                "note: `{}` is not a member of a question and is ignored\n",
                view::style::shown(&name)
            ));
        }
        answers.push_str(&answer.line.to_string());
        answers.push('\n');
        // A program that asks one question at a time waits for its answer.
        if answers.len() >= WRITTEN_AT_ONCE || questions.buffer().is_empty() {
            view::data(&answers);
            answers.clear();
        }
    }
    view::data(&answers);
    if unreadable == 0 {
        return Ok(ExitCode::Done);
    }
    let lines = if unreadable == 1 { "1 line".to_owned() } else { format!("{unreadable} lines") };
    Err(Failure::new(ExitCode::Invalid, format!("{lines} could not be read"))
        .help("each has an answer with its `error` above"))
}
