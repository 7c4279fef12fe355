using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace ChunkProxy.Cache.Chunks;

/// <summary>A version as one token of a header field: all that a member needs to fetch chunks of an object that it does not know.</summary>
/// <remarks>
/// <c>chunk size . object size . Last-Modified (Unix seconds) or - . entity tag (base64url) or -</c>, then <c>. generation</c> if the
/// object has been purged, <c>. oNUMBER</c> (hexadecimal) if only the opening response identifies the version, and <c>. tTEXT</c> if the object has tags
/// (<see cref="ObjectTags.Text"/>). Tags do not identify a version: the origin may change them without changing the object.
/// </remarks>
internal static class VersionToken
{
    private const string Nothing = "-";
    private const char OpeningMark = 'o';
    private const char TagsMark = 't';

    public static string Of(ObjectVersion version)
    {
        var etag = version.Headers.ETag is { } tag ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(tag)) : Nothing;
        var modified = version.Headers.LastModified?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) ?? Nothing;
        var generation = version.Generation == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $".{version.Generation}");
        var opening = version.Headers.Opening is { } number ? string.Create(CultureInfo.InvariantCulture, $".{OpeningMark}{number:x}") : "";
        var tags = version.Headers.Tags is { IsNone: false } some ? $".{TagsMark}{some.Text}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{version.Layout.ChunkSize}.{version.Size}.{modified}.{etag}{generation}{opening}{tags}");
    }

    /// <summary>Returns whether two tokens of one object are of the same version, whatever their tags are.</summary>
    public static bool AreOfOne(string token, string other) => WithoutTags(token).SequenceEqual(WithoutTags(other));

    /// <summary>Returns the version, without the fields that only clients need; null if the text is not a token for this chunk size.</summary>
    public static ObjectVersion? TryRead(string token, ObjectId id, int chunkSize)
    {
        var parts = token.Split('.');
        if (parts is not [var cut, var total, var modifiedText, var etagText, .. var rest]
            || !TryReadRest(rest, out var generation, out var opening, out var tags)
            || !int.TryParse(cut, NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size != chunkSize
            || !long.TryParse(total, NumberStyles.None, CultureInfo.InvariantCulture, out var objectSize))
        {
            return null;
        }

        DateTimeOffset? modified = null;
        if (modifiedText != Nothing)
        {
            if (!long.TryParse(modifiedText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
                || seconds is < -62_135_596_800 or > 253_402_300_799) // years 1 to 9999
            {
                return null;
            }

            modified = DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        string? etag = null;
        if (etagText != Nothing)
        {
            if (!Base64Url.IsValid(etagText))
            {
                return null;
            }

            etag = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(etagText));
        }

        return new ObjectVersion(id, Validator.Of(etag, modified, objectSize, opening), new ChunkLayout(chunkSize, objectSize), new OriginHeaders
        {
            ETag = etag,
            LastModified = modified,
            GeneratedAt = DateTimeOffset.UnixEpoch,
            FreshUntil = DateTimeOffset.UnixEpoch,
            Opening = opening,
            Tags = tags,
        }, generation);
    }

    // No earlier part begins with the mark: they are numbers, base64url, or begin with another mark.
    private static ReadOnlySpan<char> WithoutTags(ReadOnlySpan<char> token) =>
        token.LastIndexOf('.') is > 0 and var last && last + 1 < token.Length && token[last + 1] == TagsMark && token.Count('.') > 3 ? token[..last] : token;

    private static bool TryReadRest(ReadOnlySpan<string> rest, out long generation, out long? opening, out ObjectTags tags)
    {
        (generation, opening, tags) = (0, null, ObjectTags.None);
        if (rest is [.. var untagged, [TagsMark, .. var text]])
        {
            if (ObjectTags.TryRead(text) is not { IsNone: false } read)
            {
                return false;
            }

            tags = read;
            rest = untagged;
        }

        if (rest is [.. var before, [OpeningMark, .. var number]])
        {
            if (!long.TryParse(number, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var response))
            {
                return false;
            }

            opening = response;
            rest = before;
        }

        return rest.Length == 0 || (rest.Length == 1 && long.TryParse(rest[0], NumberStyles.None, CultureInfo.InvariantCulture, out generation));
    }
}
