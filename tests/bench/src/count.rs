//! Runs the scenarios under callgrind and prints what they cost.

use std::process::ExitCode;

use litz_bench::callgrind::collected;

/// What is measured: a title, the scenario, the function whose instructions count, idle sockets.
const ROWS: [(&str, &str, &str, usize); 8] = [
    (
        "TCP segment of 1460 octets received",
        "tcp",
        "receiver_turn",
        0,
    ),
    ("TCP segment of 1460 octets sent", "tcp", "sender_turn", 0),
    ("UDP echo of 64 octets", "udp", "echo_turn", 0),
    (
        "TCP received, 1,000 idle sockets beside",
        "tcp",
        "receiver_turn",
        1000,
    ),
    (
        "TCP sent, 1,000 idle sockets beside",
        "tcp",
        "sender_turn",
        1000,
    ),
    (
        "TCP received, 10,000 idle sockets beside",
        "tcp",
        "receiver_turn",
        10_000,
    ),
    (
        "TCP sent, 10,000 idle sockets beside",
        "tcp",
        "sender_turn",
        10_000,
    ),
    (
        "UDP echo, 1,000 idle sockets beside",
        "udp",
        "echo_turn",
        1000,
    ),
];

/// With more idle sockets than this, only litz is measured.
const LINEAR: usize = 1_000;

/// Lengths of the two runs whose difference is taken, in segments or datagrams.
const SHORT: usize = 500;
const LONG: usize = 1500;

/// Measure every row for both stacks. The exit code says whether litz needs more than smoltcp.
pub fn table() -> ExitCode {
    println!("| instructions per | litz | smoltcp | ratio |");
    println!("|---|--:|--:|--:|");
    let mut worse = false;
    for (title, scenario, function, idle) in ROWS {
        let ours = per_item("litz", scenario, function, idle);
        if idle > LINEAR {
            // What grows with each socket would run for hours.
            match ours {
                Ok(ours) => println!("| {title} | {ours:.0} |  |  |"),
                Err(error) => {
                    eprintln!("litz-bench: {title}: {error}");
                    return ExitCode::from(2);
                }
            }
            continue;
        }
        let theirs = per_item("smoltcp", scenario, function, idle);
        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => {
                worse |= ours > theirs;
                println!(
                    "| {title} | {ours:.0} | {theirs:.0} | {:.2} |",
                    ours / theirs
                );
            }
            (Err(error), _) | (_, Err(error)) => {
                eprintln!("litz-bench: {title}: {error}");
                return ExitCode::from(2);
            }
        }
    }
    if worse {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn per_item(stack: &str, scenario: &str, function: &str, idle: usize) -> Result<f64, String> {
    let module = if stack == "litz" { "ours" } else { "theirs" };
    let function = format!("*{module}*{function}*");
    let count = |count: usize| {
        let (count, idle) = (count.to_string(), idle.to_string());
        collected(&[stack, scenario, &count, &idle], &function)
    };
    Ok((count(LONG)? - count(SHORT)?) / (LONG - SHORT) as f64)
}
