using System.Buffers.Binary;
using System.Security.Cryptography;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Writes and checks what lies in Redis: with the cluster's key by MACs, so that nobody without it can put bytes there that are served; without one by checksums.</summary>
/// <remarks>
/// A chunk with a MAC: magic and format (8 bytes) · version's hash (16) · chunk's number (8) · salt (16) · tag of the bytes (16) · the bytes; little endian. All
/// before the tag names the tag's key. A record of an object and an entry of the list carry an HMAC-SHA256 in front and behind, respectively.
/// </remarks>
internal sealed class SuperHotSeal(KeyRing keys)
{
    private const int SaltAt = 32;
    private const int TagAt = 48;
    private const int BytesAt = 64;
    private const int ShortMac = 16; // of a list's entry, in bytes: there are many, and they say no more than what to look for

    private readonly MacKeys? _chunks = keys.KeysFor(KeyPurpose.SharedChunk);
    private readonly MacKeys? _objects = keys.KeysFor(KeyPurpose.SharedObject);
    private readonly MacKeys? _list = keys.KeysFor(KeyPurpose.SharedList);

    private static ReadOnlySpan<byte> Magic => "ChunkPS2"u8;

    public byte[] Encode(ChunkKey key, ReadOnlySpan<byte> bytes)
    {
        if (_chunks is null)
        {
            return SuperHotValue.Encode(key, bytes);
        }

        var value = GC.AllocateUninitializedArray<byte>(BytesAt + bytes.Length);
        Magic.CopyTo(value);
        BinaryPrimitives.WriteUInt128LittleEndian(value.AsSpan(8), key.Version);
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(24), key.Index);
        RandomNumberGenerator.Fill(value.AsSpan(SaltAt, TagAt - SaltAt));
        bytes.CopyTo(value.AsSpan(BytesAt));
        using var tags = _chunks.Current.TagsFor(value.AsSpan(0, TagAt));
        tags.Compute(0, bytes, value.AsSpan(TagAt, BlockTags.Size));
        return value;
    }

    /// <summary>Says whether the value is this chunk, whole and unharmed: <see cref="SuperHotReadOutcome.Hit"/>, or what it is instead.</summary>
    public SuperHotReadOutcome Check(ReadOnlySpan<byte> value, ChunkKey key, int length)
    {
        if (_chunks is null)
        {
            return SuperHotValue.Check(value, key, length);
        }

        if (value.Length < BytesAt || !value.StartsWith(Magic))
        {
            return SuperHotReadOutcome.Foreign;
        }

        if (BinaryPrimitives.ReadUInt128LittleEndian(value[8..]) != key.Version || BinaryPrimitives.ReadInt64LittleEndian(value[24..]) != key.Index)
        {
            return SuperHotReadOutcome.OtherChunk;
        }

        return value.Length == BytesAt + length && AcceptsTag(value) ? SuperHotReadOutcome.Hit : SuperHotReadOutcome.Damaged;
    }

    /// <summary>Returns the chunk's bytes in a value that was checked.</summary>
    public ReadOnlySpan<byte> BytesOf(ReadOnlySpan<byte> value) => _chunks is null ? SuperHotValue.BytesOf(value) : value[BytesAt..];

    /// <summary>Returns what is stored for the record of an object.</summary>
    public byte[] Encode(ObjectId id, byte[] record) => _objects is null ? record : [.. _objects.Current.Sign(Covered(id, record)), .. record];

    /// <summary>Returns the record in what was stored for the object; null: nobody with the cluster's key wrote that.</summary>
    public byte[]? TryDecode(ObjectId id, byte[] stored)
    {
        if (_objects is null)
        {
            return stored;
        }

        if (stored.Length <= MacKey.Size)
        {
            return null;
        }

        var record = stored[MacKey.Size..];
        return _objects.IndexOf(Covered(id, record), stored.AsSpan(0, MacKey.Size)) == MacKeys.None ? null : record;
    }

    /// <summary>Returns an entry of the list, with its MAC behind it.</summary>
    public string Encode(string entry) => _list is null ? entry : $"{entry}:{Convert.ToHexStringLower(_list.Current.Sign(BytesOf(entry)).AsSpan(0, ShortMac))}";

    /// <summary>Returns the entry without its MAC; null: nobody with the cluster's key wrote that.</summary>
    public string? TryDecode(string stored)
    {
        if (_list is null)
        {
            return stored;
        }

        var end = stored.LastIndexOf(':');
        if (end < 0)
        {
            return null;
        }

        var entry = stored[..end];
        for (var i = 0; i < _list.Count; i++)
        {
            if (CryptographicOperations.FixedTimeEquals(
                BytesOf(Convert.ToHexStringLower(_list[i].Sign(BytesOf(entry)).AsSpan(0, ShortMac))), BytesOf(stored[(end + 1)..])))
            {
                return entry;
            }
        }

        return null;
    }

    private bool AcceptsTag(ReadOnlySpan<byte> value)
    {
        for (var i = 0; i < _chunks!.Count; i++)
        {
            using var tags = _chunks[i].TagsFor(value[..TagAt]);
            if (tags.Accepts(0, value[BytesAt..], value.Slice(TagAt, BlockTags.Size)))
            {
                return true;
            }
        }

        return false;
    }

    private static byte[] Covered(ObjectId id, byte[] record)
    {
        var covered = new byte[16 + record.Length];
        BinaryPrimitives.WriteUInt128LittleEndian(covered, id.Hash);
        record.CopyTo(covered, 16);
        return covered;
    }

    private static byte[] BytesOf(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
