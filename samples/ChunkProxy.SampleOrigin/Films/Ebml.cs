using System.Buffers.Binary;

namespace ChunkProxy.SampleOrigin.Films;

/// <summary>The elements of WebM that films are made of, and their encoding (RFC 8794; the ids are those of RFC 9559).</summary>
internal static class Ebml
{
    public const uint Header = 0x1A45DFA3;
    public const uint Segment = 0x18538067;
    public const uint Info = 0x1549A966;
    public const uint TimestampScale = 0x2AD7B1;
    public const uint Duration = 0x4489;
    public const uint MuxingApp = 0x4D80;
    public const uint WritingApp = 0x5741;
    public const uint Tracks = 0x1654AE6B;
    public const uint Cues = 0x1C53BB6B;
    public const uint CuePoint = 0xBB;
    public const uint CueTime = 0xB3;
    public const uint CueTrackPositions = 0xB7;
    public const uint CueTrack = 0xF7;
    public const uint CueClusterPosition = 0xF1;
    public const uint Cluster = 0x1F43B675;
    public const uint Timestamp = 0xE7;
    public const uint SimpleBlock = 0xA3;
    public const uint BlockGroup = 0xA0;
    public const uint Void = 0xEC;

    /// <summary>Every size is written in 8 bytes, so that the position of an element never depends on a value.</summary>
    public const int SizeBytes = 8;

    /// <summary>Returns the elements of one level.</summary>
    public static IEnumerable<(uint Id, ReadOnlyMemory<byte> Whole, ReadOnlyMemory<byte> Body)> Read(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var idBytes = LengthOfVint(bytes.Span[0]);
            var id = (uint)BigEndian(bytes.Span[..idBytes]);
            var sizeBytes = LengthOfVint(bytes.Span[idBytes]);
            var size = BigEndian(bytes.Span.Slice(idBytes, sizeBytes)) & ((1UL << (7 * sizeBytes)) - 1);
            var head = idBytes + sizeBytes;

            yield return (id, bytes[..(head + (int)size)], bytes.Slice(head, (int)size));
            bytes = bytes[(head + (int)size)..];
        }
    }

    public static byte[] Element(uint id, params ReadOnlySpan<byte[]> children)
    {
        var size = 0;
        foreach (var child in children)
        {
            size += child.Length;
        }

        var element = new byte[HeadLength(id) + size];
        var at = WriteHead(element, id, size);
        foreach (var child in children)
        {
            child.CopyTo(element, at);
            at += child.Length;
        }

        return element;
    }

    public static byte[] Element(uint id, ulong value)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return Element(id, bytes);
    }

    public static byte[] Element(uint id, double value)
    {
        var bytes = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        return Element(id, bytes);
    }

    public static byte[] Element(uint id, string value) => Element(id, System.Text.Encoding.UTF8.GetBytes(value));

    /// <summary>Writes id and size, and returns their length.</summary>
    public static int WriteHead(Span<byte> destination, uint id, long size)
    {
        var idBytes = HeadLength(id) - SizeBytes;
        for (var i = 0; i < idBytes; i++)
        {
            destination[i] = (byte)(id >> (8 * (idBytes - 1 - i)));
        }

        BinaryPrimitives.WriteUInt64BigEndian(destination[idBytes..], (1UL << 56) | (ulong)size);
        return idBytes + SizeBytes;
    }

    public static int HeadLength(uint id) => SizeBytes + (id > 0xFFFFFF ? 4 : id > 0xFFFF ? 3 : id > 0xFF ? 2 : 1);

    private static int LengthOfVint(byte first) => System.Numerics.BitOperations.LeadingZeroCount((uint)first) - 24 + 1;

    private static ulong BigEndian(ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        foreach (var b in bytes)
        {
            value = (value << 8) | b;
        }

        return value;
    }
}
