using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Membership;

/// <summary>Settings that must be equal in all processes of a cluster, because they are part of the names of objects and chunks.</summary>
/// <remarks>
/// Members with other values would ask each other for chunks that the other names differently. Members therefore compare these settings, and bypass
/// each other if they differ.
/// </remarks>
internal sealed class SharedSettings(IOptions<CacheOptions> options, SiteTable sites)
{
    private const int LongestShown = 200;

    // Computed when needed: a stand-alone process compares them with no other, and loads no cryptography.
    private IReadOnlyDictionary<string, string>? _values;
    private string? _digest;

    /// <summary>The values by their names, which messages show.</summary>
    public IReadOnlyDictionary<string, string> Values => _values ??= Read();

    /// <summary>A short text that is equal if all values are.</summary>
    public string Digest => _digest ??= StableHash.Of([.. Values.SelectMany(it => new[] { it.Key, it.Value })]).ToString("x32", null)[..16];

    /// <summary>Returns how the values of another process differ, for operators; null if they do not, or if it is too old to send them.</summary>
    public string? DifferenceTo(IReadOnlyDictionary<string, string>? others)
    {
        var different = others is null ? [] : Values
            .Where(it => others.TryGetValue(it.Key, out var other) && other != it.Value)
            .Select(it => $"{it.Key} is {Shown(others[it.Key])} there and {it.Value} here")
            .ToList();
        return different is [] ? null : string.Join("; ", different);
    }

    private SortedDictionary<string, string> Read()
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["chunk size (-size-c)"] = options.Value.ChunkSize.ToString() };
        values["origins (Origins)"] = sites.All is [{ Name: "" }] ? "one" : string.Join(',', sites.All.Select(static site => site.Name));
        foreach (var site in sites.All)
        {
            var of = site.Name.Length == 0 ? "" : $" of {site.Name}";
            values[$"cache key (CacheKey){of}"] = site.KeyText;
            values[$"origin (-url, or OriginName){of}"] = (site.Origin ?? "").TrimEnd();
        }

        return values;
    }

    private static string Shown(string text) => text.Length <= LongestShown ? text : string.Concat(text.AsSpan(0, LongestShown), "…");
}
