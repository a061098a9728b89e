//! Amazon GuardDuty, as far as telling the detector that some stack made.
//!
//! Source: <https://docs.aws.amazon.com/guardduty/latest/APIReference/Welcome.html>

mod detector;

use super::{Access, Operation, Service, typed};

/// The service.
pub const SERVICE: Service = Service {
    name: "guardduty",
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
        "GetDetector" Read detector::get_detector,
        "ListDetectors" Read detector::list_detectors,
    ]
}
