namespace ChunkProxy.Cache.Origin;

/// <summary>Chooses the header fields that go on to clients.</summary>
internal static class EndToEndFields
{
    // RFC 9110 §7.6.1: these concern one connection, with whatever Connection itself names.
    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization", "Proxy-Connection",
        "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Alt-Svc",
    };

    // They describe one message or are made anew for each; kept apart where they are needed.
    private static readonly HashSet<string> OfOneMessage = new(StringComparer.OrdinalIgnoreCase)
    {
        "Content-Length", "Content-Range", "Date", "Age", "ETag", "Last-Modified", "Accept-Ranges",
    };

    /// <summary>The fields of a version, for every answer made from it.</summary>
    public static List<KeyValuePair<string, string>> OfVersion(HttpResponseMessage response) =>
        [.. All(response).Where(field => !OfOneMessage.Contains(field.Key))];

    /// <summary>The fields of one answer that is handed on as it is; its length goes by itself.</summary>
    public static List<KeyValuePair<string, string>> OfMessage(HttpResponseMessage response) =>
        [.. All(response).Where(field => !field.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))];

    private static IEnumerable<KeyValuePair<string, string>> All(HttpResponseMessage response)
    {
        var named = response.Headers.Connection.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .Where(field => !HopByHop.Contains(field.Key) && !named.Contains(field.Key))
            .SelectMany(field => field.Value, (field, value) => KeyValuePair.Create(field.Key, value));
    }
}
