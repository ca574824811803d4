//! The state table, every state × event, against its committed rendering. After a change of the
//! table run the test with `LITZ_UPDATE=1` in the environment and look at what changed.

use std::fmt::Write as _;
use std::string::String;

use super::super::{Event, State};

const COMMITTED: &str = include_str!("states.md");
const PATH: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/src/socket/tcp/tests/states.md"
);

fn render() -> String {
    let mut out = String::from(
        "# The states of a TCP connection\n\n\
         Made from `stack/src/socket/tcp/state.rs` by the test beside this file; do not edit.\n\n",
    );
    out.push_str("| event |");
    for state in State::ALL {
        write!(out, " {state} |").unwrap();
    }
    out.push_str("\n|---|");
    out.push_str(&"---|".repeat(State::ALL.len()));
    for event in Event::ALL {
        write!(out, "\n| {event:?} |").unwrap();
        for state in State::ALL {
            match state.after(event) {
                Some(next) => write!(out, " {next} |").unwrap(),
                None => out.push_str(" – |"),
            }
        }
    }
    out.push_str("\n\n```dot\ndigraph tcp {\n");
    for state in State::ALL {
        for event in Event::ALL {
            if let Some(next) = state.after(event) {
                writeln!(out, "    \"{state}\" -> \"{next}\" [label=\"{event:?}\"];").unwrap();
            }
        }
    }
    out.push_str("}\n```\n");
    out
}

#[test]
fn table_is_as_committed() {
    let rendered = render();
    if std::env::var_os("LITZ_UPDATE").is_some() {
        std::fs::write(PATH, &rendered).unwrap();
        return;
    }
    assert_eq!(
        rendered, COMMITTED,
        "run with LITZ_UPDATE=1 and look at the difference"
    );
}

/// RFC 9293 §3.3.2, figure 5: what leads where.
#[test]
fn every_state_is_reached_and_left() {
    for state in State::ALL {
        let reached = State::ALL.iter().any(|from| {
            Event::ALL
                .iter()
                .any(|event| from.after(*event) == Some(state))
        });
        let left = Event::ALL
            .iter()
            .any(|event| state.after(*event).is_some_and(|to| to != state));
        assert!(reached && left, "{state}");
    }
}

#[test]
fn every_open_state_can_be_ended() {
    for state in State::ALL
        .into_iter()
        .filter(|state| *state != State::Closed)
    {
        for event in [Event::RecvRst, Event::Abort, Event::GiveUp] {
            assert_eq!(state.after(event), Some(State::Closed), "{state}");
        }
    }
    for event in Event::ALL {
        let opens = matches!(
            event,
            Event::ActiveOpen | Event::PassiveOpen | Event::RecvSyn
        );
        assert_eq!(State::Closed.after(event).is_some(), opens);
    }
}
