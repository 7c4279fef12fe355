using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Origin;

/// <summary>Chooses the header fields that go on to clients.</summary>
internal sealed class EndToEndFields(TimeProvider time, ILogger<EndToEndFields> log)
{
    // RFC 9110 §7.6.1: these concern one connection, with whatever Connection itself names.
    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization", "Proxy-Connection",
        "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Alt-Svc",
    };

    // They describe one message, are made anew for each, or are for one client; kept apart where they are needed.
    private static readonly HashSet<string> OfOneMessage = new(StringComparer.OrdinalIgnoreCase)
    {
        "Content-Length", "Content-Range", "Date", "Age", "ETag", "Last-Modified", "Accept-Ranges", "Set-Cookie",
    };

    // Of the content of one message: of the object's only if that was the whole object.
    private static readonly HashSet<string> Digests = new(StringComparer.OrdinalIgnoreCase) { "Content-MD5", "Content-Digest" };

    // RFC 9111 §3.2: a 304 has no content, so what it says of content is not about that which is stored.
    private static readonly HashSet<string> OfContent = new(StringComparer.OrdinalIgnoreCase) { "Content-Encoding", "Content-MD5", "Content-Digest" };

    private readonly Recurrence _refusals = new(time);

    /// <summary>The fields of a version, for every answer made from it.</summary>
    /// <param name="fields">Those of the response that opened it.</param>
    /// <param name="withheld">Names of fields that the origin does not allow to be kept.</param>
    /// <param name="isWhole">It has the whole object, so its digests are those of the object.</param>
    public List<KeyValuePair<string, string>> OfVersion(OriginFields fields, IReadOnlyCollection<string> withheld, bool isWhole) =>
        [.. All(fields).Where(field =>
            !OfOneMessage.Contains(field.Key) && (isWhole || !Digests.Contains(field.Key)) && !withheld.Contains(field.Key, StringComparer.OrdinalIgnoreCase))];

    /// <summary>The fields of one answer that is handed on as it is; its length goes by itself.</summary>
    public List<KeyValuePair<string, string>> OfMessage(OriginFields fields) =>
        [.. All(fields).Where(field => !field.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))];

    /// <summary>The stored fields of a version, updated by a 304 (RFC 9111 §3.2): a field that the 304 has replaces the stored one.</summary>
    public List<KeyValuePair<string, string>> Updated(IReadOnlyList<KeyValuePair<string, string>> stored, OriginFields notModified)
    {
        var update = All(notModified).Where(field => !OfOneMessage.Contains(field.Key) && !OfContent.Contains(field.Key)).ToList();
        var names = update.Select(field => field.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. stored.Where(field => !names.Contains(field.Key)), .. update];
    }

    private List<KeyValuePair<string, string>> All(OriginFields fields)
    {
        var named = FieldTokens.In(fields["Connection"]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var all = new List<KeyValuePair<string, string>>(fields.Lines.Count);
        foreach (var field in fields.Lines.Where(field => !HopByHop.Contains(field.Key) && !named.Contains(field.Key)))
        {
            if (FieldValue.IsSendable(field.Value))
            {
                all.Add(field);
            }
            else if (_refusals.Happened() is > 0 and var count)
            {
                log.FieldDropped(field.Key, count);
            }
        }

        return all;
    }
}
