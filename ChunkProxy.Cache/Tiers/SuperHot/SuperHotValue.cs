using System.Buffers.Binary;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>A chunk as stored in Redis: its identity, a checksum and its bytes. Any other value under its key is rejected.</summary>
/// <remarks>
/// Magic and format (8 bytes) · hash of the version (16) · index of the chunk (8) · XxHash3 of all before and the bytes (8) · the bytes;
/// little endian.
/// </remarks>
internal static class SuperHotValue
{
    private const int ChecksumAt = 32;
    private const int BytesAt = 40;

    private static ReadOnlySpan<byte> Magic => "ChunkPS1"u8;

    public static string KeyOf(ChunkKey key) => $"chunkproxy:{key.Version}:{key.Index}";

    /// <summary>Key that exists while a process takes a place in the list for the chunk, and stores it.</summary>
    public static string ClaimOf(ChunkKey key) => $"{KeyOf(key)}:claim";

    /// <summary>Key of an object's record.</summary>
    public static string KeyOf(ObjectId id) => KeyOf(id.Hash);

    /// <inheritdoc cref="KeyOf(ObjectId)"/>
    public static string KeyOf(Hash128 id) => $"chunkproxy:object:{id}";

    public static byte[] Encode(ChunkKey key, ReadOnlySpan<byte> bytes)
    {
        var value = GC.AllocateUninitializedArray<byte>(BytesAt + bytes.Length);
        Magic.CopyTo(value);
        key.Version.WriteLittleEndian(value.AsSpan(8));
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(24), key.Index);
        bytes.CopyTo(value.AsSpan(BytesAt));
        RecordChecksum.Seal(value, ChecksumAt);
        return value;
    }

    /// <summary>Returns <see cref="SuperHotReadOutcome.Hit"/> when the value is this chunk, complete and unaltered; otherwise the defect.</summary>
    public static SuperHotReadOutcome Check(ReadOnlySpan<byte> value, ChunkKey key, int length)
    {
        if (value.Length < BytesAt || !value.StartsWith(Magic))
        {
            return SuperHotReadOutcome.Foreign;
        }

        if (Hash128.ReadLittleEndian(value[8..]) != key.Version || BinaryPrimitives.ReadInt64LittleEndian(value[24..]) != key.Index)
        {
            return SuperHotReadOutcome.OtherChunk;
        }

        return value.Length == BytesAt + length && RecordChecksum.IsIntact(value, ChecksumAt)
            ? SuperHotReadOutcome.Hit
            : SuperHotReadOutcome.Damaged;
    }

    /// <summary>Returns the bytes of the chunk in a verified value.</summary>
    public static ReadOnlySpan<byte> BytesOf(ReadOnlySpan<byte> value) => value[BytesAt..];
}
