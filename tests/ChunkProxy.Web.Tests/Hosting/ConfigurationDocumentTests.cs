using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Popularity;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Cache.Tiers.SuperHot;
using ChunkProxy.Cache.Warming;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Web.Clients;
using ChunkProxy.Web.Http.Access;
using ChunkProxy.Web.Logs;
using ChunkProxy.Web.Operations.Access;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Configuration;

namespace ChunkProxy.Web.Tests.Hosting;

/// <summary>docs/configuration.md against the options themselves.</summary>
public sealed class ConfigurationDocumentTests
{
    private static readonly (string Section, object Defaults)[] Options =
    [
        (CacheOptions.Section, new CacheOptions()),
        (CacheKeyOptions.Section, new CacheKeyOptions()),
        (FreshnessOptions.Section, new FreshnessOptions()),
        (OriginOptions.Section, new OriginOptions()),
        (OriginAccessOptions.Section, new OriginAccessOptions()),
        (PoolOptions.Section, new PoolOptions()),
        (PeerOptions.Section, new PeerOptions()),
        (SuperHotOptions.Section, new SuperHotOptions()),
        (NearCopyOptions.Section, new NearCopyOptions()),
        (PurgeOptions.Section, new PurgeOptions()),
        (EtcdOptions.Section, new EtcdOptions()),
        (WarmOptions.Section, new WarmOptions()),
        (WebOptions.Section, new WebOptions()),
        (AdminOptions.Section, new AdminOptions()),
        (ClientOptions.Section, new ClientOptions()),
        (ColdReadOptions.Section, new ColdReadOptions()),
        (AccessOptions.Section, new AccessOptions()),
        (AccessLogOptions.Section, new AccessLogOptions()),
        (CorsOptions.Section, new CorsOptions()),
        (TlsOptions.Section, new TlsOptions()),
        (CompressionOptions.Section, new CompressionOptions()),
        (FrontEndOptions.Section, new FrontEndOptions()),
    ];

    private static readonly string Document =
        File.ReadAllText(Path.Combine(ProductBuild.Root, "docs", "configuration.md")).ReplaceLineEndings("\n");

    public static TheoryData<string, string> Settings => [.. Options.SelectMany(options => options.Defaults.GetType().GetProperties()
        .Where(property => property.SetMethod is not null)
        .Select(property => (
            $"{options.Section}:{KeyOf(property)}",
            DefaultOf(property.GetValue(options.Defaults)))))];

    public static TheoryData<string, string> Bounds => [.. Options.SelectMany(options => options.Defaults.GetType().GetProperties()
        .Where(property => property.GetCustomAttribute<BetweenAttribute>() is not null)
        .Select(property => ($"{options.Section}:{KeyOf(property)}", property.GetCustomAttribute<BetweenAttribute>()!.ToString())))];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Document_EachSetting_HasItsKeyAndDefault(string key, string standard)
    {
        var cell = standard.Length == 0 ? " " : $" `{standard}` ";

        Assert.Contains($"\n| `{key}` |{cell}|", Document, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Bounds))]
    public void Document_EachSettingWithBounds_HasThem(string key, string bounds)
    {
        var row = Document.Split('\n').Single(line => line.StartsWith($"| `{key}` |", StringComparison.Ordinal));

        Assert.Matches($"^{Regex.Escape(bounds)}($|[;,])", row.Split('|')[3].Trim());
    }

    /// <summary>The start checks the settings that are set, and no others.</summary>
    [Fact]
    public void Defaults_OfSettingsWithBounds_AreWithinThem() => Assert.All(Options, options => Assert.All(
        options.Defaults.GetType().GetProperties().Where(property => property.IsDefined(typeof(BetweenAttribute))),
        property => Assert.True(property.GetValue(options.Defaults) is not { } value || property.GetCustomAttribute<BetweenAttribute>()!.Admits(value), property.Name)));

    [Fact]
    public void Document_EachRow_IsASetting()
    {
        var rows = Document.Split('\n')
            .Where(line => line.StartsWith("| `ChunkProxy:", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]);

        Assert.Equal(Settings.Select(setting => setting.Data.Item1).Order(), rows.Order());
    }

    private static string KeyOf(PropertyInfo property) => property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? property.Name;

    private static string DefaultOf(object? value) => value is bool flag ? flag ? "true" : "false" : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
