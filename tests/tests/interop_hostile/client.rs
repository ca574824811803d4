//! The example `client` with servers on the kernel's TCP.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use litz_tests::namespace::{Namespace, TAP, inside};
use litz_tests::noise::Noise;
use litz_tests::{prerequisite, workspace};

const LIMIT: Duration = Duration::from_secs(120);

/// Runs the example inside the namespace that this process is in.
fn client(remote: &str, question: &[u8]) -> Output {
    let mut child = Command::new(workspace::example("client"))
        .args(["--tap", TAP, "--ipv4", "192.0.2.1/24", "--connect", remote])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the example starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(question).expect("the client reads");
    drop(stdin);
    child.wait_with_output().expect("the client ends")
}

#[test]
fn what_it_says_comes_back() {
    if !inside() {
        if prerequisite::network(&[]) {
            workspace::example("client");
            Namespace::new().rerun("client::what_it_says_comes_back", LIMIT);
        }
        return;
    }
    let listener = TcpListener::bind("192.0.2.254:5000").expect("a port");
    let echo = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut all = Vec::new();
        stream.read_to_end(&mut all).expect("an orderly end");
        stream.write_all(&all).expect("the client reads");
        stream.shutdown(Shutdown::Write).expect("a half-close");
    });
    let question = Noise::new(5).octets(500_000);
    let output = client("192.0.2.254:5000", &question);
    echo.join().expect("the server");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{errors}");
    assert!(output.stdout == question, "{} octets", output.stdout.len());
}

#[test]
fn a_refusal_is_one_line_and_1() {
    if !inside() {
        if prerequisite::network(&[]) {
            workspace::example("client");
            Namespace::new().rerun("client::a_refusal_is_one_line_and_1", LIMIT);
        }
        return;
    }
    let output = client("192.0.2.254:5001", b"hello?");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert_eq!(errors.trim(), "client: refused by the peer");
}
