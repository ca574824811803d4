//! The options that say who a host on a TAP device is: `--tap --mac --ipv4 --gateway --ipv6 --mtu`,
//! and how it comes by addresses: `--detect --slaac --temporary --stable-secret --no-ipv6`.

use std::net::IpAddr;

use litz::IpCidr;
use litz::addr::is_unicast;
use litz::iface::SlaacConfig;
use litz::wire::EthernetAddress;

use super::args::Args;

/// The MAC address of a host that is given none: locally administered.
const MAC: EthernetAddress = EthernetAddress([0x02, 0, 0, 0, 0, 0x01]);

/// Who a host is.
#[derive(Debug, Clone)]
pub(crate) struct HostOptions {
    /// Name of an existing TAP device.
    pub(crate) tap: String,
    /// Its link-local address follows from this.
    pub(crate) mac: EthernetAddress,
    /// Addresses, with the length of their prefixes.
    pub(crate) addresses: Vec<IpCidr>,
    /// Where what is not on the link goes.
    pub(crate) gateways: Vec<IpAddr>,
    /// Octets of the longest IP packet, if it is less than the device takes.
    pub(crate) mtu: Option<usize>,
    /// Whether it asks first whether somebody else has its addresses.
    pub(crate) detect: bool,
    /// How it configures itself, if it does.
    pub(crate) slaac: Option<SlaacConfig>,
    /// Whether it has addresses of IPv6 at all.
    pub(crate) ipv6: bool,
}

/// The least that IPv6 needs of a link (RFC 8200 §5).
const MIN_MTU: usize = 1280;

impl HostOptions {
    /// Nobody yet.
    pub(crate) fn new() -> Self {
        Self {
            tap: String::new(),
            mac: MAC,
            addresses: Vec::new(),
            gateways: Vec::new(),
            mtu: None,
            detect: false,
            slaac: None,
            ipv6: true,
        }
    }

    /// Takes `option` and its value if it is one of these; `false` if it is not.
    pub(crate) fn take(&mut self, option: &str, args: &mut Args) -> Result<bool, String> {
        match option {
            "--tap" => self.tap = args.value(option)?,
            "--mac" => {
                self.mac = args.value(option)?;
                if !self.mac.is_unicast() {
                    return Err(format!(
                        "`{}` is no value for {option}: not unicast",
                        self.mac
                    ));
                }
            }
            "--ipv4" | "--ipv6" => {
                let address: IpCidr = args.value(option)?;
                if address.addr().is_ipv4() != (option == "--ipv4") || !is_unicast(address.addr()) {
                    return Err(format!("`{address}` is no value for {option}"));
                }
                self.addresses.push(address);
            }
            "--detect" => self.detect = true,
            "--slaac" => {
                self.slaac.get_or_insert_default();
            }
            "--temporary" => self.slaac.get_or_insert_default().temporary = true,
            "--stable-secret" => {
                let secret: u128 = args.value(option)?;
                self.slaac.get_or_insert_default().stable_secret = Some(secret.to_be_bytes());
            }
            "--no-ipv6" => self.ipv6 = false,
            "--gateway" => self.gateways.push(args.value(option)?),
            "--mtu" => {
                let mtu = args.value(option)?;
                if mtu < MIN_MTU {
                    return Err(format!("`{mtu}` is no value for {option}: below {MIN_MTU}"));
                }
                self.mtu = Some(mtu);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Fails if the device is not named, or if the options contradict each other.
    pub(crate) fn check(self) -> Result<Self, String> {
        let of_ipv6 = self.slaac.is_some() || self.addresses.iter().any(|a| a.addr().is_ipv6());
        if !self.ipv6 && of_ipv6 {
            return Err("--no-ipv6 leaves nothing to configure for IPv6".to_owned());
        }
        match self.tap.is_empty() {
            true => Err("--tap NAME is missing".to_owned()),
            false => Ok(self),
        }
    }
}
