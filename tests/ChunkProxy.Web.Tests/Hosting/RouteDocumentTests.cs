using ChunkProxy.Cache.Settings;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Web.Http.Routes;
using ChunkProxy.Web.Settings;

namespace ChunkProxy.Web.Tests.Hosting;

/// <summary>docs/routes.md against the options of routes and origins.</summary>
public sealed class RouteDocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(ProductBuild.Root, "docs", "routes.md"));

    public static TheoryData<string> Keys =>
    [
        .. SettingsBinding.InScope(typeof(RouteOptions)).Concat(SettingsBinding.InScope(typeof(CorsOptions))).Concat(SettingsBinding.InScope(typeof(CacheOptions))).Select(SettingsBinding.KeyOf),
    ];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Document_EachSettingOfRoutesAndOrigins_IsInATable(string key) =>
        Assert.Contains(Document.Split('\n'), line => line.StartsWith("| `", StringComparison.Ordinal) && line.Split('|')[1].Contains($"`{key}`", StringComparison.Ordinal));

    [Fact]
    public void Document_RowsOfRoutes_AreSettings()
    {
        var rows = Document.Split('\n').SkipWhile(line => !line.StartsWith("| key below `ChunkProxy:Routes", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|')).SelectMany(line => line.Split('|')[1].Split('`').Where((_, i) => i % 2 == 1));

        Assert.Empty(rows.Where(static row => row is not ("Access:…" or "Clients:…")).Except(SettingsBinding.InScope(typeof(RouteOptions)).Concat(SettingsBinding.InScope(typeof(CorsOptions))).Select(SettingsBinding.KeyOf)));
    }
}
