//! Requirements of RFC 9293 asked of the server with raw frames, by scapy: `musts.py` has the
//! questions.

use std::path::Path;
use std::time::Duration;

use litz_tests::namespace::TAP;
use litz_tests::prerequisite;
use litz_tests::process::run;
use litz_tests::server::Server;

const LIMIT: Duration = Duration::from_secs(120);

/// The questions, each named after the requirement that it is about.
const QUESTIONS: [&str; 21] = [
    "must_3_a_wrong_checksum_is_dropped",
    "must_5_6_unknown_options_in_any_segment",
    "must_7_illegal_option_lengths_do_no_harm",
    "must_13_a_fin_that_comes_again_is_acknowledged",
    "must_14_65_the_segment_size_is_in_the_syn_ack_and_nowhere_else",
    "must_15_536_octets_for_who_does_not_say",
    "must_16_no_segment_is_larger_than_asked_for",
    "must_34_a_window_that_shrinks_is_obeyed",
    "must_36_37_a_closed_window_is_probed",
    "must_40_an_acknowledgment_comes_within_half_a_second",
    "must_57_nothing_that_is_for_everybody_is_answered",
    "must_58_acknowledgments_travel_with_the_answer",
    "must_61_the_last_segment_says_psh",
    "must_62_urgent_data_stays_in_the_stream",
    "must_63_syns_from_impossible_addresses_are_dropped",
    "shld_2_a_reset_may_hold_data",
    "shld_31_what_comes_out_of_order_is_kept",
    "rfc_9293_3_10_7_1_nobody_listens",
    "rfc_5961_3_a_reset_beside_the_mark_is_challenged",
    "rfc_5961_4_a_syn_on_an_open_connection_is_challenged",
    "rfc_5961_5_data_with_an_absurd_acknowledgment_is_dropped",
];

#[test]
fn requirements_of_rfc_9293_with_raw_frames() {
    if !prerequisite::network(&["python3"]) || !prerequisite::python_module("scapy") {
        return;
    }
    let server = Server::start();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop_hostile/musts.py");
    let mut command = server.namespace.command("python3");
    let text = run(command.arg(script).arg(TAP), LIMIT).text();
    println!("{text}");
    for question in QUESTIONS {
        let answered = text.lines().any(|line| line == format!("ok {question}"));
        assert!(answered, "{question}:\n{text}");
    }
    let asked = text.lines().filter(|line| line.starts_with("ok ")).count();
    assert_eq!(asked, QUESTIONS.len(), "every question has its name here");
}
