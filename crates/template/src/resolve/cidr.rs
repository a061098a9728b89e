//! `Fn::Cidr`: a block of addresses cut into equal ones.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html>.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The first `count` blocks of `2^bits` addresses each within a block, IPv4 or IPv6.
///
/// # Errors
/// Why they cannot be had.
pub(super) fn blocks(block: &str, count: &str, bits: &str) -> Result<Vec<String>, String> {
    let no_block = || format!("Template error: Fn::Cidr needs a block of addresses, not {block}");
    let (address, prefix) = block.split_once('/').ok_or_else(no_block)?;
    let address: IpAddr = address.parse().map_err(|_| no_block())?;
    let prefix: u32 = prefix.parse().map_err(|_| no_block())?;
    let (start, width) = match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
        IpAddr::V6(address) => (u128::from(address), 128),
    };
    if prefix > width {
        return Err(no_block());
    }
    let count = count.parse::<u32>().ok().filter(|count| (1..=256).contains(count));
    let count = count.ok_or("Template error: Fn::Cidr gives at least 1 and at most 256 blocks")?;
    let bits = bits.parse::<u32>().ok().filter(|bits| *bits >= 1 && *bits < width);
    let bits = bits.ok_or_else(|| {
        format!("Template error: Fn::Cidr needs from 1 to {} bits for each block", width - 1)
    })?;
    let inner = width - prefix;
    let room = inner.checked_sub(bits).map(|spare| 1_u128.checked_shl(spare).unwrap_or(u128::MAX));
    if room.is_none_or(|room| u128::from(count) > room) {
        return Err(format!(
            "Template error: Fn::Cidr cannot cut {count} blocks of {bits} bits out of {block}"
        ));
    }
    let first = start >> inner.min(127) << inner.min(127);
    let first = if inner == 128 { 0 } else { first };
    let block = |at: u32| {
        let begin = first + (u128::from(at) << bits);
        let address = match address {
            IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::from(u32::try_from(begin).unwrap_or(u32::MAX))),
            IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::from(begin)),
        };
        format!("{address}/{}", width - bits)
    };
    Ok((0..count).map(block).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_cut_from_the_begin_of_the_block() {
        assert_eq!(
            blocks("192.168.0.0/24", "6", "5").unwrap().join(" "),
            "192.168.0.0/27 192.168.0.32/27 192.168.0.64/27 192.168.0.96/27 192.168.0.128/27 192.168.0.160/27"
        );
        assert_eq!(blocks("10.1.2.3/16", "2", "8").unwrap(), ["10.1.0.0/24", "10.1.1.0/24"]);
        assert_eq!(
            blocks("2001:db8:1234:1a00::/56", "3", "64").unwrap(),
            ["2001:db8:1234:1a00::/64", "2001:db8:1234:1a01::/64", "2001:db8:1234:1a02::/64"]
        );
        assert_eq!(blocks("0.0.0.0/0", "1", "31").unwrap(), ["0.0.0.0/1"]);
        assert_eq!(blocks("::/0", "2", "127").unwrap(), ["::/1", "8000::/1"]);
        assert!(blocks("255.255.255.255/32", "1", "1").unwrap_err().contains("cannot cut"));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for (block, count, bits) in [
            ("10.0.0.0/24", "2", "8"),
            ("10.0.0.0/24", "1", "9"),
            ("10.0.0.0/24", "0", "4"),
            ("10.0.0.0/24", "257", "1"),
            ("10.0.0.0/24", "1", "32"),
            ("10.0.0.0/33", "1", "4"),
            ("10.0.0.0", "1", "4"),
            ("10.0.0/8", "1", "4"),
            ("::/0", "3", "127"),
        ] {
            assert!(blocks(block, count, bits).is_err(), "{block} {count} {bits}");
        }
    }
}
