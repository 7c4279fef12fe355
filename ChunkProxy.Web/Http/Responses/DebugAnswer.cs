using System.Globalization;
using System.Text;
using System.Text.Json;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Status;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Ranges;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>Describes one response for an operator, in a response field: a dictionary of RFC 9651. A feature of admitted requests only.</summary>
/// <remarks>The field is formed when the response begins. Its length is bounded.</remarks>
internal sealed class DebugAnswer(ChunkPlaces places, TimeProvider time)
{
    /// <summary>Name of the field in the request, with any value, and in the response.</summary>
    public const string FieldName = "ChunkProxy-Debug";

    /// <summary>Most chunks of a response that are described: the first ones.</summary>
    public const int MostChunks = 16;

    // In characters, of the key, the validator and each owner.
    private const int LongestText = 300;

    private ObjectId? _id;
    private ObjectVersion? _version;
    private RangeOutcome _ranges;
    private Exchange? _exchange;
    private ChunkSource? _broughtBy; // the response that brought a new version has brought its first bytes too, wherever they are by now

    /// <summary>Returns the description that an admitted request asks for; null for all others.</summary>
    public static DebugAnswer? Of(HttpContext context) => context.Request.Headers.ContainsKey(FieldName) ? context.Features.Get<DebugAnswer>() : null;

    /// <summary>Adds the field to the response when it begins.</summary>
    public void AddTo(HttpContext context)
    {
        context.Features.Set(this);
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[FieldName] = Describe();
            context.Response.Headers.CacheControl = "private, no-store"; // a cache in front must not show the field to others
            return Task.CompletedTask;
        });
    }

    /// <summary>Notes the object that the request is for.</summary>
    public void Note(ObjectId id) => _id = id;

    /// <summary>Notes the version and the ranges of the response. A response that starts again notes others.</summary>
    public void Note(ObjectVersion version, in RangeOutcome ranges, in ObjectLookup found, Exchange exchange)
    {
        (_version, _ranges, _exchange) = (version, ranges, exchange);
        _broughtBy = found is { AskedOrigin: true, Revalidated: false } ? found.AskedByPeer ? ChunkSource.PeerOrigin : ChunkSource.Origin : null;
    }

    private string Describe()
    {
        var text = new StringBuilder();
        Append(text, "node", places.Process);
        if (_id is { } id)
        {
            Append(text, "key", id.Text);
        }

        if (_version is not { } version)
        {
            return text.ToString();
        }

        var now = time.GetUtcNow();
        Append(text, "version", version.Hash.ToString());
        Append(text, "validator", version.Validator.Value);
        Append(text, "generation", version.Generation);
        Append(text, "size", version.Size);
        Append(text, "age", Math.Max(0, (long)(now - version.Headers.GeneratedAt).TotalSeconds));
        Append(text, "ttl", (long)(version.Headers.FreshUntil - now).TotalSeconds);
        if (_exchange is { Sources: [var first, ..] })
        {
            Append(text, "source", JsonNamingPolicy.KebabCaseLower.ConvertName((_broughtBy ?? first).ToString()));
        }

        AppendChunks(text, version);
        return text.ToString();
    }

    private void AppendChunks(StringBuilder text, ObjectVersion version)
    {
        var layout = version.Layout;
        Append(text, "chunk-size", layout.ChunkSize);
        Append(text, "chunks-of-object", layout.ChunkCount);
        text.Append(", chunks=(");
        var described = 0;
        for (var i = 0; i < _ranges.Count && version.Size > 0; i++)
        {
            var (first, last) = (layout.IndexOf(_ranges[i].Start), layout.IndexOf(_ranges[i].End - 1));
            for (var index = first; index <= last && described < MostChunks; index++, described++)
            {
                AppendPlace(text.Append(described == 0 ? "" : " "), index, places.Of(version.Chunk(index)));
            }
        }

        text.Append(')');
    }

    private static void AppendPlace(StringBuilder text, long index, in ChunkPlace place)
    {
        string[] tiers =
        [
            .. place.Memory is MemoryPresence.None ? (string[])[] : [place.Memory is MemoryPresence.Part ? "memory-part" : "memory"],
            .. place.Disk ? (string[])["disk"] : [],
            .. place.SuperHot ? (string[])["super-hot"] : [],
            .. place.Filling ? (string[])["filling"] : [],
        ];
        text.Append(CultureInfo.InvariantCulture, $"{index};tiers=").AppendText(string.Join(' ', tiers)).Append(";owner=").AppendText(ShownText.Shorten(place.Owner, LongestText));
    }

    private static void Append(StringBuilder text, string name, string value) =>
        text.Append(text.Length == 0 ? "" : ", ").Append(name).Append('=').AppendText(ShownText.Shorten(value, LongestText));

    // At most 15 digits (RFC 9651 §3.3.1).
    private static void Append(StringBuilder text, string name, long value) =>
        text.Append(", ").Append(name).Append('=').Append(Math.Clamp(value, -999_999_999_999_999, 999_999_999_999_999));
}
