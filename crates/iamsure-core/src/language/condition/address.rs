//! Addresses of `IpAddress` and `NotIpAddress` (C-27).

use std::net::IpAddr;

use ipnet::IpNet;

/// A range of addresses of one family; host bits are ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    /// Reads an address or a CIDR range; without a prefix length it is one address.
    pub fn read(text: &str) -> Option<Self> {
        // The address is read as that of a request is, so that both take the same texts.
        let net = match text.split_once('/') {
            None => IpNet::from(text.parse::<IpAddr>().ok()?),
            Some((address, length)) => {
                let is_number = length.bytes().all(|byte| byte.is_ascii_digit());
                let length = length.parse().ok().filter(|_| is_number)?;
                IpNet::new(address.parse().ok()?, length).ok()?
            }
        };
        Some(Self(net.trunc()))
    }

    /// The first address of the range.
    pub fn first(&self) -> IpAddr {
        self.0.network()
    }

    /// The last address of the range.
    pub fn last(&self) -> IpAddr {
        self.0.broadcast()
    }

    /// How many bits all addresses of the range share.
    pub fn prefix_length(&self) -> u8 {
        self.0.prefix_len()
    }

    /// Whether `address` lies in the range. Families never mix.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }

    /// The same range, as IPv4 if all of it is mapped IPv4 (Q12).
    #[must_use]
    pub fn unmapped(&self) -> Self {
        match (self.0.network().to_canonical(), self.0.prefix_len().checked_sub(96)) {
            // No range of IPv4 has a prefix as long.
            (IpAddr::V4(address), Some(length)) => {
                IpNet::new(IpAddr::V4(address), length).map_or_else(|_| self.clone(), Self)
            }
            _ => self.clone(),
        }
    }
}

/// Reads the address of a request; `None` for any other text, a range included.
///
/// With `unmap` (Q12), `::ffff:a.b.c.d` is the IPv4 address.
pub fn read(text: &str, unmap: bool) -> Option<IpAddr> {
    let address: IpAddr = text.parse().ok()?;
    Some(if unmap { address.to_canonical() } else { address })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_ignore_host_bits_and_never_mix_families() {
        let net = Network::read("203.0.113.77/24").unwrap();
        assert!(net.contains(read("203.0.113.7", false).unwrap()));
        assert!(!net.contains(read("203.0.114.7", false).unwrap()));
        assert!(!net.contains(read("::ffff:203.0.113.7", false).unwrap()));
        assert!(net.contains(read("::ffff:203.0.113.7", true).unwrap()));
        assert!(
            Network::read("2001:db8::1").unwrap().contains(read("2001:DB8:0::1", false).unwrap())
        );
    }

    #[test]
    fn other_texts_are_no_addresses() {
        for text in [
            "",
            "1.2.3",
            "1.2.3.4/33",
            "01.2.3.4",
            "1.2.3.4 ",
            "1.2.3.4/+8",
            "1.2.3.4/",
            "2001:db8::3.0.056.77/24",
            "host",
            "fe80::1%eth0",
        ] {
            assert_eq!(Network::read(text), None, "{text}");
        }
        assert_eq!(read("10.0.0.0/8", false), None);
    }
}
