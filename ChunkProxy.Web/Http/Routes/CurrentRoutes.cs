using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Routes;

/// <summary>The routes in force. A reload replaces all of them or none.</summary>
internal sealed class CurrentRoutes(RouteFactory factory, IValidateOptions<RoutesOptions> validator) : IReloadable
{
    private volatile RouteTable _table = factory.CreateAll();

    public RouteTable Table => _table;

    string IReloadable.Name => "routes";

    bool IReloadable.IsFromSettings => true;

    public string? Reload()
    {
        if (validator.Validate(Options.DefaultName, new RoutesOptions()) is { Failed: true } wrong)
        {
            return string.Join("; ", wrong.Failures);
        }

        var table = factory.CreateAll();
        if (_table.AreNamed && !table.AreNamed)
        {
            return $"there are no {RouteNames.Section} any more, so every request would be for the origin; this needs a restart";
        }

        _table = table;
        return null;
    }
}
