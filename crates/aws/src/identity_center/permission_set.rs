//! Permission sets themselves: what they are called, and how long a session lasts.

use super::{PAGE, Reader, Writer, malformed, member};
use crate::error::Error;
use crate::identity_center::tag::sdk_tags;
use crate::pages::pages;
use glidepath_model::Tags;

/// A permission set's plain values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionSetText {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// Its description; empty if none.
    pub description: String,
    /// How long a session lasts, in seconds.
    pub session: u32,
    /// Where a session begins; empty for the console's start page.
    pub relay_state: String,
}

/// What a permission set is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewPermissionSet<'a> {
    /// Its name, which is for good.
    pub name: &'a str,
    /// Its description; empty for none.
    pub description: &'a str,
    /// How long a session lasts, in seconds.
    pub session: u32,
    /// Where a session begins; empty for the console's start page.
    pub relay_state: &'a str,
    /// Its tags, our mark among them, sent inside the call.
    pub tags: &'a Tags,
}

impl Reader {
    /// The ARNs of all permission sets.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_permission_sets(&self, instance: &str) -> Result<Vec<String>, Error> {
        const OPERATION: &str = "sso-admin:ListPermissionSets";
        pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_permission_sets().instance_arn(instance);
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.permission_sets.unwrap_or_default(), page.next_token))
        })
        .await
    }

    /// A permission set; none when there is none.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn describe_permission_set(
        &self,
        instance: &str,
        arn: &str,
    ) -> Result<Option<PermissionSetText>, Error> {
        const OPERATION: &str = "sso-admin:DescribePermissionSet";
        let send =
            || self.client.describe_permission_set().instance_arn(instance).permission_set_arn(arn).send();
        let told = match self.session.read(OPERATION, send).await {
            Ok(told) => member(OPERATION, "PermissionSet", told.permission_set)?,
            Err(error) => return error.settled("ResourceNotFoundException", None),
        };
        let session = told.session_duration.as_deref().unwrap_or("PT1H");
        Ok(Some(PermissionSetText {
            arn: arn.to_owned(),
            name: member(OPERATION, "Name", told.name)?,
            description: told.description.unwrap_or_default(),
            session: seconds(session)
                .ok_or_else(|| malformed(OPERATION, "`SessionDuration` is no duration"))?,
            relay_state: told.relay_state.unwrap_or_default(),
        }))
    }
}

impl Writer {
    /// Makes a permission set, and gives its ARN. One of the same name is told by `ConflictException`.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn create_permission_set(
        &self,
        instance: &str,
        new: NewPermissionSet<'_>,
    ) -> Result<String, Error> {
        const OPERATION: &str = "sso-admin:CreatePermissionSet";
        let tags = sdk_tags(OPERATION, new.tags)?;
        let send = || {
            let ask = self.client.create_permission_set().instance_arn(instance).name(new.name);
            let ask = ask.set_description(text(new.description)).session_duration(duration(new.session));
            ask.set_relay_state(text(new.relay_state)).set_tags(tags.clone()).send()
        };
        let told = self.write(OPERATION, send).await?;
        let set = member(OPERATION, "PermissionSet", told.permission_set)?;
        member(OPERATION, "PermissionSetArn", set.permission_set_arn)
    }

    /// Gives a permission set other plain values. Everything is sent: AWS clears what is not.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn update_permission_set(
        &self,
        instance: &str,
        arn: &str,
        new: NewPermissionSet<'_>,
    ) -> Result<(), Error> {
        const OPERATION: &str = "sso-admin:UpdatePermissionSet";
        let send = || {
            let ask = self.client.update_permission_set().instance_arn(instance).permission_set_arn(arn);
            let ask = ask.set_description(text(new.description)).session_duration(duration(new.session));
            ask.set_relay_state(text(new.relay_state)).send()
        };
        self.write(OPERATION, send).await.map(drop)
    }

    /// Deletes a permission set that nobody has any more; one that is gone is no error.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn delete_permission_set(&self, instance: &str, arn: &str) -> Result<(), Error> {
        const OPERATION: &str = "sso-admin:DeletePermissionSet";
        let send =
            || self.client.delete_permission_set().instance_arn(instance).permission_set_arn(arn).send();
        match self.write(OPERATION, send).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("ResourceNotFoundException", ()),
        }
    }
}

/// A text; none where it is empty, which AWS does not take.
fn text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Seconds as an ISO 8601 duration.
fn duration(seconds: u32) -> String {
    let (hours, minutes, rest) = (seconds / 3_600, seconds % 3_600 / 60, seconds % 60);
    let part = |number: u32, unit: char| if number == 0 { String::new() } else { format!("{number}{unit}") };
    format!("PT{}{}{}", part(hours, 'H'), part(minutes, 'M'), part(rest, 'S'))
}

/// The seconds of an ISO 8601 duration of days, hours, minutes and seconds.
fn seconds(duration: &str) -> Option<u32> {
    let (days, time) = match duration.strip_prefix('P')?.split_once('T') {
        Some((days, time)) => (days, time),
        None => (duration.strip_prefix('P')?, ""),
    };
    let mut total = 0_u32;
    for (part, units) in
        [(days, [('D', 86_400), ('D', 86_400), ('D', 86_400)]), (time, [('H', 3_600), ('M', 60), ('S', 1)])]
    {
        let mut digits = String::new();
        for character in part.chars() {
            if character.is_ascii_digit() {
                digits.push(character);
                continue;
            }
            let (_, factor) = units.iter().find(|(unit, _)| *unit == character)?;
            total = total.checked_add(digits.parse::<u32>().ok()?.checked_mul(*factor)?)?;
            digits.clear();
        }
        if !digits.is_empty() {
            return None;
        }
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_come_back_from_their_text() {
        for (written, number) in [("PT1H", 3_600), ("PT12H", 43_200), ("PT1H30M", 5_400), ("PT2S", 2)] {
            assert_eq!(duration(number), written);
            assert_eq!(seconds(written), Some(number));
        }
        assert_eq!(seconds("P1DT1H"), Some(90_000));
        assert_eq!(seconds("PT3600S"), Some(3_600));
        for wrong in ["1H", "PT1", "PT1X", "P1M", ""] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }
}
