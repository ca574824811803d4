//! Instruction counts by callgrind, and the table of rows that crates share.

use std::process::{Command, ExitCode};

/// A row: a title, the name of the function in the module of each crate, and how many instructions
/// litz may need of what smoltcp needs, where smoltcp has it.
pub type Row = (&'static str, &'static str, f64);

/// A packet read and written: a title, the two rows, and how many instructions of both together
/// litz may need of what smoltcp needs.
pub type Both = (&'static str, [&'static str; 2], f64);

/// Lengths of the two runs whose difference is taken.
const SHORT: usize = 1000;
const LONG: usize = 3000;

/// What a row costs: litz, smoltcp, etherparse.
type Cost = [Option<f64>; 3];

/// Counts every row of this program and prints a Markdown table. `before` are the arguments before
/// crate, row and count; functions stand in modules `litz`, `smoltcp` and `etherparse` below
/// `module`. The exit code says whether litz needs more than a row allows.
pub fn table(rows: &[Row], both: &[Both], before: &[&str], module: &str) -> ExitCode {
    println!(
        "| instructions per packet | litz | smoltcp | etherparse | litz : smoltcp | at most |"
    );
    println!("|---|--:|--:|--:|--:|--:|");
    let mut above = false;
    let mut costs: Vec<(&str, Cost)> = Vec::new();
    for (title, row, most) in rows {
        let cost = ["litz", "smoltcp", "etherparse"].map(|of| per_packet(before, module, of, row));
        if cost[0].is_none() {
            eprintln!("litz-bench: {title}: callgrind counted nothing");
            return ExitCode::from(2);
        }
        above |= line(title, cost, *most);
        costs.push((row, cost));
    }
    for (title, names, most) in both {
        let costs = names.map(|name| costs.iter().find(|(row, _)| *row == name));
        let [Some((_, read)), Some((_, written))] = costs else {
            eprintln!("litz-bench: {title}: there is no such row");
            return ExitCode::from(2);
        };
        let sum = |of: usize| Some(read.get(of)?.as_ref()? + written.get(of)?.as_ref()?);
        above |= line(title, [sum(0), sum(1), None], *most);
    }
    if above {
        eprintln!("litz-bench: litz needs more than a row allows");
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// Prints a line of the table; whether litz needs more than it may.
fn line(title: &str, [ours, theirs, other]: Cost, most: f64) -> bool {
    let ratio = ours
        .zip(theirs)
        .map(|(ours, theirs): (f64, f64)| ours / theirs);
    println!(
        "| {title} | {} | {} | {} | {} | {} |",
        cell(ours, 0),
        cell(theirs, 0),
        cell(other, 0),
        cell(ratio, 2),
        cell(theirs.map(|_| most), 2)
    );
    ratio.is_some_and(|ratio| ratio > most)
}

/// A figure, or a dash for what a crate does not do.
fn cell(figure: Option<f64>, digits: usize) -> String {
    figure.map_or("–".to_owned(), |figure| format!("{figure:.digits$}"))
}

/// Instructions of a row of a crate; nothing if it has no such row.
fn per_packet(before: &[&str], module: &str, of: &str, row: &str) -> Option<f64> {
    let function = format!("*{module}*{of}::{row}*");
    let count = |count: usize| {
        let count = count.to_string();
        let mut arguments = before.to_vec();
        arguments.extend([of, row, &count]);
        collected(&arguments, &function).ok()
    };
    Some((count(LONG)? - count(SHORT)?) / (LONG - SHORT) as f64)
}

/// Instructions that this program with `arguments` spends in the functions that a pattern names,
/// and in what they call, by callgrind's count.
pub fn collected(arguments: &[&str], function: &str) -> Result<f64, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg("--callgrind-out-file=/dev/null")
        // Long copies of the application are otherwise one instruction, which counts once for each
        // octet and hides what a stack does.
        .env(
            "GLIBC_TUNABLES",
            "glibc.cpu.x86_rep_movsb_threshold=268435456",
        )
        .arg(format!("--toggle-collect={function}"))
        .arg(program)
        .args(arguments)
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{arguments:?} failed:\n{text}"));
    }
    let line = text.lines().find(|line| line.contains("Collected :"));
    let figure = line.and_then(|line| line.rsplit(' ').next()?.parse::<f64>().ok());
    match figure {
        Some(figure) if figure > 0.0 => Ok(figure),
        _ => Err(format!("callgrind counted nothing in {function}:\n{text}")),
    }
}
