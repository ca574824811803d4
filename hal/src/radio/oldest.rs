//! Short queues in arrays, the oldest entry first and nothing behind a gap.

/// Takes the oldest entry; the others move up. (`rotate_left` would bring a `memmove` for any
/// overlap, 1.6 KB of code.)
pub(crate) fn take_oldest<T>(queue: &mut [Option<T>]) -> Option<T> {
    let mut younger = None;
    for place in queue.iter_mut().rev() {
        core::mem::swap(place, &mut younger);
    }
    younger
}

#[cfg(test)]
mod tests;
