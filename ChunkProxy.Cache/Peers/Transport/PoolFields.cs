using System.Globalization;
using System.Text;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Sites;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>Reads and writes the fields that several requests share.</summary>
internal static class PoolFields
{
    // In characters. At most 8 Ki characters of a client's request are forwarded.
    private const int LongestFields = 32 * 1024;
    private const int LongestClient = 100;

    private const string Refuses = "refuse";

    /// <summary>Returns the object that the request names, with the target to ask the origin with.</summary>
    /// <returns>Null if the request names none, or if the sender's origin or cache-key rules are not those of this process.</returns>
    public static ObjectId? ReadId(HttpRequest request, SiteTable sites)
    {
        if (request.Headers[PoolProtocol.Object] is not [{ } text])
        {
            return null;
        }

        var end = QueryParameters.EndOfPath(text);
        var path = request.Headers[PoolProtocol.Path] switch
        {
            [] => text[..end],
            [['/', ..] other] when IsPath(other) => text[..^SiteTable.PathOf(text).Length] + other,
            _ => null,
        };
        var query = request.Headers[PoolProtocol.Query] switch
        {
            [] => text[end..],
            [{ Length: > 0 } other] when IsQuery(other) => "?" + other,
            _ => null,
        };
        return path is not null && query is not null && sites.Read(path + query) is { } id && id.Text == text && HasHashOf(request, id) ? id.Of(ReadFields(request, PoolProtocol.Credentials)) : null;
    }

    /// <summary>
    /// Returns whether the request is for an object of an origin that this process does not have, or has with another URL, as between the reloads of two members.
    /// </summary>
    public static bool IsForUnknownOrigin(HttpRequest request, SiteTable sites) =>
        request.Headers[PoolProtocol.Object] is [{ } text] && SiteTable.IsText(text) && sites.AreNamed && text is not ['/', ..]
        && (!sites.Has(text) || (sites.Read(text) is { } id && !HasHashOf(request, id)));

    /// <summary>Returns the name of the origin in a request for an object of one of several origins.</summary>
    public static string OriginIn(HttpRequest request) => request.Headers[PoolProtocol.Object] is [{ } text] ? SiteTable.LabelOf(text) : "";

    /// <summary>Adds the fields that name the object.</summary>
    public static void AddName(HttpRequestMessage question, ObjectId id)
    {
        question.Headers.TryAddWithoutValidation(PoolProtocol.Object, id.Text);
        if (id.Label.Length > 0)
        {
            question.Headers.TryAddWithoutValidation(PoolProtocol.ObjectHash, HashOf(id));
        }
    }

    /// <summary>Adds the fields that name the object, and the path and query to ask the origin with.</summary>
    public static void Add(HttpRequestMessage question, ObjectId id)
    {
        AddName(question, id);
        Add(question, PoolProtocol.Credentials, id.Credentials);
        if (!id.HasOwnTarget)
        {
            return;
        }

        var path = QueryParameters.EndOfPath(id.Target);
        if (!id.Target.AsSpan(0, path).SequenceEqual(id.PathAndQuery.AsSpan(0, QueryParameters.EndOfPath(id.PathAndQuery))))
        {
            question.Headers.TryAddWithoutValidation(PoolProtocol.Path, id.Target[..path]);
        }

        if (path + 1 < id.Target.Length)
        {
            question.Headers.TryAddWithoutValidation(PoolProtocol.Query, id.Target[(path + 1)..]);
        }
    }

    public static long? ReadFirstByte(HttpRequest request) => ReadNumber(request, PoolProtocol.FirstByte);

    /// <summary>Returns the number of bytes that the response to a ping must contain.</summary>
    public static int ReadBytes(HttpRequest request) => (int)Math.Min(ReadNumber(request, PoolProtocol.Bytes) ?? 0, PoolProtocol.MostPingBytes);

    public static long? ReadGeneration(HttpRequest request) => ReadNumber(request, PoolProtocol.Generation);

    public static RequestFields ReadRequestFields(HttpRequest request) => ReadFields(request, PoolProtocol.RequestFields);

    private static RequestFields ReadFields(HttpRequest request, string name)
    {
        if (request.Headers[name] is not [{ Length: <= LongestFields } line])
        {
            return RequestFields.None;
        }

        var bytes = new byte[line.Length];
        return Convert.TryFromBase64String(line, bytes, out var length)
            ? new(
                from field in Encoding.UTF8.GetString(bytes, 0, length).Split('\n')
                let colon = field.IndexOf(':', StringComparison.Ordinal)
                where colon > 0
                select KeyValuePair.Create(field[..colon], field[(colon + 1)..].Trim()))
            : RequestFields.None;
    }

    /// <summary>Adds the fields as one value, which the request's proof covers.</summary>
    public static void Add(HttpRequestMessage question, RequestFields fields) => Add(question, PoolProtocol.RequestFields, fields);

    private static void Add(HttpRequestMessage question, string name, RequestFields fields)
    {
        if (fields.All.Count > 0)
        {
            question.Headers.TryAddWithoutValidation(name, Convert.ToBase64String(Encoding.UTF8.GetBytes(fields.Key)));
        }
    }

    /// <summary>Makes the client for whom the sender asks that of the current flow of calls, with what it may make the origin send for its route.</summary>
    public static void FollowClient(HttpRequest request)
    {
        var words = request.Headers[PoolProtocol.Client] is [{ Length: <= LongestClient } text] ? text.Split(' ') : [];
        ClientKey.Current = words.Length > 0 && TryReadKey(words[0], out var key) ? new(key) : default;
        ColdLimit.Current = words is [_, var route, var bytes, .. var rest] && TryReadKey(route, out var name) && name != 0
            && long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var most)
            ? new(name, most, rest is [Refuses])
            : null;
    }

    /// <summary>Adds the client of the current flow of calls, and what it may make the origin send for its route.</summary>
    public static void AddClient(HttpRequestMessage question)
    {
        if (ClientKey.Current is { Value: not 0 } client)
        {
            var cold = ColdLimit.Current;
            question.Headers.TryAddWithoutValidation(PoolProtocol.Client, cold is null
                ? client.Value.ToString("x16", CultureInfo.InvariantCulture)
                : string.Create(CultureInfo.InvariantCulture, $"{client.Value:x16} {cold.Route:x16} {cold.Bytes}{(cold.Refuses ? " " + Refuses : "")}"));
        }
    }

    /// <summary>Writes how the sender obtained its result about an object.</summary>
    public static void WriteLookup(HttpResponse response, ObjectLookup found)
    {
        if (found.AskedOrigin)
        {
            response.Headers[PoolProtocol.Asked] = found.Revalidated ? "again" : "1";
        }

        if (found.IsStale)
        {
            response.Headers[PoolProtocol.Stale] = "1";
        }
    }

    /// <summary>Reads the fields written by <see cref="WriteLookup"/>.</summary>
    public static ObjectLookup ReadLookup(HttpResponseMessage response, ObjectLookup found)
    {
        var asked = PeerTransport.Field(response, PoolProtocol.Asked);
        return found.ReportedByPeer(asked is not null, revalidated: asked == "again", isStale: PeerTransport.Field(response, PoolProtocol.Stale) is not null);
    }

    // A sender with one origin gives none: members compare its URL in pings.
    private static bool HasHashOf(HttpRequest request, ObjectId id) => id.Label.Length == 0 || (request.Headers[PoolProtocol.ObjectHash] is [{ } hash] && hash == HashOf(id));

    private static string HashOf(ObjectId id) => id.Hash.ToString();

    // Visible ASCII characters, as targets in normal form have: nothing else may reach the request line to the origin.
    private static bool IsQuery(string query) => !query.AsSpan().ContainsAnyExceptInRange('!', '~') && !query.Contains('#', StringComparison.Ordinal);

    private static bool IsPath(string path) => IsQuery(path) && !path.Contains('?', StringComparison.Ordinal);

    private static bool TryReadKey(string text, out ulong key) => ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out key);

    private static long? ReadNumber(HttpRequest request, string field) =>
        long.TryParse(request.Headers[field], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
