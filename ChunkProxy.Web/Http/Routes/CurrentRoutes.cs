using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Routes;

/// <summary>The routes in force. A reload replaces all of them or none.</summary>
internal sealed class CurrentRoutes(RouteFactory factory, IValidateOptions<RoutesOptions> validator) : IReloadable
{
    private volatile RouteTable _table = factory.CreateAll();

    public RouteTable Table => _table;

    string IReloadable.Name => "routes";

    public string? Reload()
    {
        if (validator.Validate(Options.DefaultName, new RoutesOptions()) is { Failed: true } wrong)
        {
            return string.Join("; ", wrong.Failures);
        }

        _table = factory.CreateAll();
        return null;
    }
}
