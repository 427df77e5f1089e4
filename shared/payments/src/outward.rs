//! Where requests may go at all: to providers, under TLS, and to no address of a private network.
//!
//! Nothing that a caller writes becomes an address: bases come from the deployment, and what a provider names is
//! checked where it is read. This is the wall behind that: whatever is asked for by mistake, the transport
//! asks only these origins, and a name of theirs that leads into a private network leads nowhere.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _};

use http::Uri;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::kind::ProviderKind;

/// Why a request does not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// The address is of no provider, not under TLS, or not written as addresses are.
    #[error("the address is none that may be asked")]
    Origin,
    /// The name leads into a private network.
    #[error("the name leads to no public address")]
    Private,
}

/// The origins that may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outward(BTreeSet<String>);

impl Outward {
    /// The providers' own, and the deployment's stand-ins for them: under TLS and by name, or on this very
    /// machine. Others are left out, so requests to them are refused.
    pub fn with(bases: &[&str]) -> Self {
        let own = ProviderKind::ALL.iter().flat_map(|kind| kind.api_origins());
        let origins = own.copied().chain(bases.iter().copied());
        let origins = origins.filter_map(|base| origin(&base.parse().ok()?));
        Self(origins.collect())
    }

    /// Lets an address through.
    ///
    /// # Errors
    /// [`Forbidden::Origin`].
    pub fn check(&self, uri: &Uri) -> Result<(), Forbidden> {
        let known = origin(uri).is_some_and(|origin| self.0.contains(&origin));
        known.then_some(()).ok_or(Forbidden::Origin)
    }
}

/// The origin of an address that may be one: `https` and a name, or `http` and this machine.
fn origin(uri: &Uri) -> Option<String> {
    let authority = uri.authority()?;
    // Who is named before an `@` only misleads whoever reads it.
    if authority.as_str().contains('@') {
        return None;
    }
    let host = authority.host();
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse();
    let fits = match (uri.scheme_str()?, literal) {
        ("https", Err(_)) => true,
        ("http", Ok(IpAddr::V4(address))) => address == Ipv4Addr::LOCALHOST,
        _ => false,
    };
    let scheme = uri.scheme_str()?;
    fits.then(|| format!("{scheme}://{}", authority.as_str().to_ascii_lowercase()))
}

/// Finds the addresses of names, public ones only.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PublicNames;

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::task::spawn_blocking(move || {
                (name.as_str(), 0)
                    .to_socket_addrs()
                    .map(Iterator::collect::<Vec<_>>)
            });
            let public: Vec<SocketAddr> = public_of(found.await??)?;
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

fn public_of(mut found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Forbidden> {
    found.retain(|address| is_public(address.ip()));
    match found.is_empty() {
        true => Err(Forbidden::Private),
        false => Ok(found),
    }
}

/// Whether an address is somebody's on the Internet.
///
/// Sources: the registries of special-purpose addresses of IANA, after RFC 6890.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let is_shared = first == 100 && (64..128).contains(&second);
    let is_of_protocols = (first, second, third) == (192, 0, 0);
    let is_benchmark = first == 198 && (18..20).contains(&second);
    !(first == 0
        || first >= 224
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || is_shared
        || is_of_protocols
        || is_benchmark)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, .., high, low] = address.segments();
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    if address.to_ipv4_mapped().is_some() || (first, second) == (0x64, 0xff9b) {
        return embedded(high, low);
    }
    if first == 0x2002 {
        return embedded(second, address.segments()[2]);
    }
    // Of the rest only 2000::/3 is given out, and of that not what documents and tunnels have.
    let is_of_protocols = first == 0x2001 && second < 0x200;
    let is_documentation =
        (first, second) == (0x2001, 0xdb8) || (first, second & 0xf000) == (0x3fff, 0);
    (0x2000..0x4000).contains(&first) && !is_of_protocols && !is_documentation
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    fn leaves(outward: &Outward, address: &str) -> bool {
        address
            .parse()
            .is_ok_and(|uri: Uri| outward.check(&uri).is_ok())
    }

    #[test]
    fn requests_leave_to_providers_only_and_under_tls() {
        let outward = Outward::with(&[
            "",
            "https://mock.example/base",
            "http://127.0.0.1:3000/_local/stripe",
        ]);
        for good in [
            "https://api.stripe.com/v1/checkout/sessions",
            "https://API.stripe.com/v1",
            "https://api-m.paypal.com/v2/checkout/orders",
            "https://api.gocardless.com/payments",
            "https://api.tosspayments.com/v1/payments",
            "https://mock.example/base/v1",
            "http://127.0.0.1:3000/_local/stripe/v1",
        ] {
            assert!(leaves(&outward, good), "{good}");
        }
        for bad in [
            "http://api.stripe.com/v1",
            "https://api.stripe.com:8443/v1",
            "https://api.stripe.com.evil.example/v1",
            "https://api.stripe.com@evil.example/v1",
            "https://evil.example@api.stripe.com/v1",
            "https://evil.example/",
            "http://mock.example/base/v1",
            "http://127.0.0.1:3001/",
            "http://127.0.0.1/",
            "http://169.254.169.254/latest/meta-data/",
            "https://169.254.169.254/",
            "https://[::1]/",
            "ftp://api.stripe.com/",
            "/v1/payments",
        ] {
            assert!(!leaves(&outward, bad), "{bad}");
        }
    }

    #[test]
    fn a_base_in_a_private_network_is_no_base() {
        for base in [
            "http://10.0.0.7/stripe",
            "https://10.0.0.7/stripe",
            "http://169.254.170.2/",
            "https://[fd00::1]/",
            "http://stripe.example/",
            "http://localhost:3000/",
        ] {
            assert!(!leaves(&Outward::with(&[base]), base), "{base}");
        }
    }

    #[test]
    fn a_name_leads_to_public_addresses_or_nowhere() {
        for public in [
            "8.8.8.8",
            "54.187.174.169",
            "172.32.0.1",
            "2606:4700::1111",
            "64:ff9b::808:808",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        let private = [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "ff02::1",
            "::ffff:169.254.169.254",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "2001:db8::1",
        ];
        for address in private {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        let socket = |address: &str| SocketAddr::new(address.parse().unwrap(), 0);
        assert_eq!(
            public_of(vec![socket("127.0.0.1")]),
            Err(Forbidden::Private)
        );
        assert_eq!(public_of(Vec::new()), Err(Forbidden::Private));
        let mixed = vec![socket("10.0.0.1"), socket("8.8.8.8")];
        assert_eq!(public_of(mixed), Ok(vec![socket("8.8.8.8")]));
    }
}
