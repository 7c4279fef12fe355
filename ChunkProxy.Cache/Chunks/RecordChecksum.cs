using System.Buffers.Binary;
using System.IO.Hashing;

namespace ChunkProxy.Cache.Chunks;

/// <summary>The checksum of a binary record: XxHash3 of everything before and after the checksum's own 8 bytes, little-endian.</summary>
internal static class RecordChecksum
{
    public const int Size = sizeof(ulong);

    /// <summary>Writes the checksum of a complete record at this offset.</summary>
    public static void Seal(Span<byte> record, int at) => BinaryPrimitives.WriteUInt64LittleEndian(record[at..], Of(record, at));

    /// <summary>Returns whether the record is long enough and its checksum matches.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> record, int at) =>
        record.Length >= at + Size && BinaryPrimitives.ReadUInt64LittleEndian(record[at..]) == Of(record, at);

    private static ulong Of(ReadOnlySpan<byte> record, int at)
    {
        if (record.Length == at + Size)
        {
            return XxHash3.HashToUInt64(record[..at]);
        }

        var hash = new XxHash3();
        hash.Append(record[..at]);
        hash.Append(record[(at + Size)..]);
        return hash.GetCurrentHashAsUInt64();
    }
}
