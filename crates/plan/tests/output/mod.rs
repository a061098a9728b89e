//! What becomes of a plan: the file, the narrowed plan, the counted plan, the drift report.

mod file;
mod narrow;
mod summary;
