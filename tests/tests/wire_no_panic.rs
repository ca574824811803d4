//! The linker proves that generated code holds no panic: an image whose panic handler needs a
//! symbol that does not exist links at every opt-level, for the host and for boards, and one with a
//! known panic does not. What the images take is printed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use litz_tests::thumb::{self, Compiler};
use litz_tests::workspace::root;
use object::{Object, ObjectSection, SectionKind};

/// Levels that firmware is built at, and that of everybody else.
const OPT_LEVELS: [&str; 3] = ["3", "s", "z"];

/// What an image is built for.
struct Target {
    /// Its triple, or `None` for the host.
    triple: Option<&'static str>,
    compiler: Compiler,
}

impl Target {
    fn name(&self) -> &'static str {
        self.triple.unwrap_or("host")
    }

    fn folder(&self) -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("nopanic")
            .join(self.name())
    }

    /// Builds the image; cargo keeps the object files apart by opt-level.
    fn build(&self, opt_level: &str, control: bool) -> Output {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo
            .current_dir(root().join("tests/nopanic"))
            .args(["build", "--release", "--locked"])
            .arg("--target-dir")
            .arg(self.folder())
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", opt_level)
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS");
        if let Some(triple) = self.triple {
            cargo.args(["--target", triple]);
        }
        if control {
            cargo.args(["--features", "control"]);
        }
        self.compiler.choose(&mut cargo);
        cargo.output().expect("cargo starts")
    }

    fn image(&self) -> PathBuf {
        let folder = self.folder().join(self.triple.unwrap_or_default());
        folder.join("release/litz-nopanic")
    }

    /// Links the image at each level, which must succeed, and the control, which must not.
    fn prove(&self, opt_levels: &[&str]) {
        for &opt_level in opt_levels {
            let place = format!("{} at opt-level {opt_level}", self.name());
            let output = self.build(opt_level, false);
            let text = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{place}:\n{text}");
            let (code, constants) = sizes(&self.image());
            println!("{place}: {code} octets of code, {constants} of constants");

            // That the control fails needs no more than one proof for each target.
            if opt_level != "z" {
                continue;
            }
            let output = self.build(opt_level, true);
            let text = String::from_utf8_lossy(&output.stderr);
            assert!(
                !output.status.success(),
                "{place}: the control must not link"
            );
            let missing = "litz_a_panic_is_reachable";
            assert!(text.contains(missing), "{place}: another failure:\n{text}");
        }
    }
}

/// Octets of code and of constants in an image.
fn sizes(image: &Path) -> (u64, u64) {
    let octets = std::fs::read(image).expect("the image was built");
    let file = object::File::parse(octets.as_slice()).expect("an object file");
    let of = |kinds: &[SectionKind]| {
        let sections = file
            .sections()
            .filter(|section| kinds.contains(&section.kind()));
        sections.map(|section| section.size()).sum()
    };
    let constants = [
        SectionKind::ReadOnlyData,
        SectionKind::ReadOnlyString,
        SectionKind::Data,
    ];
    (of(&[SectionKind::Text]), of(&constants))
}

#[test]
fn generated_code_links_without_a_panic_and_a_known_panic_does_not() {
    Target {
        triple: None,
        compiler: Compiler::InUse,
    }
    .prove(&OPT_LEVELS);
}

#[test]
fn nor_does_it_for_a_cortex_m4f() {
    board("thumbv7em-none-eabihf", &OPT_LEVELS);
}

/// The same instructions but those for DSP and floating-point numbers, of which there are none: one
/// level is enough.
#[test]
fn nor_does_it_for_a_cortex_m3() {
    board("thumbv7m-none-eabi", &["z"]);
}

fn board(triple: &'static str, opt_levels: &[&str]) {
    if let Some(compiler) = thumb::compiler(triple) {
        Target {
            triple: Some(triple),
            compiler,
        }
        .prove(opt_levels);
    }
}
