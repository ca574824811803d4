//! Images for boards: builds one and says where it is.

use std::path::PathBuf;
use std::process::Command;

use crate::process::run;
use crate::thumb;
use crate::workspace::root;

/// An image of the workspace `firmware`.
#[derive(Clone, Copy, Debug)]
pub struct Image {
    /// The package.
    pub package: &'static str,
    /// The processor.
    pub target: &'static str,
    /// Features of the package, separated by commas.
    pub features: &'static str,
    /// The level of optimization, or `None` for the workspace's own.
    pub opt_level: Option<&'static str>,
}

impl Image {
    /// Builds the image; `None` without a compiler for its target, which has been said.
    #[track_caller]
    pub fn build(&self) -> Option<PathBuf> {
        let compiler = thumb::compiler(self.target)?;
        // Cargo keeps features apart in what it compiles, not in where it puts the result.
        let folder = root().join("target/firmware").join(self.features);
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo
            .current_dir(root().join("firmware"))
            .args(["build", "--release", "--locked", "--package", self.package])
            .args(["--target", self.target, "--features", self.features])
            .arg("--target-dir")
            .arg(&folder)
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS");
        if let Some(level) = self.opt_level {
            cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", level);
        }
        compiler.choose(&mut cargo);
        run(&mut cargo, std::time::Duration::from_secs(300)).success();
        let folder = folder.join(self.target).join("release");
        Some(folder.join(self.package))
    }
}
