//! Writes what fuzzing starts from to `fuzz/corpus`, a file per input.

use std::collections::BTreeMap;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut counts = BTreeMap::<String, usize>::new();
    for seed in litz_fuzz::seeds() {
        let folder = corpus.join(&seed.target);
        std::fs::create_dir_all(&folder)?;
        let count = counts.entry(seed.target).or_default();
        std::fs::write(folder.join(format!("seed-{count:05}")), seed.octets)?;
        *count += 1;
    }
    for (target, count) in counts {
        println!("{target}: {count} inputs");
    }
    Ok(())
}
