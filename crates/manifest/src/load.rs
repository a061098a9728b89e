//! From a path or a text to a manifest, or to everything that is wrong with it.

use crate::check;
use crate::conform::conform;
use crate::diagnostic::{Diagnostic, Report};
use crate::document::Documents;
use crate::draft::Draft;
use crate::folder::{Folder, FolderError, Opened};
use crate::manifest::Manifest;
use crate::section::MANIFEST;
use crate::shape::Shape;
use crate::source::Sources;
use crate::span::{FileId, Span};
use crate::yaml::{self, Bounds, Node, Used, Value};
use std::path::{Path, PathBuf};

/// What came of reading a manifest.
#[derive(Debug)]
pub struct Loaded {
    /// The manifest; none if there is an error among the diagnostics.
    pub manifest: Option<Manifest>,
    /// The texts that the diagnostics point into.
    pub sources: Sources,
    /// What is wrong or worth knowing, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a manifest: a file, or a folder of files.
#[must_use]
pub fn load(path: &Path) -> Loaded {
    load_within(path, Bounds::default())
}

/// Reads a manifest within bounds of one's own.
#[must_use]
pub fn load_within(path: &Path, bounds: Bounds) -> Loaded {
    let mut run = Run::new(bounds);
    let Opened { folder, files, shown } = match Folder::open(path, bounds) {
        Ok(opened) => opened,
        Err(error) => return run.unreadable(&error),
    };
    (run.folder, run.shown) = (folder, shown);
    let mut ids = Vec::new();
    for file in files {
        match run.folder.read(&file) {
            Ok(text) => ids.push(run.sources.add(&run.shown.join(&file).display().to_string(), text)),
            Err(error) => return run.unreadable(&error),
        }
    }
    run.load(&ids)
}

/// Reads a manifest that is only a text: it can name no files.
#[must_use]
pub fn load_text(name: &str, text: &str) -> Loaded {
    let mut run = Run::new(Bounds::default());
    if u64::try_from(text.len()).unwrap_or(u64::MAX) > run.bounds.file_bytes {
        let error = FolderError::TooLarge { name: name.to_owned(), bound: run.bounds.file_bytes };
        return run.unreadable(&error);
    }
    let file = run.sources.add(name, text.to_owned());
    run.load(&[file])
}

/// Reads any bytes as a manifest, for tests that throw bytes at it. Never fails and never panics.
pub fn fuzz_manifest(bytes: &[u8]) {
    let loaded = load_text("fuzz.yaml", &String::from_utf8_lossy(bytes));
    let _ = crate::render::human(&loaded.diagnostics, &loaded.sources, crate::render::Colour::Never);
    let _ = crate::render::short(&loaded.diagnostics, &loaded.sources);
    let _ = crate::render::json(&loaded.diagnostics, &loaded.sources);
}

/// One reading.
struct Run {
    bounds: Bounds,
    folder: Folder,
    shown: PathBuf,
    sources: Sources,
    used: Used,
    report: Report,
}

impl Run {
    fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            folder: Folder::none(bounds),
            shown: PathBuf::new(),
            sources: Sources::default(),
            used: Used::default(),
            report: Report::new(),
        }
    }

    fn unreadable(self, error: &FolderError) -> Loaded {
        let diagnostic = Diagnostic::new(error.code(), error.to_string()).help(error.help());
        Loaded { manifest: None, sources: self.sources, diagnostics: vec![diagnostic] }
    }

    fn load(mut self, files: &[FileId]) -> Loaded {
        let root = match self.tree(files) {
            Ok(root) => root,
            Err(diagnostics) => return Loaded { manifest: None, sources: self.sources, diagnostics },
        };
        let top = Span { end: root.span.start, ..root.span };
        conform(&root, &Shape::Section(&MANIFEST), "manifest", top, &mut self.report);
        let mut documents = Documents {
            folder: &mut self.folder,
            sources: &mut self.sources,
            bounds: self.bounds,
            used: &mut self.used,
            shown: self.shown,
        };
        let draft = Draft::read(&root, &mut documents, &mut self.report);
        check::run(&draft, &mut self.report);
        let wrong = self.report.has_errors();
        let diagnostics = self.report.finish(self.bounds.complaints);
        let manifest = if wrong { None } else { draft.finish() };
        Loaded { manifest, sources: self.sources, diagnostics }
    }

    /// The files as one tree, or what keeps them from being YAML at all.
    fn tree(&mut self, files: &[FileId]) -> Result<Node, Vec<Diagnostic>> {
        let mut roots = Vec::new();
        let mut faults = Vec::new();
        for file in files {
            let Some(source) = self.sources.get(*file) else { continue };
            match yaml::read(*file, source.text(), &self.bounds, &mut self.used, &mut self.report) {
                Ok(root) => roots.push(root),
                Err(fault) => faults.push(*fault),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let Some(root) = yaml::merge(roots, &mut self.report) else {
            return self.nothing(files);
        };
        Ok(root)
    }

    /// What to make of files that hold nothing: an empty manifest, unless they have been complained of.
    fn nothing(&mut self, files: &[FileId]) -> Result<Node, Vec<Diagnostic>> {
        let told = std::mem::replace(&mut self.report, Report::new()).finish(self.bounds.complaints);
        if !told.is_empty() {
            return Err(told);
        }
        let nowhere = Span { file: files.first().copied().unwrap_or(FileId(0)), start: 0, end: 0 };
        Ok(Node { span: nowhere, value: Value::Empty })
    }
}
