using System.Buffers.Binary;
using System.Security.Cryptography;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Encodes and verifies values in Redis.</summary>
/// <remarks>
/// With a cluster key, MACs prevent that bytes from writers without the key are served. Without a key, checksums detect damage.
/// A chunk with a MAC: magic and format (8 bytes) · hash of the version (16) · index of the chunk (8) · salt (16) · tag of the bytes (16) · the
/// bytes; little endian. The key of the tag is derived from all fields before it. The HMAC-SHA256 of an object's record precedes the record;
/// that of a list entry follows the entry.
/// </remarks>
internal sealed class SuperHotSeal(KeyRing keys)
{
    private const int SaltAt = 32;
    private const int TagAt = 48;
    private const int BytesAt = 64;
    private const int ShortMac = 16; // of a list entry, in bytes: there are many, and an entry only says which chunk to look for

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
        key.Version.WriteLittleEndian(value.AsSpan(8));
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(24), key.Index);
        RandomNumberGenerator.Fill(value.AsSpan(SaltAt, TagAt - SaltAt));
        bytes.CopyTo(value.AsSpan(BytesAt));
        using var tags = _chunks.Current.TagsFor(value.AsSpan(0, TagAt));
        tags.Compute(0, bytes, value.AsSpan(TagAt, BlockTags.Size));
        return value;
    }

    /// <summary>Returns <see cref="SuperHotReadOutcome.Hit"/> when the value is this chunk, complete and unaltered; otherwise the defect.</summary>
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

        if (Hash128.ReadLittleEndian(value[8..]) != key.Version || BinaryPrimitives.ReadInt64LittleEndian(value[24..]) != key.Index)
        {
            return SuperHotReadOutcome.OtherChunk;
        }

        return value.Length == BytesAt + length && AcceptsTag(value) ? SuperHotReadOutcome.Hit : SuperHotReadOutcome.Damaged;
    }

    /// <summary>Returns the bytes of the chunk in a verified value.</summary>
    public ReadOnlySpan<byte> BytesOf(ReadOnlySpan<byte> value) => _chunks is null ? SuperHotValue.BytesOf(value) : value[BytesAt..];

    /// <summary>Returns the value to store for the record of an object.</summary>
    public byte[] Encode(ObjectId id, byte[] record) => _objects is null ? record : [.. _objects.Current.Sign(Covered(id, record)), .. record];

    /// <summary>Returns the record in the value stored for the object, or null when the cluster's key did not sign it.</summary>
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

    /// <summary>Returns a list entry followed by its MAC.</summary>
    public string Encode(string entry) => _list is null ? entry : $"{entry}:{Convert.ToHexStringLower(_list.Current.Sign(BytesOf(entry)).AsSpan(0, ShortMac))}";

    /// <summary>Returns the list entry without its MAC, or null when the cluster's key did not sign it.</summary>
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
        id.Hash.WriteLittleEndian(covered);
        record.CopyTo(covered, 16);
        return covered;
    }

    private static byte[] BytesOf(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
