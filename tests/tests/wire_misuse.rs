//! Misuse of the header language does not compile, and says why on the user's own token. Each case
//! in `ui` is named after the mistake.

#[test]
fn misuse_is_reported_on_the_token() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
