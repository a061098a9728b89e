//! The way to AWS: sessions, the clock, pacing, retries and recording, and a concrete `Reader` and
//! `Writer` per service that speak in the model's types. The only crate that names the AWS SDK.
//!
//! It never decides what should be: it reads what is and sends what it is told to. Every call runs through
//! one path (`effort`), and the interceptor (`watch`) refuses whatever tries another. Operations, retry
//! classes, lanes and rates are data in `glidepath-model`.

mod backoff;
pub mod clock;
pub mod cloudformation;
mod connector;
pub mod contacts;
mod core;
pub mod ec2_settings;
mod effort;
mod error;
mod failure;
pub mod iam_settings;
pub mod identity_center;
pub mod identity_store;
pub mod kms;
mod lanes;
mod limiter;
pub mod organizations;
mod pages;
mod permit;
pub mod portal;
pub mod regions_of_account;
mod role;
pub mod s3_settings;
mod session;
mod signed;
pub mod singleton;
pub mod sts;
pub mod tagging;
mod trace;
mod watch;
mod xml;

pub use clock::{Clock, Speed};
pub use connector::{ConnectionReset, Connector, InProcess};
pub use core::{AccessMode, Rates};
pub use error::Error;
pub use permit::WritePermit;
pub use session::{Aws, Credentials, Options, Session};
pub use sts::Caller;
pub use trace::{CallCount, Exchange, Sink, TraceLine};
