// Three nodes of ns-3 on one air of IEEE 802.15.4: UDP of many lengths, TCP and echo, over ns-3's
// own 6LoWPAN. Two files come of it: FILE.pcap, what node 0 sent and heard, and FILE.txt, the IPv6
// packets that ns-3 says its nodes handed to 6LoWPAN (`sent`) and got from it (`received`), one a
// line: which, the node's number and the octets.
//
// `cargo test -p litz-tests --test lowpan ns3` builds it with Debian's libns3-dev 3.37 and runs it as
//
//   sixlowpan plain|context|mesh FILE

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-apps-module.h"
#include "ns3/internet-module.h"
#include "ns3/lr-wpan-module.h"
#include "ns3/mobility-module.h"
#include "ns3/sixlowpan-module.h"

#include <fstream>
#include <iostream>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

std::ofstream g_log;

/// An IPv6 packet leaves a node for its 6LoWPAN device, or comes from it. Some messages of neighbor
/// discovery pass by these traces.
void
Note(std::string which, Ptr<const Packet> packet, Ptr<Ipv6> ipv6, uint32_t interface)
{
    if (DynamicCast<SixLowPanNetDevice>(ipv6->GetNetDevice(interface)) == nullptr)
    {
        return;
    }
    std::vector<uint8_t> octets(packet->GetSize());
    packet->CopyData(octets.data(), octets.size());
    static const char digits[] = "0123456789abcdef";
    std::string line = which + " ";
    for (uint8_t octet : octets)
    {
        line += digits[octet >> 4];
        line += digits[octet & 15];
    }
    g_log << line << "\n";
}

/// Send a datagram whose octets follow from its length.
void
SendDatagram(Ptr<Socket> socket, Ipv6Address to, uint16_t port, uint32_t length)
{
    std::vector<uint8_t> octets(length);
    for (uint32_t at = 0; at < length; at++)
    {
        octets[at] = static_cast<uint8_t>(at * 7 + length);
    }
    socket->SendTo(octets.data(), length, 0, Inet6SocketAddress(to, port));
}

} // namespace

int
main(int argc, char** argv)
{
    const std::string kind = argc == 3 ? argv[1] : "";
    if (kind != "plain" && kind != "context" && kind != "mesh")
    {
        std::cerr << "sixlowpan plain|context|mesh FILE" << std::endl;
        return 2;
    }
    const std::string file = argv[2];
    g_log.open(file + ".txt");
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
    RngSeedManager::SetSeed(7);

    NodeContainer nodes;
    nodes.Create(3);
    MobilityHelper mobility;
    mobility.SetMobilityModel("ns3::ConstantPositionMobilityModel");
    mobility.Install(nodes);
    LrWpanHelper radio;
    NetDeviceContainer radios = radio.Install(nodes);
    radio.AssociateToPan(radios, 0xbeef);

    InternetStackHelper internet;
    internet.SetIpv4StackInstall(false);
    internet.Install(nodes);
    SixLowPanHelper lowpan;
    lowpan.SetDeviceAttribute("ForceEtherType", BooleanValue(false));
    lowpan.SetDeviceAttribute("OmitUdpChecksum", BooleanValue(kind == "context"));
    lowpan.SetDeviceAttribute("UseMeshUnder", BooleanValue(kind == "mesh"));
    NetDeviceContainer devices = lowpan.Install(radios);
    if (kind == "context")
    {
        lowpan.AddContext(devices, 0, Ipv6Prefix("2001:db8::", 64), Time(Minutes(30)));
    }
    Ipv6AddressHelper addresses;
    addresses.SetBase(Ipv6Address("2001:db8::"), Ipv6Prefix(64));
    Ipv6InterfaceContainer interfaces = addresses.Assign(devices);
    for (uint32_t number = 0; number < nodes.GetN(); number++)
    {
        Ptr<Ipv6L3Protocol> ipv6 = nodes.Get(number)->GetObject<Ipv6L3Protocol>();
        const std::string name = std::to_string(number);
        ipv6->TraceConnectWithoutContext("Tx", MakeBoundCallback(&Note, "sent " + name));
        ipv6->TraceConnectWithoutContext("Rx", MakeBoundCallback(&Note, "received " + name));
    }

    // Datagrams both ways, of lengths around those that fill a frame, and long ones.
    const uint32_t lengths[] = {1, 8, 31, 64, 75, 88, 100, 128, 201, 512, 1200};
    Ptr<Socket> sockets[3];
    for (uint32_t number = 0; number < 3; number++)
    {
        sockets[number] = Socket::CreateSocket(nodes.Get(number), UdpSocketFactory::GetTypeId());
        sockets[number]->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), 0xf0b0 + number));
    }
    double at = 5;
    for (uint32_t length : lengths)
    {
        for (uint32_t number = 0; number < 3; number++)
        {
            const uint32_t to = number == 0 ? 1 + length % 2 : 0;
            const uint16_t port = length % 3 == 0 ? 5683 : 0xf0b0 + to;
            const uint32_t scope = length % 4 == 0 ? 0 : 1;
            Simulator::Schedule(Seconds(at), &SendDatagram, sockets[number],
                                interfaces.GetAddress(to, scope), port, length);
            at += 1;
        }
    }
    Ping6Helper ping;
    ping.SetLocal(interfaces.GetAddress(1, 1));
    ping.SetRemote(interfaces.GetAddress(0, 1));
    ping.SetAttribute("MaxPackets", UintegerValue(5));
    ping.SetAttribute("Interval", TimeValue(Seconds(1)));
    ping.SetAttribute("PacketSize", UintegerValue(300));
    ApplicationContainer pings = ping.Install(nodes.Get(1));
    pings.Start(Seconds(at));
    at += 10;
    BulkSendHelper bulk("ns3::TcpSocketFactory", Inet6SocketAddress(interfaces.GetAddress(0, 1), 80));
    bulk.SetAttribute("MaxBytes", UintegerValue(2000));
    ApplicationContainer senders = bulk.Install(nodes.Get(2));
    senders.Start(Seconds(at));
    PacketSinkHelper sink("ns3::TcpSocketFactory", Inet6SocketAddress(Ipv6Address::GetAny(), 80));
    sink.Install(nodes.Get(0));

    radio.EnablePcap(file + ".pcap", radios.Get(0), true, true);
    Simulator::Stop(Seconds(at + 60));
    Simulator::Run();
    Simulator::Destroy();
    return 0;
}
