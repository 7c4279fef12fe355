using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Tests.Origin;

/// <summary>The rules about keeping responses, with settings of a test's own.</summary>
internal static class OriginRules
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    /// <summary>No credentials.</summary>
    public static readonly OriginAccess PublicOrigin = new(Options.Create(new OriginAccessOptions()), TimeProvider.System, NullLogger<OriginAccess>.Instance);

    public static CachingRules Create(CacheOptions? cache = null, OriginOptions? origin = null) =>
        new(Options.Create(cache ?? new CacheOptions()), Options.Create(origin ?? new OriginOptions()));

    public static OriginVersionReader Reader(int chunkSize, TimeProvider time, OriginOptions? origin = null) =>
        new(
            Create(origin: origin),
            new EndToEndFields(PublicOrigin, sendsTags: false, time, NullLogger<EndToEndFields>.Instance),
            new SiteRules(origin: null, new CacheKeyRules(new CacheKeyOptions()), new FreshnessRules(new FreshnessOptions())),
            Options.Create(new CacheOptions { ChunkSize = new(chunkSize) }),
            Options.Create(origin ?? new OriginOptions()),
            time);

    /// <summary>Judges a response that arrives at noon without delay, to a request without forwarded fields.</summary>
    public static CachingDecision DecideOn(this CachingRules rules, params string[] lines) => rules.Decide(FieldsOf(lines), RequestFields.None, Noon, TimeSpan.Zero);

    public static OriginFields FieldsOf(params string[] lines) =>
        new([.. lines.Select(line => line.Split(": ", 2)).Select(line => KeyValuePair.Create(line[0], line[1]))]);

    public static string At(double secondsFromNoon) => HttpDate.Format(Noon.AddSeconds(secondsFromNoon));
}
