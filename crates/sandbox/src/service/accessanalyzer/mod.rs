//! IAM Access Analyzer, as far as listing the analyzers that some stack made.
//!
//! Source: <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/Welcome.html>

mod analyzer;

use super::{Access, Operation, Service, typed};

/// The service.
pub const SERVICE: Service = Service {
    name: "accessanalyzer",
    operations,
    tables: Vec::new,
    found: |_| {},
    settle: |_, _| {},
    show: |_| Vec::new(),
};

macro_rules! operations {
    ($($name:literal $access:ident $handler:path,)+) => {
        vec![$(Operation {
            name: $name,
            access: Access::$access,
            handler: |context, request| typed(context, request, $handler),
        }),+]
    };
}

fn operations() -> Vec<Operation> {
    operations![
        "ListAnalyzers" Read analyzer::list_analyzers,
    ]
}
