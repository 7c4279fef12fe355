using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>Validates the origins under <c>ChunkProxy:Origins</c>: their names, their keys, their values, and that no two share objects.</summary>
internal sealed class OriginsOptionsValidator(
    SiteNames names,
    IConfiguration configuration,
    IOptionsFactory<CacheOptions> cache,
    IOptionsFactory<OriginOptions> origin,
    IOptionsFactory<OriginAccessOptions> access,
    IOptionsFactory<CacheKeyOptions> key,
    IOptionsFactory<FreshnessOptions> freshness) : IValidateOptions<OriginsOptions>
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
            Read(() => cache.Create(scope), failures);
            Read(() => origin.Create(scope), failures);
            Read(() => access.Create(scope), failures);
            Read(() => key.Create(scope), failures);
            Read(() => freshness.Create(scope), failures);
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

    /// <summary>Returns whether an origin takes a setting for all origins if it has none of its own.</summary>
    /// <param name="key">The key below <c>ChunkProxy</c>.</param>
    public static bool IsInherited(string key) => Keys.Contain(key);

    // Objects are keyed by the name of their origin and their path, so one name must not be the beginning of another up to a slash.
    private IEnumerable<string> SharedObjects()
    {
        var origins = names.All.Select(name => (Name: name, Key: cache.Create(SiteNames.ScopeOf(name)).OriginKey)).ToList();
        return
            from one in origins
            from other in origins
            where one.Name != other.Name
            where one.Key == other.Key ? string.CompareOrdinal(one.Name, other.Name) < 0 : other.Key.StartsWith(one.Key + "/", StringComparison.Ordinal)
            select $"{SiteNames.Section}:{other.Name}:{nameof(CacheOptions.Url)}: has objects that the origin '{one.Name}' has too. Give one of them an {nameof(CacheOptions.OriginName)} of its own";
    }
}
