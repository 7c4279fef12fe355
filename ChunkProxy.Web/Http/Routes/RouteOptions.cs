using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Http.Routes;

/// <summary>
/// Which requests go to which origin, <c>ChunkProxy:Routes:NAME</c> in configuration. Beside these settings a route takes those of
/// <c>ChunkProxy:Cors…</c> and <c>ChunkProxy:Access</c>, which come before the settings for all routes, and limits of <c>ChunkProxy:Clients</c>, which hold in
/// addition to those of the process.
/// </summary>
internal sealed class RouteOptions
{
    /// <summary>The section that stands for the route's own in the names of options (<see cref="SettingScope"/>).</summary>
    public const string Section = CacheOptions.Section;

    /// <summary>Hosts of the requests, separated by commas: <c>films.example</c>, or <c>*.films.example</c> for all below it. Default: all hosts.</summary>
    public string? Hosts { get; set; }

    /// <summary>
    /// Beginning of the paths of the requests: <c>/films/</c>. Without a slash at its end it is for this path, and for all below it.
    /// </summary>
    public string Path { get; set; } = "/";

    /// <summary>Name of the origin, under <c>ChunkProxy:Origins</c>. Not needed if there is only one.</summary>
    public string? Origin { get; set; }

    /// <summary>What replaces <see cref="Path"/> at the beginning of the path for the origin. Default: the same, so that the origin gets the whole path.</summary>
    public string? OriginPath { get; set; }
}
