using System.Buffers.Binary;
using System.IO.Hashing;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>A chunk as it lies in Redis: which one it is, a checksum, and its bytes. Whatever else is found under its key is no chunk.</summary>
/// <remarks>magic and format (8 bytes) · version's hash (16) · chunk's number (8) · XxHash3 of all before and the bytes (8) · the bytes; little endian.</remarks>
internal static class SuperHotValue
{
    private const int ChecksumAt = 32;
    private const int BytesAt = 40;

    private static ReadOnlySpan<byte> Magic => "ChunkPS1"u8;

    public static string KeyOf(ChunkKey key) => $"chunkproxy:{key.Version:x32}:{key.Index}";

    /// <summary>Where the record of an object lies that has super-hot chunks.</summary>
    public static string KeyOf(ObjectId id) => KeyOf(id.Hash);

    /// <inheritdoc cref="KeyOf(ObjectId)"/>
    public static string KeyOf(UInt128 id) => $"chunkproxy:object:{id:x32}";

    public static byte[] Encode(ChunkKey key, ReadOnlySpan<byte> bytes)
    {
        var value = GC.AllocateUninitializedArray<byte>(BytesAt + bytes.Length);
        Magic.CopyTo(value);
        BinaryPrimitives.WriteUInt128LittleEndian(value.AsSpan(8), key.Version);
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(24), key.Index);
        bytes.CopyTo(value.AsSpan(BytesAt));
        BinaryPrimitives.WriteUInt64LittleEndian(value.AsSpan(ChecksumAt), ChecksumOf(value));
        return value;
    }

    /// <summary>Says whether the value is this chunk, whole and unharmed: <see cref="SuperHotReadOutcome.Hit"/>, or what it is instead.</summary>
    public static SuperHotReadOutcome Check(ReadOnlySpan<byte> value, ChunkKey key, int length)
    {
        if (value.Length < BytesAt || !value.StartsWith(Magic))
        {
            return SuperHotReadOutcome.Foreign;
        }

        if (BinaryPrimitives.ReadUInt128LittleEndian(value[8..]) != key.Version || BinaryPrimitives.ReadInt64LittleEndian(value[24..]) != key.Index)
        {
            return SuperHotReadOutcome.OtherChunk;
        }

        return value.Length == BytesAt + length && BinaryPrimitives.ReadUInt64LittleEndian(value[ChecksumAt..]) == ChecksumOf(value)
            ? SuperHotReadOutcome.Hit
            : SuperHotReadOutcome.Damaged;
    }

    /// <summary>Returns the chunk's bytes in a value that was checked.</summary>
    public static ReadOnlySpan<byte> BytesOf(ReadOnlySpan<byte> value) => value[BytesAt..];

    private static ulong ChecksumOf(ReadOnlySpan<byte> value)
    {
        var hash = new XxHash3();
        hash.Append(value[..ChecksumAt]);
        hash.Append(value[BytesAt..]);
        return hash.GetCurrentHashAsUInt64();
    }
}
