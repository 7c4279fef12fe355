using System.Buffers;
using System.Net;
using System.Text;
using ChunkProxy.Web.Clients;

namespace ChunkProxy.Web.Tests.Clients;

public sealed class ProxyHeaderTests
{
    public const string Signature = "0D0A0D0A000D0A515549540A";

    private const string Inet = "C6336407 0A000001 1267 0050";
    private const string Inet6 = "20010DB8000000000000000000000007 20010DB8000000000000000000000001 1267 0050";

    public static TheoryData<string, string?> Complete => new()
    {
        { Line("TCP4 198.51.100.7 10.0.0.1 4711 80"), "198.51.100.7:4711" },
        { Line("TCP4 255.255.255.255 255.255.255.255 65535 65535"), "255.255.255.255:65535" },
        { Line("TCP6 2001:db8::7 2001:db8::1 4711 80"), "[2001:db8::7]:4711" },
        { Line("TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535"), "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535" },
        { Line("UNKNOWN"), null },
        { Line("UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535"), null },
        { Binary("21", "11", Inet), "198.51.100.7:4711" },
        { Binary("21", "11", Inet + "03 0004 DEADBEEF 04 0000"), "198.51.100.7:4711" },
        { Binary("21", "11", Inet + new string('0', 2 * ((4 * 1024) - 12))), "198.51.100.7:4711" },
        { Binary("21", "21", Inet6), "[2001:db8::7]:4711" },
        { Binary("21", "31", new string('0', 432)), null },
        { Binary("21", "00", ""), null },
        { Binary("21", "00", "0102"), null },
        { Binary("20", "00", ""), null },
        { Binary("20", "11", Inet), null },
    };

    public static TheoryData<string> Malformed => new()
    {
        Text("GET / HTTP/1.1\r\n"),
        Text("\r\nGET"),
        Text("proxy TCP4"),
        Text("PROXYTCP4"),
        Text("PRI * HTTP/2.0\r\n"),
        "160301",
        Line("TCP4 198.51.100.7 10.0.0.1 4711"),
        Line("TCP4 198.51.100.7 10.0.0.1 4711 80 1"),
        Line("TCP4  198.51.100.7 10.0.0.1 4711 80"),
        Line("TCP4 198.51.100.7 10.0.0.1 4711 80 "),
        Line("TCP4 198.51.100.07 10.0.0.1 4711 80"),
        Line("TCP4 3325256711 10.0.0.1 4711 80"),
        Line("TCP4 198.51.100.7 host 4711 80"),
        Line("TCP4 198.51.100.7 10.0.0.1 65536 80"),
        Line("TCP4 198.51.100.7 10.0.0.1 -1 80"),
        Line("TCP4 198.51.100.7 10.0.0.1 4711 000080"),
        Line("TCP4 2001:db8::7 10.0.0.1 4711 80"),
        Line("TCP6 198.51.100.7 2001:db8::1 4711 80"),
        Line("TCP6 [2001:db8::7] 2001:db8::1 4711 80"),
        Line("TCP6 fe80::7%1 2001:db8::1 4711 80"),
        Line("UDP4 198.51.100.7 10.0.0.1 4711 80"),
        Line("UNKNOWN2"),
        Line(""),
        Text("PROXY UNKNOWN\n"),
        Text("PROXY TCP4 198.51.100.7 10.0.0.1 4711 80\n"),
        Text("PROXY UNKNOWN " + new string('x', 93)),
        Binary("11", "11", Inet),
        Binary("31", "11", Inet),
        Binary("22", "11", Inet),
        Binary("21", "12", Inet),
        Binary("21", "10", Inet),
        Binary("21", "41", Inet),
        Binary("21", "11", Inet[..^2]),
        Binary("21", "21", Inet6[..65]),
        Binary("21", "31", new string('0', 430)),
        Signature + "2111" + "1001" + "00", // 4,097 bytes
        Signature + "2111" + "FFFF" + "00",
    };

    [Theory]
    [MemberData(nameof(Complete))]
    public void Read_Header_IsCompleteWithItsLastByteHoweverItIsSplit(string hex, string? client)
    {
        var header = Convert.FromHexString(hex);
        byte[] bytes = [.. header, .. "GET / HTTP/1.1\r\n"u8];

        for (var size = 0; size <= bytes.Length; size++)
        {
            foreach (var sequence in Splits(bytes[..size]))
            {
                var state = ProxyHeader.Read(sequence, out var length, out var found);

                Assert.Equal((size, size < header.Length ? ProxyHeaderState.Incomplete : ProxyHeaderState.Complete), (size, state));
                if (size >= header.Length)
                {
                    Assert.Equal((header.Length, client is null ? null : IPEndPoint.Parse(client)), (length, found));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Read_OtherBytes_AreRefused(string hex)
    {
        foreach (var sequence in Splits(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))))
        {
            Assert.Equal((hex, ProxyHeaderState.Malformed), (hex, ProxyHeader.Read(sequence, out _, out var client)));
            Assert.Null(client);
        }
    }

    [Fact]
    public void Read_LineNeverEnds_IsRefusedAtItsLongestLength()
    {
        var line = Encoding.Latin1.GetBytes("PROXY UNKNOWN " + new string('x', 200));

        Assert.Equal(ProxyHeaderState.Incomplete, ProxyHeader.Read(new ReadOnlySequence<byte>(line, 0, 106), out _, out _));
        Assert.Equal(ProxyHeaderState.Malformed, ProxyHeader.Read(new ReadOnlySequence<byte>(line, 0, 107), out _, out _));
    }

    public static string Line(string words) => Text($"PROXY {words}\r\n");

    public static string Binary(string command, string family, string block)
    {
        var bytes = block.Replace(" ", "", StringComparison.Ordinal);
        return $"{Signature}{command}{family}{bytes.Length / 2:X4}{bytes}";
    }

    private static string Text(string text) => Convert.ToHexString(Encoding.Latin1.GetBytes(text));

    // In one piece, and in two.
    private static IEnumerable<ReadOnlySequence<byte>> Splits(byte[] bytes)
    {
        yield return new ReadOnlySequence<byte>(bytes);
        if (bytes.Length > 1)
        {
            var first = new Piece(bytes.AsMemory(0, bytes.Length / 2), null);
            var second = new Piece(bytes.AsMemory(bytes.Length / 2), first);
            yield return new ReadOnlySequence<byte>(first, 0, second, second.Memory.Length);
        }
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
