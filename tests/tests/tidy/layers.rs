//! The layer arrows: what each crate may depend on, in its manifest and in its sources.

use super::none;
use super::source::{code_only, has_word};
use super::tree::{read, rust_files};

/// One crate and everything it may name.
struct Layer {
    folder: &'static str,
    /// Crates of litz, as dependencies.
    ours: &'static [&'static str],
    /// Other crates, decided one by one.
    others: &'static [&'static str],
}

/// From the bottom up. `tests`, `fuzz` and the benches may know everything.
const LAYERS: &[Layer] = &[
    Layer {
        folder: "wire-macros",
        ours: &[],
        others: &["syn", "quote", "proc-macro2"],
    },
    Layer {
        folder: "wire-defs",
        ours: &["litz-wire-macros"],
        others: &["defmt", "arbitrary"],
    },
    Layer {
        folder: "hal",
        ours: &["litz-wire"],
        others: &["libc", "aes"],
    },
    Layer {
        folder: "stack",
        ours: &["litz-wire", "litz-hal"],
        others: &[],
    },
];

/// What only tests and examples of a crate may depend on.
const DEV: &[(&str, &[&str])] = &[
    ("wire-macros", &["prettyplease", "expect-test"]),
    ("wire-defs", &["litz-wire"]),
    ("hal", &["ccm", "litz-hal"]),
    ("stack", &["litz", "siphasher"]),
];

/// Names by which sources reach another crate of litz.
const NAMES: &[(&str, &str)] = &[
    ("litz-wire-macros", "litz_wire_macros"),
    ("litz-wire", "litz_wire"),
    ("litz-hal", "litz_hal"),
    ("litz", "litz"),
];

/// `(section, dependency)` for every dependency of a manifest.
fn dependencies(manifest: &str) -> Vec<(String, String)> {
    let mut section = String::new();
    let mut found = Vec::new();
    for line in manifest
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#'))
    {
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            section = name.to_owned();
            // `[dependencies.name]` is the long form of one entry.
            if let Some((table, name)) = name.rsplit_once("dependencies.") {
                found.push((format!("{table}dependencies"), name.to_owned()));
            }
        } else if section.ends_with("dependencies")
            && let Some((name, _)) = line.split_once(['=', '.', ' '])
        {
            found.push((section.clone(), name.trim_matches('"').to_owned()));
        }
    }
    found
}

#[test]
fn manifests_keep_the_layers() {
    let mut found = Vec::new();
    for layer in LAYERS {
        let manifest = read(&format!("{}/Cargo.toml", layer.folder));
        for (section, name) in dependencies(&manifest) {
            let dev = DEV.iter().find(|(folder, _)| *folder == layer.folder);
            let allowed = layer.ours.contains(&name.as_str())
                || layer.others.contains(&name.as_str())
                || (section == "dev-dependencies"
                    && dev.is_some_and(|(_, names)| names.contains(&name.as_str())));
            if !allowed {
                found.push(format!("{}/Cargo.toml: [{section}] {name}", layer.folder));
            }
        }
    }
    none(
        found,
        "a crate depends on what lies below it, and on the crates decided for it",
    );
}

#[test]
fn sources_keep_the_layers() {
    let mut found = Vec::new();
    for file in rust_files().iter().filter(|file| !file.is_test()) {
        let Some(layer) = LAYERS.iter().find(|layer| {
            file.path
                .strip_prefix(layer.folder)
                .is_some_and(|rest| rest.starts_with("/src/"))
        }) else {
            continue;
        };
        let own = manifest_name(layer.folder);
        let code = code_only(&file.text);
        for (number, line) in code.lines().enumerate() {
            for (package, name) in NAMES {
                let named = has_word(line, &format!("{name}::"))
                    || ["use", "extern crate"]
                        .iter()
                        .any(|word| line.trim().ends_with(&format!("{word} {name};")));
                // The macro crate writes paths of the crate whose code it generates.
                let generates = layer.folder == "wire-macros" && *package == "litz-wire";
                if named && own != *package && !layer.ours.contains(package) && !generates {
                    found.push(format!("{}:{}: names `{name}`", file.path, number + 1));
                }
            }
        }
    }
    none(found, "sources name only the layers below them");
}

fn manifest_name(folder: &str) -> String {
    let manifest = read(&format!("{folder}/Cargo.toml"));
    let line = manifest
        .lines()
        .find(|line| line.starts_with("name = "))
        .expect("a name");
    line.trim_start_matches("name = ")
        .trim_matches('"')
        .to_owned()
}

#[test]
fn the_stack_knows_devices_only_by_their_traits() {
    let mut found = Vec::new();
    for file in rust_files() {
        let stack = file.path.starts_with("stack/src/") && !file.is_test();
        let code = code_only(&file.text);
        for (number, line) in code.lines().enumerate() {
            if stack && (line.contains("litz_hal::linux") || line.contains("phy::linux")) {
                found.push(format!("{}:{}", file.path, number + 1));
            }
        }
    }
    none(found, "the stack names no device of an operating system");
}

#[test]
fn libraries_below_the_stack_are_no_std_and_without_unsafe() {
    for (folder, forbids_unsafe) in [("wire-defs", true), ("hal", false), ("stack", true)] {
        let library = code_only(&read(&format!("{folder}/src/lib.rs")));
        let has = |line: &str| library.lines().any(|code| code.trim() == line);
        assert!(has("#![no_std]"), "{folder} is not `no_std`");
        assert_eq!(
            has("#![forbid(unsafe_code)]"),
            forbids_unsafe,
            "{folder}: unsafe_code"
        );
    }
}

#[test]
fn dependencies_are_read_in_every_form() {
    let manifest = [
        "[package]",
        "name = \"x\"",
        "[dependencies]",
        "a = \"1\"",
        "b.workspace = true",
        "# c = 1",
        "[target.'cfg(unix)'.dependencies]",
        "d = { path = \"d\" }",
        "[dependencies.e]",
        "path = \"e\"",
    ]
    .join("\n");
    let manifest = manifest.as_str();
    let names: Vec<_> = dependencies(manifest)
        .into_iter()
        .map(|(_, name)| name)
        .collect();
    assert_eq!(names, ["a", "b", "d", "e"]);
}
