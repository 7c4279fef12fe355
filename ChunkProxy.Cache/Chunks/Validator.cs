using System.Globalization;

namespace ChunkProxy.Cache.Chunks;

/// <summary>Names one immutable state of an object. Two answers of the origin with equal validators have equal bytes.</summary>
/// <remarks>
/// The strong ETag where the origin sends one. Otherwise all it does say: Last-Modified, the weak ETag and the size together.
/// An origin that sends none of them is taken at the product's word, immutable data, and named by the size alone.
/// </remarks>
public readonly record struct Validator(string Value)
{
    public static Validator Of(string? etag, DateTimeOffset? lastModified, long size)
    {
        if (IsStrong(etag))
        {
            return new Validator(etag!);
        }

        var modified = lastModified is { } time ? time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) : "-";
        return new Validator(string.Create(CultureInfo.InvariantCulture, $"{etag ?? "-"} {modified} {size}"));
    }

    /// <summary>A strong entity tag is a quoted string without the weak mark (RFC 9110 §8.8.3).</summary>
    public static bool IsStrong(string? etag) => etag is ['"', .., '"'] && etag.Length >= 2;

    /// <summary>All that the origin says is a weak entity tag: two of its answers may have different bytes (RFC 9110 §8.8.1), and are never joined.</summary>
    public static bool IsOnlyWeak(string? etag, DateTimeOffset? lastModified) => lastModified is null && etag?.StartsWith("W/", StringComparison.Ordinal) == true;

    public override string ToString() => Value;
}
