using System.Globalization;

namespace ChunkProxy.Cache.Chunks;

/// <summary>Identifies one immutable state of an object. Two responses of the origin with equal validators have equal bytes.</summary>
/// <remarks>
/// The strong ETag if the origin sends one. Otherwise Last-Modified, the weak ETag and the size together. If the origin sends none of these,
/// its responses cannot be compared: the validator is then the number of the response that opened the version.
/// </remarks>
public readonly record struct Validator(string Value)
{
    /// <param name="etag">The entity tag, if there is one.</param>
    /// <param name="lastModified">The modification date, if there is one.</param>
    /// <param name="size">Bytes of the object.</param>
    /// <param name="opening">The number of the opening response, used if there is neither tag nor date.</param>
    public static Validator Of(string? etag, DateTimeOffset? lastModified, long size, long? opening = null)
    {
        if (IsStrong(etag))
        {
            return new Validator(etag!);
        }

        var modified = lastModified is { } time ? time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) : "-";
        var number = etag is null && lastModified is null && opening is { } response ? string.Create(CultureInfo.InvariantCulture, $" {response:x}") : "";
        return new Validator(string.Create(CultureInfo.InvariantCulture, $"{etag ?? "-"} {modified} {size}{number}"));
    }

    /// <summary>A strong entity tag is a quoted string without the weak mark (RFC 9110 §8.8.3).</summary>
    public static bool IsStrong(string? etag) => etag is ['"', .., '"'] && etag.Length >= 2;

    /// <summary>
    /// The origin sends only a weak entity tag. Its responses may then differ in bytes (RFC 9110 §8.8.1), so they are never joined.
    /// </summary>
    public static bool IsOnlyWeak(string? etag, DateTimeOffset? lastModified) => lastModified is null && EntityTag.IsWeak(etag);

    public override string ToString() => Value;
}
