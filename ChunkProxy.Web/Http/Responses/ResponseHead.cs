using ChunkProxy.Cache.Chunks;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Ranges;
using Microsoft.Extensions.Primitives;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>Writes the status and fields of a response for a known version, without the body.</summary>
internal static class ResponseHead
{
    private const string Bytes = "bytes";

    /// <summary>Writes 200, or 206 with one range.</summary>
    public static void WriteContent(HttpResponse response, ObjectVersion version, in AnswerPlan plan, string cacheStatus, DateTimeOffset now)
    {
        var fields = VersionFields.Of(version);
        var range = plan.Ranges[0];
        WriteCommon(response, version, fields, plan.Status, cacheStatus, now);
        WriteEndToEnd(response, fields);
        response.Headers.ContentType = fields.ContentType;
        response.ContentLength = range.Length;
        if (plan.Ranges.Ending == RangeEnding.Single)
        {
            response.Headers.ContentRange = fields.ContentRange(range);
        }
        else
        {
            foreach (var (name, value) in fields.Digests)
            {
                response.Headers[name] = value;
            }
        }
    }

    /// <summary>Writes 206 with several ranges (RFC 9110 §15.3.7.2). The parts carry the object's Content-Type.</summary>
    public static void WriteMultipart(HttpResponse response, ObjectVersion version, MultipartBody multipart, string cacheStatus, DateTimeOffset now)
    {
        var fields = VersionFields.Of(version);
        WriteCommon(response, version, fields, StatusCodes.Status206PartialContent, cacheStatus, now);
        WriteEndToEnd(response, fields);
        response.Headers.ContentType = multipart.ContentType;
        response.ContentLength = multipart.Length;
    }

    /// <summary>Writes 304 with the fields of RFC 9110 §15.4.5, without fields that describe absent content.</summary>
    public static void WriteNotModified(HttpResponse response, ObjectVersion version, string cacheStatus, DateTimeOffset now)
    {
        var fields = VersionFields.Of(version);
        WriteCommon(response, version, fields, StatusCodes.Status304NotModified, cacheStatus, now);
        foreach (var (name, value) in fields.EndToEnd)
        {
            if (!name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) || name.Equals("Content-Location", StringComparison.OrdinalIgnoreCase))
            {
                response.Headers[name] = value;
            }
        }
    }

    /// <summary>Writes the object's fields that 412 and 416 responses need.</summary>
    public static void WriteForError(IHeaderDictionary headers, ObjectVersion version)
    {
        foreach (var (name, value) in VersionFields.Of(version).ForErrors)
        {
            headers[name] = value;
        }
    }

    private static void WriteCommon(
        HttpResponse response, ObjectVersion version, VersionFields fields, int status, string cacheStatus, DateTimeOffset now)
    {
        response.StatusCode = status;
        var headers = response.Headers;
        headers.AcceptRanges = Bytes;
        headers.ETag = fields.ETag;
        headers.LastModified = fields.LastModified;
        headers.Via = fields.Via;
        if (fields.Date is { } date)
        {
            headers.Date = date;
        }

        headers.Age = WholeSeconds.Format(now - version.Headers.GeneratedAt);
        headers[CacheStatus.FieldName] = fields.CacheStatusBefore.Count == 0 ? cacheStatus : StringValues.Concat(fields.CacheStatusBefore, cacheStatus);
    }

    private static void WriteEndToEnd(HttpResponse response, VersionFields fields)
    {
        foreach (var (name, value) in fields.EndToEnd)
        {
            response.Headers[name] = value;
        }
    }
}
