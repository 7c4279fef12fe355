using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>Validates the origins under <c>ChunkProxy:Origins</c>: their names, their keys, their values, and that no two share objects.</summary>
internal sealed class OriginsOptionsValidator(
    SiteNames names,
    IConfiguration configuration,
    IOptionsMonitor<CacheOptions> cache,
    IOptionsMonitor<OriginOptions> origin,
    IOptionsMonitor<OriginAccessOptions> access,
    IOptionsMonitor<CacheKeyOptions> key,
    IOptionsMonitor<FreshnessOptions> freshness) : IValidateOptions<OriginsOptions>
{
    private static readonly ScopedKeys Keys = new ScopedKeys()
        .With<CacheOptions>(CacheOptions.Section)
        .With<OriginOptions>(OriginOptions.Section)
        .With<OriginAccessOptions>(OriginAccessOptions.Section)
        .With<CacheKeyOptions>(CacheKeyOptions.Section)
        .With<FreshnessOptions>(FreshnessOptions.Section);

    public ValidateOptionsResult Validate(string? name, OriginsOptions options)
    {
        List<string> failures = [];
        foreach (var site in names.All)
        {
            var scope = SiteNames.ScopeOf(site);
            if (!SiteNames.IsName(site))
            {
                failures.Add($"{SiteNames.Section}:{site}: the name of an origin takes at most 64 letters, digits, hyphens, underscores and dots");
            }

            failures.AddRange(Keys.FailuresIn(configuration, scope));
            Read(() => cache.Get(scope), failures);
            Read(() => origin.Get(scope), failures);
            Read(() => access.Get(scope), failures);
            Read(() => key.Get(scope), failures);
            Read(() => freshness.Get(scope), failures);
        }

        if (names.AreSet && configuration.GetSection(OriginAccessOptions.Section).GetChildren().FirstOrDefault(static it => it.Value is { Length: > 0 }) is { } secret)
        {
            failures.Add($"{secret.Path}: has no effect with several origins: set it under {SiteNames.Section}:NAME:OriginAccess");
        }

        if (failures.Count == 0)
        {
            failures.AddRange(SharedObjects());
        }

        return failures is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures.Distinct());
    }

    private static void Read(Func<object> read, List<string> failures)
    {
        try
        {
            read();
        }
        catch (OptionsValidationException error)
        {
            failures.AddRange(error.Failures);
        }
    }

    // Objects are keyed by the name of their origin and their path, so one name must not be the beginning of another up to a slash.
    private IEnumerable<string> SharedObjects() =>
        from one in names.All
        from other in names.All
        where one != other
        let mine = cache.Get(SiteNames.ScopeOf(one)).OriginKey
        let theirs = cache.Get(SiteNames.ScopeOf(other)).OriginKey
        where mine == theirs ? string.CompareOrdinal(one, other) < 0 : theirs.StartsWith(mine + "/", StringComparison.Ordinal)
        select $"{SiteNames.Section}:{other}:{nameof(CacheOptions.Url)}: has objects that the origin '{one}' has too. Give one of them an {nameof(CacheOptions.OriginName)} of its own";
}
