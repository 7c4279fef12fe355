using System.Globalization;
using System.Runtime.CompilerServices;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Conditions;
using Microsoft.Extensions.Primitives;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>The response fields that all responses for a version share, computed once.</summary>
internal sealed class VersionFields
{
    private static readonly ConditionalWeakTable<ObjectVersion, VersionFields> Formed = [];

    private VersionFields(ObjectVersion version)
    {
        var fields = version.Headers.EndToEnd
            .Where(field => EndToEndFields.MayDescribeAnObject(field.Key)) // also of a peer's record
            .GroupBy(field => field.Key, field => field.Value, StringComparer.OrdinalIgnoreCase)
            .Select(group => KeyValuePair.Create(group.Key, new StringValues([.. group])))
            .ToList();

        Via = StringValues.Concat(Take(fields, "Via"), OriginMessages.Via);
        CacheStatusBefore = Take(fields, CacheStatus.FieldName);
        ContentType = Take(fields, "Content-Type");
        Digests = [.. fields.Where(field => IsDigest(field.Key))];
        EndToEnd = [.. fields.Where(field => !IsDigest(field.Key))];
        ETag = version.Headers.ETag;
        LastModified = version.Headers.LastModifiedField ?? (version.Headers.LastModified is { } modified ? HttpDate.Format(modified) : null);
        Date = version.Headers.Date;
        ForErrors = [.. fields.Where(field => IsForErrors(field.Key))];
        ContentRangeOfSize = string.Create(CultureInfo.InvariantCulture, $"/{version.Size}");
    }

    public string? ETag { get; }

    public string? LastModified { get; }

    /// <summary>The origin's Date; null if the server's own date applies.</summary>
    public string? Date { get; }

    public StringValues ContentType { get; }

    /// <summary>The origin's Via, followed by this proxy (RFC 9110 §7.6.3).</summary>
    public StringValues Via { get; }

    /// <summary>The Cache-Status members of caches nearer to the origin. This cache appends its own (RFC 9211 §2).</summary>
    public StringValues CacheStatusBefore { get; }

    /// <summary>All other fields of the origin.</summary>
    public KeyValuePair<string, StringValues>[] EndToEnd { get; }

    /// <summary>Checksums of the whole object. Only sent with the whole object.</summary>
    public KeyValuePair<string, StringValues>[] Digests { get; }

    /// <summary>Fields that a browser requires before it exposes any response, even an error, to a page: CORS and related fields, and Vary.</summary>
    public KeyValuePair<string, StringValues>[] ForErrors { get; }

    /// <summary>The last part of every Content-Range of this version.</summary>
    public string ContentRangeOfSize { get; }

    public static VersionFields Of(ObjectVersion version) => Formed.GetValue(version, static formed => new VersionFields(formed));

    public string ContentRange(ByteRange range) =>
        string.Create(CultureInfo.InvariantCulture, $"bytes {range.Start}-{range.End - 1}{ContentRangeOfSize}");

    private static bool IsDigest(string name) =>
        name.Equals("Content-MD5", StringComparison.OrdinalIgnoreCase) || name.Equals("Content-Digest", StringComparison.OrdinalIgnoreCase);

    private static bool IsForErrors(string name) =>
        name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Vary", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Timing-Allow-Origin", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Cross-Origin-Resource-Policy", StringComparison.OrdinalIgnoreCase);

    private static StringValues Take(List<KeyValuePair<string, StringValues>> fields, string name)
    {
        var at = fields.FindIndex(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (at < 0)
        {
            return default;
        }

        var values = fields[at].Value;
        fields.RemoveAt(at);
        return values;
    }
}
