using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Routes;

/// <summary>The routes in force. A reload replaces all of them or none.</summary>
internal sealed class CurrentRoutes(RouteFactory factory, RouteNames names, IValidateOptions<RoutesOptions> validator) : IReloadable
{
    private volatile RouteTable _table = factory.CreateAll();

    public RouteTable Table => _table;

    string IReloadable.Name => "routes";

    bool IReloadable.IsFromSettings => true;

    public bool Reads(string key) => key.StartsWith(RouteNames.Section + ":", StringComparison.OrdinalIgnoreCase);

    public string? Check() =>
        validator.Validate(Options.DefaultName, new RoutesOptions()) is { Failed: true } wrong ? string.Join("; ", wrong.Failures)
        : _table.AreNamed && names.All is [] ? $"there are no {RouteNames.Section} any more, so every request would be for the origin; this needs a restart"
        : null;

    public string? Reload()
    {
        _table = factory.CreateAll();
        return null;
    }
}
