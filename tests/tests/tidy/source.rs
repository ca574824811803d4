//! A lexer just good enough to tell code from comments and literals, line by line.
//!
//! It knows line and nested block comments, plain, raw and byte strings, and character literals;
//! it does not build tokens. What it blanks out keeps its place, so columns and lines stay true.

/// The source with every comment and every literal replaced by spaces; line breaks stay.
pub(crate) fn code_only(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    while at < chars.len() {
        let end = skip_end(&chars, at);
        if end > at {
            out.extend(
                chars[at..end]
                    .iter()
                    .map(|&c| if c == '\n' { '\n' } else { ' ' }),
            );
            at = end;
        } else {
            out.push(chars[at]);
            at += 1;
        }
    }
    out
}

/// Where the comment or literal that starts at `at` ends; `at` itself if none starts there.
fn skip_end(chars: &[char], at: usize) -> usize {
    let next = |offset: usize| chars.get(at + offset).copied().unwrap_or('\0');
    match (next(0), next(1)) {
        ('/', '/') => chars[at..]
            .iter()
            .position(|&c| c == '\n')
            .map_or(chars.len(), |n| at + n),
        ('/', '*') => block_comment_end(chars, at),
        ('"', _) => string_end(chars, at),
        ('r', '"' | '#') if !continues_a_word(chars, at) => raw_string_end(chars, at),
        ('\'', '\\') => (at + 3..chars.len())
            .find(|&n| chars[n] == '\'')
            .map_or(at, |n| n + 1),
        ('\'', _) if next(2) == '\'' => at + 3,
        _ => at,
    }
}

fn block_comment_end(chars: &[char], start: usize) -> usize {
    let mut depth = 0;
    let mut at = start;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

fn string_end(chars: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

fn raw_string_end(chars: &[char], start: usize) -> usize {
    let hashes = chars[start + 1..].iter().take_while(|&&c| c == '#').count();
    let open = start + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return start;
    }
    let closes = |at: usize| {
        chars[at] == '"' && (1..=hashes).all(|n| chars.get(at + n).is_some_and(|&c| c == '#'))
    };
    (open + 1..chars.len())
        .find(|&at| closes(at))
        .map_or(chars.len(), |at| at + 1 + hashes)
}

fn continues_a_word(chars: &[char], at: usize) -> bool {
    // `br"…"` is a raw string too; any other letter before the `r` makes it part of a name.
    match at.checked_sub(1).and_then(|before| chars.get(before)) {
        Some('b') => at >= 2 && is_word(chars[at - 2]),
        Some(&before) => is_word(before),
        None => false,
    }
}

/// Whether `word` stands in `line` as a whole word.
pub(crate) fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[test]
fn comments_and_literals_are_told_from_code() {
    let source =
        "a /* b /* c */ d */ e // f\n\"g \\\" h\" i r#\"j \" k\"# l 'm' '\\'' n<'o> br\"p\" q";
    let words: Vec<_> = code_only(source)
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    assert_eq!(words, ["a", "e", "i", "l", "n<'o>", "b", "q"]);
    assert!(has_word("let unsafe_code = 1; unsafe {", "unsafe"));
    assert!(!has_word("#![forbid(unsafe_code)]", "unsafe"));
}
