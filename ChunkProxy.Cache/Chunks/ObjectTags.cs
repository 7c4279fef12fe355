using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Hashing;
using System.Text;

namespace ChunkProxy.Cache.Chunks;

/// <summary>The tags of a response (<c>Cache-Tag</c>, <c>Surrogate-Key</c>), by which operators purge objects. Kept as hashes, a bounded number.</summary>
/// <remarks>
/// A hash has 32 bits. Two tags with equal hashes count as one, so a purge may remove an object too many, one of 4 billion, and never one too few.
/// </remarks>
internal sealed class ObjectTags : IEquatable<ObjectTags>
{
    /// <summary>Most tags kept for one object. An object with more is <see cref="Any"/>.</summary>
    public const int Most = 128;

    /// <summary>Longest tag, in characters. A longer one cannot be purged, and is not kept.</summary>
    public const int LongestName = 256;

    /// <summary>Longest <see cref="Text"/>, in characters.</summary>
    public const int LongestText = ((Most * sizeof(uint)) + 2) / 3 * 4;

    private const string AnyText = "*";

    private readonly uint[] _hashes; // sorted, different

    private ObjectTags(uint[] hashes, string text) => (_hashes, Text) = (hashes, text);

    public static ObjectTags None { get; } = new([], "");

    /// <summary>The tags of an object that has more than are kept: each purge by tag is for it too.</summary>
    public static ObjectTags Any { get; } = new([], AnyText);

    public bool IsNone => Text.Length == 0;

    public bool IsAny => ReferenceEquals(this, Any);

    /// <summary>Hashes of the tags (<see cref="HashOf"/>), sorted. Empty for <see cref="Any"/>.</summary>
    public ReadOnlySpan<uint> Hashes => _hashes;

    /// <summary>The tags as visible ASCII text without dots and blanks; empty for none. Equal for equal tags.</summary>
    public string Text { get; }

    /// <summary>Memory of the tags, in bytes.</summary>
    public long Weight => IsNone || IsAny ? 0 : 96L + (sizeof(uint) * _hashes.Length) + (2 * Text.Length);

    /// <summary>Returns the tags that lines of the fields contain. Commas and blanks separate tags in both fields.</summary>
    public static ObjectTags Of(IEnumerable<string> lines)
    {
        SortedSet<uint>? hashes = null;
        foreach (var line in lines)
        {
            foreach (var part in line.AsSpan().SplitAny(',', ' ', '\t'))
            {
                var tag = line.AsSpan(part);
                if (tag.Length is 0 or > LongestName)
                {
                    continue;
                }

                (hashes ??= []).Add(HashOf(tag));
                if (hashes.Count > Most)
                {
                    return Any;
                }
            }
        }

        return hashes is null ? None : From([.. hashes]);
    }

    /// <summary>Returns whether a text is one tag that a purge can name: visible ASCII characters, no comma, and not too long.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName && !text.AsSpan().ContainsAnyExceptInRange('!', '~') && !text.Contains(',', StringComparison.Ordinal);

    /// <summary>Returns the hash of a tag, the same on every member. Case does not matter.</summary>
    public static uint HashOf(ReadOnlySpan<char> tag)
    {
        Span<char> lower = stackalloc char[LongestName];
        lower = lower[..tag.ToLowerInvariant(lower)];
        Span<byte> bytes = stackalloc byte[3 * LongestName];
        return (uint)XxHash3.HashToUInt64(bytes[..Encoding.UTF8.GetBytes(lower, bytes)]);
    }

    /// <summary>Returns the tags with this <see cref="Text"/>; null if it is not one.</summary>
    public static ObjectTags? TryRead(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text is AnyText)
        {
            return text.IsEmpty ? None : Any;
        }

        if (text.Length > LongestText || !Base64Url.IsValid(text))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length % sizeof(uint) != 0)
        {
            return null;
        }

        var hashes = new SortedSet<uint>();
        for (var rest = bytes.AsSpan(); !rest.IsEmpty; rest = rest[sizeof(uint)..])
        {
            hashes.Add(BinaryPrimitives.ReadUInt32LittleEndian(rest));
        }

        return hashes.Count == 0 ? null : From([.. hashes]);
    }

    public bool Equals(ObjectTags? other) => other is not null && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as ObjectTags);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    private static ObjectTags From(uint[] sorted)
    {
        var bytes = new byte[sorted.Length * sizeof(uint)];
        for (var i = 0; i < sorted.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * sizeof(uint)), sorted[i]);
        }

        return new ObjectTags(sorted, Base64Url.EncodeToString(bytes));
    }
}
