using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Origin;

/// <summary>Selects the header fields that are forwarded to clients.</summary>
/// <param name="access">Knows the secrets that no field may contain.</param>
/// <param name="sendsTags">See <see cref="OriginOptions.SendTags"/>.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed class EndToEndFields(OriginAccess access, bool sendsTags, TimeProvider time, ILogger<EndToEndFields> log)
{
    // Fields of one message: generated anew for each response, or meant for one client. OriginHeaders stores those that are needed.
    private static readonly HashSet<string> OfOneMessage = new(StringComparer.OrdinalIgnoreCase)
    {
        "Content-Length", "Content-Range", "Date", "Age", "ETag", "Last-Modified", "Accept-Ranges", "Set-Cookie",
    };

    // Digests of the message content. They apply to the object only if the message contained all of it.
    private static readonly HashSet<string> Digests = new(StringComparer.OrdinalIgnoreCase) { "Content-MD5", "Content-Digest" };

    // RFC 9111 §3.2: a 304 has no content, so its content fields do not describe the stored response.
    private static readonly HashSet<string> OfContent = new(StringComparer.OrdinalIgnoreCase) { "Content-Encoding", "Content-MD5", "Content-Digest" };

    private readonly Recurrence _refusals = new(time);
    private readonly Recurrence _secrets = new(time);

    /// <summary>Returns whether a field can describe an object: it belongs neither to one connection nor to one message.</summary>
    public static bool MayDescribeAnObject(string name) => !OfOneMessage.Contains(name) && !HopByHopFields.IsOne(name);

    /// <summary>Returns the fields of a version, for every response made from it.</summary>
    /// <param name="fields">The fields of the response that introduced the version.</param>
    /// <param name="withheld">Names of fields that the origin does not allow to be stored.</param>
    /// <param name="isWhole">Whether the response contains the whole object, so that its digests are those of the object.</param>
    public List<KeyValuePair<string, string>> OfVersion(OriginFields fields, IReadOnlyCollection<string> withheld, bool isWhole) =>
        [.. All(fields).Where(field =>
            !OfOneMessage.Contains(field.Key) && (isWhole || !Digests.Contains(field.Key)) && !withheld.Contains(field.Key, StringComparer.OrdinalIgnoreCase))];

    /// <summary>Returns the fields of a response that is forwarded as it is, without its Content-Length.</summary>
    public List<KeyValuePair<string, string>> OfMessage(OriginFields fields) =>
        [.. All(fields).Where(field => !field.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))];

    /// <summary>Returns a version's stored fields after a 304 (RFC 9111 §3.2): fields of the 304 replace stored ones.</summary>
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
        foreach (var field in fields.Lines.Where(field => !HopByHopFields.IsOne(field.Key) && !named.Contains(field.Key) && (sendsTags || !TagFields.IsOne(field.Key))))
        {
            if (access.Cleaned(field.Key, field.Value) is not { } value)
            {
                if (_secrets.Happened() is > 0 and var times)
                {
                    log.SecretDropped(field.Key, times);
                }
            }
            else if (FieldValue.IsSendable(value))
            {
                all.Add(new(field.Key, value));
            }
            else if (_refusals.Happened() is > 0 and var count)
            {
                log.FieldDropped(field.Key, count);
            }
        }

        return all;
    }
}
