using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ChunkProxy.Web.Clients;

/// <summary>Reads the header of the PROXY protocol, version 1 (text) or 2 (binary), from the first bytes of a connection. Pure.</summary>
/// <remarks>The specification: https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt. A wrong byte is found as soon as it is there.</remarks>
internal static class ProxyHeader
{
    /// <summary>Longest header of version 2 that is accepted, in bytes. Those of HAProxy and cloud load balancers have less than 600.</summary>
    public const int Longest = FixedPart + (4 * 1024);

    private const int LongestLine = 107; // of version 1, with its line end
    private const int FixedPart = 16; // of version 2
    private const int LengthOfInet = 12;
    private const int LengthOfInet6 = 36;
    private const int LengthOfUnix = 216;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    private static ReadOnlySpan<byte> Word => "PROXY "u8;

    /// <param name="bytes">The first bytes of the connection.</param>
    /// <param name="length">Bytes of a complete header.</param>
    /// <param name="client">The client that a complete header names; null: the connection is the proxy's own, or it does not say.</param>
    public static ProxyHeaderState Read(ReadOnlySequence<byte> bytes, out int length, out IPEndPoint? client)
    {
        var first = bytes.Slice(0, Math.Min(bytes.Length, Longest));
        return Read(first.IsSingleSegment ? first.FirstSpan : first.ToArray(), out length, out client);
    }

    private static ProxyHeaderState Read(ReadOnlySpan<byte> bytes, out int length, out IPEndPoint? client)
    {
        (length, client) = (0, null);
        return BeginsWith(bytes, Signature) ? ReadBinary(bytes, ref length, ref client)
            : BeginsWith(bytes, Word) ? ReadLine(bytes, ref length, ref client)
            : ProxyHeaderState.Malformed;
    }

    private static bool BeginsWith(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> mark) =>
        bytes[..Math.Min(bytes.Length, mark.Length)].SequenceEqual(mark[..Math.Min(bytes.Length, mark.Length)]);

    private static ProxyHeaderState ReadBinary(ReadOnlySpan<byte> bytes, ref int length, ref IPEndPoint? client)
    {
        if (bytes.Length < FixedPart)
        {
            return ProxyHeaderState.Incomplete;
        }

        var (version, command) = (bytes[12] >> 4, bytes[12] & 0xf);
        length = FixedPart + BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        if (version != 2 || command > 1 || length > Longest)
        {
            return ProxyHeaderState.Malformed;
        }

        if (bytes.Length < length)
        {
            return ProxyHeaderState.Incomplete;
        }

        const int Local = 0;
        return command == Local || TryReadAddresses(bytes[13], bytes[FixedPart..length], ref client) ? ProxyHeaderState.Complete : ProxyHeaderState.Malformed;
    }

    // What follows the addresses (TLVs) is ignored.
    private static bool TryReadAddresses(byte familyAndTransport, ReadOnlySpan<byte> block, ref IPEndPoint? client)
    {
        switch (familyAndTransport)
        {
            case 0x00:
                return true;
            case 0x11 when block.Length >= LengthOfInet:
                client = new IPEndPoint(new IPAddress(block[..4]), BinaryPrimitives.ReadUInt16BigEndian(block[8..]));
                return true;
            case 0x21 when block.Length >= LengthOfInet6:
                client = new IPEndPoint(new IPAddress(block[..16]), BinaryPrimitives.ReadUInt16BigEndian(block[32..]));
                return true;
            case 0x31:
                return block.Length >= LengthOfUnix;
            default:
                return false; // datagrams, and what the specification reserves
        }
    }

    private static ProxyHeaderState ReadLine(ReadOnlySpan<byte> bytes, ref int length, ref IPEndPoint? client)
    {
        var end = bytes[..Math.Min(bytes.Length, LongestLine)].IndexOf((byte)'\n');
        if (end < 0)
        {
            return bytes.Length < LongestLine ? ProxyHeaderState.Incomplete : ProxyHeaderState.Malformed;
        }

        length = end + 1;
        return bytes[end - 1] == '\r' && TryReadWords(Encoding.Latin1.GetString(bytes[..(end - 1)]).Split(' '), ref client)
            ? ProxyHeaderState.Complete
            : ProxyHeaderState.Malformed;
    }

    private static bool TryReadWords(string[] words, ref IPEndPoint? client)
    {
        if (words is [_, "UNKNOWN", ..])
        {
            return true;
        }

        if (words is not [_, "TCP4" or "TCP6", var source, var destination, var port, var destinationPort])
        {
            return false;
        }

        var family = words[1] == "TCP4" ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        if (!TryReadAddress(source, family, out var address) || !TryReadPort(port, out var number)
            || !TryReadAddress(destination, family, out _) || !TryReadPort(destinationPort, out _))
        {
            return false;
        }

        client = new IPEndPoint(address, number);
        return true;
    }

    // The framework also reads 1, 010.0.0.1, [::1]:80 and ::1%eth0.
    private static bool TryReadAddress(string text, AddressFamily family, out IPAddress address) =>
        IPAddress.TryParse(text, out address!) && address.AddressFamily == family
        && (family is AddressFamily.InterNetwork ? address.ToString() == text : text.AsSpan().IndexOfAny('%', '[') < 0);

    private static bool TryReadPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= IPEndPoint.MaxPort && text.Length <= 5;
}
