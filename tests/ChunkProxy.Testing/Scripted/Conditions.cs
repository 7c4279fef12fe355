using System.Globalization;

namespace ChunkProxy.Testing.Scripted;

/// <summary>The preconditions of a request, in the order of RFC 9110 §13.2.2.</summary>
internal static class Conditions
{
    /// <summary>Returns 412, 304, or 200 to proceed.</summary>
    public static int StatusOf(OriginRequest request, OriginAnswer answer)
    {
        if (request["If-Match"] is { } match)
        {
            if (match != "*" && !(IsStrong(answer.ETag) && Tags(match).Contains(answer.ETag)))
            {
                return 412;
            }
        }
        else if (Date(request["If-Unmodified-Since"]) is { } unmodified && answer.LastModified > unmodified)
        {
            return 412;
        }

        if (request["If-None-Match"] is { } none)
        {
            return none == "*" || Tags(none).Any(tag => answer.ETag is { } own && Opaque(tag) == Opaque(own)) ? 304 : 200;
        }

        return Date(request["If-Modified-Since"]) is { } modified && answer.LastModified <= modified ? 304 : 200;
    }

    /// <summary>If-Range (§13.1.5): the range applies if it refers to the current version, otherwise everything is sent.</summary>
    public static bool RangeApplies(OriginRequest request, OriginAnswer answer) => request["If-Range"] switch
    {
        null => true,
        var tag when tag.Contains('"', StringComparison.Ordinal) => IsStrong(answer.ETag) && tag == answer.ETag,
        var date => answer.LastModified is { } modified && Date(date) == modified,
    };

    private static bool IsStrong(string? tag) => tag is not null && !tag.StartsWith("W/", StringComparison.Ordinal);

    private static string Opaque(string tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;

    private static string[] Tags(string list) => list.Split(',', StringSplitOptions.TrimEntries);

    private static DateTimeOffset? Date(string? text) =>
        DateTimeOffset.TryParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;
}
