//! Frames of IEEE 802.15.4 with the security header, beacons and MAC commands, as tshark names
//! their fields.

use super::How::{Bool, Codes, Form, Last, Not, Number, Octets, Text};
use super::{Case, Map, Row, case, row};
use litz_wire::rt::Codes as _;
use litz_wire::{AssociationStatus, DisassociationReason, FrameType, FrameVersion, SecurityLevel};

const MAC: &str = "Ieee802154";
const COMMAND: &str = "MacCommandHeader";

pub(super) const MAPS: &[Map] = &[
    Map::new(MAC, "wpan", FRAME),
    Map::message("Beacon", MAC, "wpan", BEACON),
    Map::message(COMMAND, MAC, "wpan", COMMAND_HEADER),
    Map::message("AssociationRequest", COMMAND, "wpan", ASSOCIATION_REQUEST),
    Map::message("AssociationResponse", COMMAND, "wpan", ASSOCIATION_RESPONSE),
    Map::message(
        "DisassociationNotification",
        COMMAND,
        "wpan",
        DISASSOCIATION,
    ),
    Map::message("DataRequest", COMMAND, "wpan", &[]),
    Map::message("PanIdConflictNotification", COMMAND, "wpan", &[]),
    Map::message("OrphanNotification", COMMAND, "wpan", &[]),
    Map::message("BeaconRequest", COMMAND, "wpan", &[]),
    Map::message("CoordinatorRealignment", COMMAND, "wpan", REALIGNMENT),
    Map::message("GtsRequest", COMMAND, "wpan", GTS_REQUEST),
    Map::message("Unknown", COMMAND, "wpan", UNKNOWN),
];

const FRAME: &[Row] = &[
    row("frame_type", "wpan.frame_type", Codes(FrameType::CODES)),
    row("security_enabled", "wpan.security", Bool),
    row("frame_pending", "wpan.pending", Bool),
    row("ack_request", "wpan.ack_request", Bool),
    row("pan_id_compression", "wpan.pan_id_compression", Bool),
    row("seq_suppressed", "wpan.seqno_suppression", Bool),
    row("ie_present", "wpan.ie_present", Bool),
    row("dst_mode", "wpan.dst_addr_mode", Number),
    row("version", "wpan.version", Codes(FrameVersion::CODES)),
    row("src_mode", "wpan.src_addr_mode", Number),
    row("seq", "wpan.seq_no", Number),
    row("dst_pan", "wpan.dst_pan", Number),
    row("dst_addr", "", Form(DST)),
    row("src_pan", "wpan.src_pan", Number),
    row("src_addr", "", Form(SRC)),
    row(
        "security/SecurityHeaderRepr/level",
        "wpan.aux_sec.sec_level",
        Codes(SecurityLevel::CODES),
    ),
    row(
        "security/SecurityHeaderRepr/asn_in_nonce",
        "wpan.aux_sec.asn_in_nonce",
        Bool,
    ),
    row(
        "security/SecurityHeaderRepr/frame_counter",
        "wpan.aux_sec.frame_counter",
        Number,
    ),
    row("security/SecurityHeaderRepr/key_id", "", Form(KEY)),
    row("header_ies", "", ELEMENTS),
    row("payload_ies", "", ELEMENTS),
    row("mic", "wpan.mic", Octets),
];

const ELEMENTS: super::How = Not("a list; `elements` compares each");

const DST: &[Case] = &[
    case("Absent", "", "!wpan.dst16|wpan.dst64", Text),
    case("", "", "wpan.dst16|wpan.dst64", Text),
];

const SRC: &[Case] = &[
    case("Absent", "", "!wpan.src16|wpan.src64", Text),
    case("", "", "wpan.src16|wpan.src64", Text),
];

const KEY: &[Case] = &[
    case("Implicit", "", "!wpan.aux_sec.key_index", Number),
    case("Index", "index", "wpan.aux_sec.key_index", Number),
    case(
        "Source4",
        "source",
        "wpan.aux_sec.key_source.bytes|wpan.aux_sec.key_source",
        Octets,
    ),
    case("Source4", "index", "wpan.aux_sec.key_index", Number),
    case(
        "Source8",
        "source",
        "wpan.aux_sec.key_source.bytes|wpan.aux_sec.key_source",
        Octets,
    ),
    case("Source8", "index", "wpan.aux_sec.key_index", Number),
];

const BEACON: &[Row] = &[
    row("beacon_order", "wpan.beacon_order", Number),
    row("superframe_order", "wpan.superframe_order", Number),
    row("final_cap_slot", "wpan.cap", Number),
    row("battery_life_extension", "wpan.battery_ext", Bool),
    row("pan_coordinator", "wpan.bcn_coord", Bool),
    row("association_permit", "wpan.assoc_permit", Bool),
    row("gts_count", "wpan.gts.count", Number),
    row("gts_permit", "wpan.gts.permit", Bool),
    row("gts_directions", "", Not("a direction of each slot")),
    row("gts", "", Not("tshark shows the slots as text")),
    row("short_count", "", Not("tshark shows the count as text")),
    row("extended_count", "", Not("tshark shows the count as text")),
    row(
        "short_pending/PendingShortRepr/addr",
        "wpan.pending16",
        Number,
    ),
    row(
        "extended_pending/PendingExtendedRepr/addr",
        "wpan.pending64",
        Text,
    ),
];

const COMMAND_HEADER: &[Row] = &[row("command", "wpan.cmd", Number)];

const ASSOCIATION_REQUEST: &[Row] = &[
    row("full_function", "wpan.cinfo.device_type", Bool),
    row("mains_powered", "wpan.cinfo.power_src", Bool),
    row("rx_on_when_idle", "wpan.cinfo.idle_rx", Bool),
    row(
        "fast_association",
        "",
        Not("tshark 4.0 calls the bit reserved"),
    ),
    row("security", "wpan.cinfo.sec_capable", Bool),
    row("allocate_address", "wpan.cinfo.alloc_addr", Bool),
];

const ASSOCIATION_RESPONSE: &[Row] = &[
    row("short_addr", "wpan.asoc.addr", Number),
    row(
        "status",
        "wpan.assoc.status",
        Codes(AssociationStatus::CODES),
    ),
];

const DISASSOCIATION: &[Row] = &[row(
    "reason",
    "wpan.disassoc.reason",
    Codes(DisassociationReason::CODES),
)];

const REALIGNMENT: &[Row] = &[
    row("pan", "wpan.realign.pan", Number),
    row("coordinator", "wpan.realign.addr", Number),
    row("channel", "wpan.realign.channel", Number),
    row("short_addr", "wpan.realign.addr", Last),
    row("page", "?wpan.realign.channel_page", Number),
];

const GTS_REQUEST: &[Row] = &[
    row("slots", "wpan.gtsreq.length", Number),
    row("receive_only", "wpan.gtsreq.direction", Bool),
    row("allocate", "wpan.gtsreq.type", Bool),
];

const UNKNOWN: &[Row] = &[row("command", "wpan.cmd", Number)];
