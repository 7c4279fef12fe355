using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;

namespace ChunkProxy.Cache.Origin;

/// <summary>Replaces the origins under <c>ChunkProxy:Origins</c> by those of the settings that were read again. Those that did not change stay as they are.</summary>
internal sealed class OriginReload : IReloadable
{
    private readonly SiteNames _names;
    private readonly SiteTable _sites;
    private readonly OriginServers _servers;
    private readonly SiteFactory _siteFactory;
    private readonly OriginServerFactory _serverFactory;
    private readonly OriginSettings _settings;
    private Origin[] _now;
    private Origin[]? _before; // from a reload to its confirmation
    private string[] _read = []; // names of the origins in the last reload and before it

    public OriginReload(
        SiteNames names,
        SiteTable sites,
        OriginServers servers,
        SiteFactory siteFactory,
        OriginServerFactory serverFactory,
        OriginSettings settings)
    {
        (_names, _sites, _servers, _siteFactory, _serverFactory, _settings) = (names, sites, servers, siteFactory, serverFactory, settings);
        _now = [.. _sites.All.Zip(_servers.All, (site, server) => new Origin(site, server, site.Name.Length == 0 ? "" : settings.TextOf(site.Name)))];
    }

    string IReloadable.Name => "origins";

    bool IReloadable.IsFromSettings => true;

    bool IReloadable.IsEmpty => !_sites.AreNamed;

    public bool Reads(string key) => _sites.AreNamed
        && (key.StartsWith(SiteNames.Section + ":", StringComparison.OrdinalIgnoreCase) || OriginsOptionsValidator.IsInherited(key[(CacheOptions.Section.Length + 1)..]));

    // The settings of each origin are checked with all others before.
    public string? Check() => _sites.AreNamed == _names.AreSet ? null
        : _names.AreSet ? $"{SiteNames.Section}: the process has one origin, without a name; named ones need a restart"
        : $"there are no {SiteNames.Section} any more; this needs a restart";

    public string? Reload()
    {
        if (_sites.AreNamed)
        {
            _read = [.. _now.Select(static it => it.Site.Name), .. _names.All];
            Array.ForEach(_read, _settings.Forget);
            var origins = CreateAll();
            _before = _now;
            Apply(origins);
        }

        return null;
    }

    public void TakeBack()
    {
        Array.ForEach(_read, _settings.Forget);
        if (_before is { } before)
        {
            Apply(before);
            _before = null;
        }
    }

    public void Confirm() => _before = null;

    private Origin[] CreateAll()
    {
        List<Origin> all = [];
        try
        {
            foreach (var name in _names.All)
            {
                all.Add(Create(name));
            }

            return [.. all];
        }
        catch
        {
            all.Except(_now).ToList().ForEach(static made => made.Server.Dispose());
            throw;
        }
    }

    private Origin Create(string name)
    {
        var settings = _settings.TextOf(name);
        if (Array.Find(_now, it => it.Site.Name == name) is { } same && same.Settings == settings)
        {
            return same;
        }

        var site = _siteFactory.Create(name);
        return new Origin(site, _serverFactory.Create(site.Copy()), settings);
    }

    private void Apply(Origin[] origins)
    {
        _now = origins;
        _servers.Replace([.. origins.Select(static it => it.Site)], [.. origins.Select(static it => it.Server)]);
    }

    private sealed record Origin(SiteRules Site, OriginServer Server, string Settings);
}
