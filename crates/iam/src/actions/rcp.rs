//! The services that RCPs reach (`data/rcp-services.txt`).

const WRITTEN: &str = include_str!("../../data/rcp-services.txt");

/// The prefixes of the services whose actions an RCP may name, sorted.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>.
pub fn rcp_services() -> impl Iterator<Item = &'static str> {
    WRITTEN.lines().filter(|line| !line.starts_with('#'))
}

/// Whether an RCP may name actions of the service with this prefix, in any case.
#[must_use]
pub fn is_reached_by_rcps(prefix: &str) -> bool {
    rcp_services().any(|known| known.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::service;

    #[test]
    fn the_services_of_rcps_are_known_services() {
        let all: Vec<&str> = rcp_services().collect();
        assert!(all.is_sorted() && all.len() == 62, "{}", all.len());
        for prefix in all {
            assert!(service(prefix).is_some(), "{prefix}");
        }
        assert!(is_reached_by_rcps("S3") && !is_reached_by_rcps("ec2"));
    }
}
