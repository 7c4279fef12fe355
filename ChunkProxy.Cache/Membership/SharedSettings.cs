using System.Globalization;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Membership;

/// <summary>
/// What must be equal in all processes of a cluster: settings that are part of the names of objects and chunks, and the version of the pool protocol.
/// </summary>
/// <remarks>
/// Members with other values would ask each other for chunks that the other names differently. Members therefore compare these settings, and bypass
/// each other if they differ. Where one has an origin that the other one has not, as between the reloads of the two, only reads of that origin go past it.
/// </remarks>
internal sealed class SharedSettings(IOptions<CacheOptions> options, SiteTable sites)
{
    // Raise it when a member of the version before would misread a request or a response of this one: docs/decisions/0004-pool-protocol.md.
    private const int CurrentProtocol = 1;

    private const int LongestShown = 200;
    private const string Protocol = "pool protocol";
    private const string ChunkSize = "chunk size (-size-c)";
    private const string Kind = "origins (Origins)";

    private const int MostDigests = 1000; // of origins; more have one together

    private volatile Compared? _now; // read when needed: a stand-alone process compares with no other

    /// <summary>The version of the pool protocol that this process speaks.</summary>
    public int ProtocolVersion { get; init; } = CurrentProtocol;

    /// <summary>The values by their names, which messages show.</summary>
    public IReadOnlyDictionary<string, string> Values => Now.Values;

    /// <summary>
    /// What members compare in pings: a digest of the values that all must have, and one for each named origin with its name.
    /// </summary>
    public string Digest => Now.Digest;

    // A reload may have replaced the sites.
    private Compared Now => _now is { } now && now.Generation == sites.Generation ? now : _now = new Compared(sites, options.Value.ChunkSize.ToString(), ProtocolVersion);

    /// <summary>Returns whether another process has equal values. An origin that only one of them has is no difference: the other one refuses its reads.</summary>
    /// <param name="other">The <see cref="Digest"/> of the other process.</param>
    public bool AgreeWith(string other)
    {
        if (other == Digest)
        {
            return true;
        }

        var (mine, theirs) = (Digest.Split(','), other.Split(','));
        var named = theirs.Skip(1).Where(static it => it.Length >= Compared.Part).ToLookup(static it => it[..Compared.Part]);
        return mine.Length > 1 && theirs.Length > 1 && mine[0] == theirs[0] && !mine.Skip(1).Any(one => named[one[..Compared.Part]].Any(two => one != two));
    }

    /// <summary>Returns how the values of another process differ, for operators; null if they do not, or if it is too old to send them.</summary>
    public string? DifferenceTo(IReadOnlyDictionary<string, string>? others)
    {
        var different = others is null ? [] : Values
            .Select(it => (it.Key, There: others.GetValueOrDefault(it.Key) ?? (it.Key == Protocol ? "older" : it.Value), Here: it.Value))
            .Where(it => it.There != it.Here)
            .Select(it => $"{it.Key} is {Shown(it.There)} there and {it.Here} here")
            .ToList();
        return different is [] ? null : string.Join("; ", different);
    }

    private static string Shown(string text) => text.Length <= LongestShown ? text : string.Concat(text.AsSpan(0, LongestShown), "…");

    /// <summary>The values of one set of sites. It refers to none of them, because a site is in use while something does.</summary>
    private sealed class Compared
    {
        public const int Part = 8; // hexadecimal digits of a name, and of a digest

        private readonly List<(string Name, string Key, string Origin)> _origins;
        private readonly bool _areNamed;
        private string? _digest; // computed when needed: a stand-alone process loads no cryptography

        public Compared(SiteTable sites, string chunkSize, int protocol)
        {
            (Generation, _areNamed) = (sites.Generation, sites.AreNamed);
            _origins = [.. sites.All.Select(static site => (site.Name, site.KeyText, (site.Origin ?? "").TrimEnd()))];
            var values = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                [ChunkSize] = chunkSize,
                [Kind] = _areNamed ? "several" : "one",
                [Protocol] = protocol.ToString(CultureInfo.InvariantCulture),
            };
            foreach (var (name, key, origin) in _origins)
            {
                var of = name.Length == 0 ? "" : $" of {name}";
                values[$"cache key (CacheKey){of}"] = key;
                values[$"origin (-url, or OriginName){of}"] = origin;
            }

            Values = values;
        }

        public int Generation { get; }

        public SortedDictionary<string, string> Values { get; }

        public string Digest => _digest ??= !_areNamed || _origins.Count > MostDigests
            ? HashOf([.. Values.SelectMany(static it => new[] { it.Key, it.Value })])[..(2 * Part)]
            : string.Join(',', [HashOf(Values[ChunkSize], Values[Kind], Values[Protocol])[..(2 * Part)], .. _origins.Select(static it => HashOf(it.Name)[..Part] + HashOf(it.Key, it.Origin)[..Part])]);

        private static string HashOf(params ReadOnlySpan<string> values) => StableHash.Of(values).ToString();
    }
}
