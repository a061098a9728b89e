//! Whether instances may be reached by their serial consoles.
//!
//! Source: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configure-access-to-serial-console.html>

use super::super::{Context, ServiceError};
use super::Plain;
use super::refusal::refuse_dry_run;
use super::settings::{self, MANAGED_BY};
use serde::Serialize;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SerialConsole {
    serial_console_access_enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    managed_by: Option<&'static str>,
}

pub(super) fn get(context: &mut Context<'_>, request: Plain) -> Result<SerialConsole, ServiceError> {
    refuse_dry_run(request.dry_run)?;
    let serial_console_access_enabled = settings::read(context).serial_console;
    Ok(SerialConsole { serial_console_access_enabled, managed_by: Some(MANAGED_BY) })
}

pub(super) fn enable(context: &mut Context<'_>, request: Plain) -> Result<SerialConsole, ServiceError> {
    switch(context, &request, true)
}

pub(super) fn disable(context: &mut Context<'_>, request: Plain) -> Result<SerialConsole, ServiceError> {
    switch(context, &request, false)
}

fn switch(context: &mut Context<'_>, request: &Plain, to: bool) -> Result<SerialConsole, ServiceError> {
    refuse_dry_run(request.dry_run)?;
    let mut settings = settings::read(context);
    settings.serial_console = to;
    context.world.put(settings);
    Ok(SerialConsole { serial_console_access_enabled: to, managed_by: None })
}
