using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Http.Routes;

/// <summary>The names of the routes under <c>ChunkProxy:Routes</c>, as configuration has them now. None: all requests go to the one origin.</summary>
internal sealed class RouteNames(IConfiguration configuration)
{
    /// <summary>The section with one section for each route.</summary>
    public const string Section = CacheOptions.RoutesSection;

    /// <summary>The names, sorted.</summary>
    public IReadOnlyList<string> All => [.. configuration.GetSection(Section).GetChildren().Select(static it => it.Key).Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Returns the name of the options of a route (<see cref="SettingScope"/>).</summary>
    public static string ScopeOf(string name) => $"Routes:{name}";
}
