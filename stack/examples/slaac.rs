//! A host on a TAP device that configures itself and prints what it learns, as it learns it, until
//! SIGTERM or SIGINT. It answers pings meanwhile.
//!
//! ```sh
//! slaac --tap tap0 [--mac 02:00:00:00:00:01] [--temporary] [--stable-secret 123] \
//!     [--ipv4 192.0.2.1/24 --detect] [--ping 2001:db8::1]
//! ```
//!
//! A line that begins with `+` is new or has another lifetime, one with `-` is gone. `--ping` sends
//! an echo request to an address every second.

mod support;

use std::collections::BTreeMap;
use std::io::Write;
use std::net::IpAddr;
use std::process::ExitCode;

use litz::time::{Deadline, Duration, Instant};
use litz::{IcmpHandle, Interface, SocketCapacity};
use support::args::{Args, unknown};
use support::host::Host;
use support::options::HostOptions;

/// What is known, and until when.
type Facts = BTreeMap<String, Deadline>;

fn main() -> ExitCode {
    support::exit("slaac", run())
}

fn run() -> Result<(), String> {
    let mut args = Args::new();
    let mut options = HostOptions::new();
    let mut target = None;
    while let Some(option) = args.next() {
        match option.as_str() {
            "--ping" => target = Some(args.value(&option)?),
            _ if options.take(&option, &mut args)? => {}
            text => return Err(unknown(text)),
        }
    }
    options.slaac.get_or_insert_default();
    let mut host = Host::open(&options.check()?, &SocketCapacity::default())?;
    let socket = host.sockets.icmp_bind(0).map_err(|e| e.to_string())?;
    eprintln!("ready");
    let mut known = Facts::new();
    let mut next = Host::now();
    loop {
        if let Some(target) = target.filter(|_| next <= Host::now()) {
            next = Host::now().saturating_add(Duration::from_secs(1));
            ping(&mut host, socket, target);
        }
        let limit = target.map_or(Deadline::NEVER, |_| Deadline::at(next));
        if !host.turn(limit)? {
            return Ok(());
        }
        let facts = facts(&host.iface);
        report(&known, &facts, Host::now()).map_err(|e| e.to_string())?;
        known = facts;
    }
}

/// Sends an echo request, and prints the answers to earlier ones.
fn ping(host: &mut Host, socket: IcmpHandle, target: IpAddr) {
    if let Ok(mut socket) = host.sockets.icmp(socket) {
        while let Some((meta, _)) = socket.recv() {
            println!("answer from {} hop limit {}", meta.remote, meta.hop_limit);
        }
        // There is room for one a second.
        let _ = socket.send_echo(target, 0, b"litz");
    }
}

/// Everything that the interface has and has learned.
fn facts(iface: &Interface<'_>) -> Facts {
    let mut facts = Facts::new();
    for info in iface.addr_infos() {
        let fact = format!("address {} {:?} {:?}", info.cidr, info.origin, info.state);
        facts.insert(fact.to_lowercase(), info.valid_until);
    }
    for router in iface.routers() {
        let fact = format!("router {} {}", router.addr, router.preference);
        facts.insert(fact.to_lowercase(), router.until);
    }
    for (network, until) in iface.on_link_prefixes() {
        facts.insert(format!("prefix {network}"), until);
    }
    for (network, via, until) in iface.offered_routes() {
        facts.insert(format!("route {network} via {via}"), until);
    }
    for (dst, via, until) in iface.redirections() {
        facts.insert(format!("redirection {dst} via {via}"), until);
    }
    for (server, until) in iface.dns_servers() {
        facts.insert(format!("dns {server}"), until);
    }
    for (domain, until) in iface.search_domains() {
        facts.insert(format!("domain {domain}"), until);
    }
    let info = iface.slaac_info();
    facts.insert(format!("hop limit {}", info.hop_limit), Deadline::NEVER);
    if let Some(mtu) = info.mtu {
        facts.insert(format!("mtu {mtu}"), Deadline::NEVER);
    }
    facts
}

/// Prints what is new and what is gone.
fn report(known: &Facts, facts: &Facts, now: Instant) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for fact in known.keys().filter(|fact| !facts.contains_key(*fact)) {
        writeln!(out, "- {fact}")?;
    }
    for (fact, until) in facts
        .iter()
        .filter(|&(fact, until)| known.get(fact) != Some(until))
    {
        match until.remaining(now) {
            // Half a second up, as packets take their time.
            Some(left) => {
                let seconds = left
                    .saturating_add(Duration::from_millis(500))
                    .total_millis()
                    / 1000;
                writeln!(out, "+ {fact} for {seconds} s")?;
            }
            None => writeln!(out, "+ {fact}")?,
        }
    }
    out.flush()
}
