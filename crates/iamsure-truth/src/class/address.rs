//! Classes of addresses: the ranges that the boundaries of networks cut each family into.

use std::cmp::Reverse;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use iamsure_core::language::condition::address::{Network, read};
use rustc_hash::FxHashSet;

/// The networks that clauses name, and the cells between their boundaries.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    networks: Vec<String>,
    /// Those networks as they are written, and with IPv4 in IPv6 form as IPv4.
    written: Nested,
    unmapped: Nested,
    /// The first address of each cell.
    starts: Vec<IpAddr>,
}

impl Addresses {
    /// For networks by their texts; texts that are none are passed over. `unmapped`: some clause takes an
    /// IPv4 address in IPv6 form for the IPv4 address (Q12).
    pub(crate) fn new<'a>(texts: impl Iterator<Item = &'a str>, unmapped: bool) -> Self {
        let mut networks: Vec<(String, Network)> = Vec::new();
        let mut known = FxHashSet::default();
        for text in texts {
            if let Some(network) = Network::read(text)
                && known.insert(text)
            {
                networks.push((text.to_owned(), network));
            }
        }
        let mut starts = vec![IpAddr::V4(Ipv4Addr::UNSPECIFIED), IpAddr::V6(Ipv6Addr::UNSPECIFIED)];
        for (_, network) in &networks {
            for network in [network.clone(), network.unmapped()] {
                starts.push(network.first());
                starts.extend(next(network.last()));
            }
        }
        if unmapped {
            // The other family has a copy of every boundary, and of its own ends.
            let copy = |start: &IpAddr| match start {
                IpAddr::V4(address) => Some(IpAddr::V6(address.to_ipv6_mapped())),
                IpAddr::V6(_) => None,
            };
            let copies: Vec<_> = starts.iter().filter_map(copy).collect();
            starts.extend(copies);
            starts.extend(next(IpAddr::V6(Ipv4Addr::BROADCAST.to_ipv6_mapped())));
        }
        starts.sort_unstable();
        starts.dedup();
        let ranges = |of: fn(&Network) -> Network| {
            Nested::new(networks.iter().map(|(_, network)| of(network)))
        };
        let (written, unmapped) = (ranges(Network::clone), ranges(Network::unmapped));
        let networks = networks.into_iter().map(|(text, _)| text).collect();
        Self { networks, written, unmapped, starts }
    }

    /// The networks, by their texts, that contain `text`; `None` if it is no address. With `unmap`, an
    /// IPv4 address in IPv6 form is the IPv4 address.
    pub(crate) fn containing(&self, text: &str, unmap: bool) -> Option<Vec<&str>> {
        let address = read(text, unmap)?;
        let nested = if unmap { &self.unmapped } else { &self.written };
        let mut found = nested.containing(address);
        found.sort_unstable();
        Some(found.into_iter().filter_map(|at| self.networks.get(at)).map(String::as_str).collect())
    }

    /// One address of each cell, and one more where the cell has more; documentation addresses where
    /// no network reaches.
    pub(crate) fn witnesses(&self) -> Vec<(String, bool)> {
        let usual = ["192.0.2.1", "2001:db8::1"].map(str::to_owned);
        let usual = usual.into_iter().map(|text| (text, true));
        let starts = self.starts.iter().map(|start| {
            let several =
                next(*start).is_some_and(|after| self.starts.binary_search(&after).is_err());
            (start.to_string(), several)
        });
        usual.chain(starts).collect()
    }
}

/// Networks by number. Of two networks that have an address in common one lies within the other, so that those an
/// address is in are a chain.
#[derive(Clone, Debug)]
struct Nested(Vec<Range>);

/// The addresses of one network.
#[derive(Clone, Debug)]
struct Range {
    first: IpAddr,
    last: IpAddr,
    network: usize,
    /// The place of the smallest one that it lies within.
    within: Option<usize>,
}

impl Nested {
    fn new(networks: impl Iterator<Item = Network>) -> Self {
        let range = |(network, of): (usize, Network)| Range {
            first: of.first(),
            last: of.last(),
            network,
            within: None,
        };
        let mut ranges: Vec<Range> = networks.enumerate().map(range).collect();
        // What lies within another comes after it.
        ranges.sort_by_key(|range| (range.first, Reverse(range.last)));
        let mut open: Vec<(usize, IpAddr)> = Vec::new();
        for (place, range) in ranges.iter_mut().enumerate() {
            while open.last().is_some_and(|(_, last)| *last < range.first) {
                open.pop();
            }
            range.within = open.last().map(|(around, _)| *around);
            open.push((place, range.last));
        }
        Self(ranges)
    }

    /// The numbers of the networks that an address is in.
    fn containing(&self, address: IpAddr) -> Vec<usize> {
        let after = self.0.partition_point(|range| range.first <= address);
        let nearest = after.checked_sub(1).and_then(|place| self.0.get(place));
        let around = |range: &&Range| range.within.and_then(|place| self.0.get(place));
        std::iter::successors(nearest, around)
            .filter(|range| address <= range.last)
            .map(|range| range.network)
            .collect()
    }
}

/// The address after, in the same family.
fn next(address: IpAddr) -> Option<IpAddr> {
    match address {
        IpAddr::V4(address) => {
            u32::from(address).checked_add(1).map(|next| Ipv4Addr::from(next).into())
        }
        IpAddr::V6(address) => {
            u128::from(address).checked_add(1).map(|next| Ipv6Addr::from(next).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn boundaries_cut_each_family() {
        let texts = ["10.0.0.0/8", "10.1.0.0/16", "2001:db8::/32", "0.0.0.0/0"];
        let addresses = Addresses::new(texts.into_iter(), false);
        let found: BTreeSet<Vec<&str>> = addresses
            .witnesses()
            .iter()
            .map(|(text, _)| addresses.containing(text, false).unwrap())
            .collect();
        let expected: BTreeSet<Vec<&str>> = [
            vec![],
            vec!["0.0.0.0/0"],
            vec!["10.0.0.0/8", "0.0.0.0/0"],
            vec!["10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0"],
            vec!["2001:db8::/32"],
        ]
        .into_iter()
        .collect();
        assert_eq!(found, expected);
        assert_eq!(addresses.containing("10.0.0.0/8", false), None);
    }

    #[test]
    fn what_an_address_is_in_is_what_each_network_says() {
        let texts = [
            "10.0.0.0/8",
            "0.0.0.0/0",
            "10.1.0.0/16",
            "10.1.0.0",
            "10.1.0.0/32",
            "10.2.0.0/16",
            "::/0",
            "::ffff:0:0/96",
            "::ffff:10.1.0.0/112",
            "2001:db8::/32",
            "2001:db8:1::/48",
        ];
        let addresses = Addresses::new(texts.into_iter(), true);
        for (text, _) in addresses.witnesses() {
            for unmap in [false, true] {
                let address = read(&text, unmap).unwrap();
                let is_in = |name: &&&str| {
                    let network = Network::read(name).unwrap();
                    if unmap { network.unmapped() } else { network }.contains(address)
                };
                let expected: Vec<&str> = texts.iter().filter(is_in).copied().collect();
                assert_eq!(addresses.containing(&text, unmap).unwrap(), expected, "{text} {unmap}");
            }
        }
    }

    #[test]
    fn one_address_alone_is_a_class_of_one() {
        let addresses = Addresses::new(["203.0.113.7"].into_iter(), false);
        assert!(addresses.witnesses().contains(&("203.0.113.7".to_owned(), false)));
    }
}
