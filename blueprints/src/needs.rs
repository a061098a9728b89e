//! What has to be there before a blueprint works: trusted access, administrators, switches, other blueprints.

use crate::blueprint::Role;

/// What has to be there first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Service principals that need trusted access.
    pub trusted_access: Vec<String>,
    /// Services that are administered by a member account.
    pub delegated_administrators: Vec<DelegatedAdministrator>,
    /// What no template can set, to be set before.
    pub switches: Vec<Switch>,
    /// What no template can set, to be set once the stack is there.
    pub afterwards: Vec<Switch>,
    /// Ids of other blueprints.
    pub blueprints: Vec<String>,
}

impl Needs {
    /// Whether nothing is needed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A service that is administered by a member account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelegatedAdministrator {
    /// The service principal.
    pub principal: String,
    /// The role of the account.
    pub role: Role,
}

/// Something that holds for an organization or a whole account and has no CloudFormation type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Switch {
    /// The account password policy of IAM.
    AccountPasswordPolicy,
    /// The block of public access to S3 in the account.
    AccountPublicAccessBlock,
    /// Backups copied between accounts.
    BackupAcrossAccounts,
    /// The administrator of Detective.
    DetectiveAdministrator,
    /// Detective takes in the organization's accounts.
    DetectiveMembers,
    /// EBS volumes are encrypted by default.
    EbsEncryptionByDefault,
    /// The administrator of Firewall Manager.
    FirewallManagerAdministrator,
    /// The administrator of `GuardDuty`, in every Region.
    GuardDutyAdministrator,
    /// `GuardDuty` takes in the organization's accounts.
    GuardDutyMembers,
    /// The administrator of Inspector, in every Region.
    InspectorAdministrator,
    /// Inspector scans the organization's accounts.
    InspectorMembers,
    /// The administrator of Macie, in every Region.
    MacieAdministrator,
    /// Macie takes in the organization's accounts.
    MacieMembers,
    /// Resources are shared with units and the organization.
    RamSharing,
    /// The administrator of Security Hub.
    SecurityHubAdministrator,
    /// Root credentials of members are managed centrally.
    RootCredentials,
    /// Portfolios are shared with units.
    ServiceCatalogSharing,
    /// The paid subscription of Shield Advanced, for a year.
    ShieldSubscription,
    /// Systems Manager gathers from the organization.
    SystemsManagerExplorer,
}

impl Switch {
    /// Every switch.
    pub const ALL: &'static [Self] = &[
        Self::AccountPasswordPolicy,
        Self::AccountPublicAccessBlock,
        Self::BackupAcrossAccounts,
        Self::DetectiveAdministrator,
        Self::DetectiveMembers,
        Self::EbsEncryptionByDefault,
        Self::FirewallManagerAdministrator,
        Self::GuardDutyAdministrator,
        Self::GuardDutyMembers,
        Self::InspectorAdministrator,
        Self::InspectorMembers,
        Self::MacieAdministrator,
        Self::MacieMembers,
        Self::RamSharing,
        Self::RootCredentials,
        Self::SecurityHubAdministrator,
        Self::ServiceCatalogSharing,
        Self::ShieldSubscription,
        Self::SystemsManagerExplorer,
    ];

    /// The word for it in a blueprint file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::AccountPasswordPolicy => "account-password-policy",
            Self::AccountPublicAccessBlock => "account-public-access-block",
            Self::BackupAcrossAccounts => "backup-across-accounts",
            Self::DetectiveAdministrator => "detective-administrator",
            Self::DetectiveMembers => "detective-members",
            Self::EbsEncryptionByDefault => "ebs-encryption-by-default",
            Self::FirewallManagerAdministrator => "firewall-manager-administrator",
            Self::GuardDutyAdministrator => "guardduty-administrator",
            Self::GuardDutyMembers => "guardduty-members",
            Self::InspectorAdministrator => "inspector-administrator",
            Self::InspectorMembers => "inspector-members",
            Self::MacieAdministrator => "macie-administrator",
            Self::MacieMembers => "macie-members",
            Self::RamSharing => "ram-sharing",
            Self::RootCredentials => "root-credentials",
            Self::SecurityHubAdministrator => "securityhub-administrator",
            Self::ServiceCatalogSharing => "service-catalog-sharing",
            Self::ShieldSubscription => "shield-subscription",
            Self::SystemsManagerExplorer => "systems-manager-explorer",
        }
    }

    /// The AWS operation that turns it on.
    #[must_use]
    pub fn operation(self) -> &'static str {
        match self {
            Self::AccountPasswordPolicy => "iam:UpdateAccountPasswordPolicy",
            Self::AccountPublicAccessBlock => "s3control:PutPublicAccessBlock",
            Self::BackupAcrossAccounts => "backup:UpdateGlobalSettings",
            Self::DetectiveAdministrator => "detective:EnableOrganizationAdminAccount",
            Self::DetectiveMembers => "detective:UpdateOrganizationConfiguration",
            Self::EbsEncryptionByDefault => "ec2:EnableEbsEncryptionByDefault",
            Self::FirewallManagerAdministrator => "fms:AssociateAdminAccount",
            Self::GuardDutyAdministrator => "guardduty:EnableOrganizationAdminAccount",
            Self::GuardDutyMembers => "guardduty:UpdateOrganizationConfiguration",
            Self::InspectorAdministrator => "inspector2:EnableDelegatedAdminAccount",
            Self::InspectorMembers => "inspector2:UpdateOrganizationConfiguration",
            Self::MacieAdministrator => "macie2:EnableOrganizationAdminAccount",
            Self::MacieMembers => "macie2:UpdateOrganizationConfiguration",
            Self::RamSharing => "ram:EnableSharingWithAwsOrganization",
            Self::RootCredentials => "iam:EnableOrganizationsRootCredentialsManagement",
            Self::SecurityHubAdministrator => "securityhub:EnableOrganizationAdminAccount",
            Self::ServiceCatalogSharing => "servicecatalog:EnableAWSOrganizationsAccess",
            Self::ShieldSubscription => "shield:CreateSubscription",
            Self::SystemsManagerExplorer => "ssm:UpdateServiceSetting",
        }
    }
}
