//! Units.

use super::member::{Answer, sdk_tags};
use super::{PAGE, Reader, Writer};
use crate::error::Error;
use crate::pages::pages;
use aws_sdk_organizations::types::OrganizationalUnit;
use glidepath_model::organization::Unit;
use glidepath_model::{NodeId, Tags, UnitId};

impl Reader {
    /// The units right below a root or unit.
    ///
    /// # Errors
    /// Any [`Error`] of a read.
    pub async fn list_units_for_parent(&self, parent: &NodeId) -> Result<Vec<Unit>, Error> {
        const OPERATION: &str = "organizations:ListOrganizationalUnitsForParent";
        let told = pages(OPERATION, |token| async move {
            let send = || {
                let ask = self.client.list_organizational_units_for_parent().parent_id(parent.as_str());
                ask.max_results(PAGE).set_next_token(token.clone()).send()
            };
            let page = self.session.read(OPERATION, send).await?;
            Ok((page.organizational_units.unwrap_or_default(), page.next_token))
        });
        told.await?.iter().map(|told| unit(Answer(OPERATION), told, parent)).collect()
    }
}

impl Writer {
    /// Creates a unit, tags included.
    ///
    /// # Errors
    /// Any [`Error`] of a write; [`Error::is_already_there`] when the parent has a unit of that name.
    pub async fn create_unit(&self, parent: &NodeId, name: &str, tags: &Tags) -> Result<Unit, Error> {
        const OPERATION: &str = "organizations:CreateOrganizationalUnit";
        let tags = sdk_tags(OPERATION, tags)?;
        let send = || {
            let ask = self.client.create_organizational_unit().parent_id(parent.as_str());
            ask.name(name).set_tags(tags.clone()).send()
        };
        let answer = self.write(OPERATION, send).await?;
        let told = Answer(OPERATION).member("OrganizationalUnit", answer.organizational_unit())?;
        unit(Answer(OPERATION), told, parent)
    }

    /// Renames a unit in place.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn rename_unit(&self, id: &UnitId, name: &str) -> Result<(), Error> {
        const OPERATION: &str = "organizations:UpdateOrganizationalUnit";
        let ask =
            || self.client.update_organizational_unit().organizational_unit_id(id.as_str()).name(name).send();
        self.write(OPERATION, ask).await.map(drop)
    }

    /// Deletes a unit, which must be empty.
    ///
    /// # Errors
    /// Any [`Error`] of a write.
    pub async fn delete_unit(&self, id: &UnitId) -> Result<(), Error> {
        const OPERATION: &str = "organizations:DeleteOrganizationalUnit";
        let send = || self.client.delete_organizational_unit().organizational_unit_id(id.as_str()).send();
        match self.write(OPERATION, send).await {
            Ok(_) => Ok(()),
            Err(error) => error.settled("OrganizationalUnitNotFoundException", ()),
        }
    }
}

fn unit(answer: Answer, told: &OrganizationalUnit, parent: &NodeId) -> Result<Unit, Error> {
    Ok(Unit {
        id: answer.id("Id", told.id())?,
        arn: answer.text("Arn", told.arn())?,
        name: answer.text("Name", told.name())?,
        parent: parent.clone(),
    })
}
