using System.Reflection;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Web.Cli;
using ChunkProxy.Web.Cli.Flags;
using ChunkProxy.Web.Clients;
using ChunkProxy.Web.Http.Access;
using ChunkProxy.Web.Logs;
using ChunkProxy.Web.Operations.Access;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Configuration;

namespace ChunkProxy.Web.Tests.Cli.Flags;

public sealed class FlagTableTests
{
    public static TheoryData<string> Settings => [.. FlagTable.All.Where(flag => flag.Setting is not null).Select(flag => flag.Name)];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Setting_OfEachFlag_IsAPropertyOfTheOptions(string name)
    {
        (string Section, Type Options)[] all =
        [
            (CacheOptions.Section, typeof(CacheOptions)),
            (CacheKeyOptions.Section, typeof(CacheKeyOptions)),
            (FreshnessOptions.Section, typeof(FreshnessOptions)),
            (OriginAccessOptions.Section, typeof(OriginAccessOptions)),
            (PoolOptions.Section, typeof(PoolOptions)),
            (WebOptions.Section, typeof(WebOptions)),
            (CorsOptions.Section, typeof(CorsOptions)),
            (TlsOptions.Section, typeof(TlsOptions)),
            (AdminOptions.Section, typeof(AdminOptions)),
            (ClientOptions.Section, typeof(ClientOptions)),
            (AccessOptions.Section, typeof(AccessOptions)),
            (AccessLogOptions.Section, typeof(AccessLogOptions)),
        ];

        var keys = all.SelectMany(it => it.Options.GetProperties()
            .Select(property => $"{it.Section}:{property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? property.Name}"));

        Assert.Contains(FlagTable.Find(name)!.Setting!, keys);
    }

    [Fact]
    public void All_OfTheTable_AreTheFlagsPeopleKnow() =>
        Assert.Equal(
            [
                "url", "backup-url", "origin-fields-file", "origin-query-file", "webaddr", "trusted-proxies", "proxy-protocol", "lameduck", "cors", "cert", "certkey", "dir", "size-c", "size-m", "size-d", "size-s", "key-query", "key-only", "key-ignore", "key-sort", "fresh", "fresh-default", "fresh-status", "urlkeyfile", "allow", "deny", "pooladdr", "name", "poolpeers", "coord", "cluster", "poolkey", "poolkeyfile", "redis",
                "adminaddr", "adminkey", "adminkeyfile", "requestlog", "accesslog", "accesslog-format", "help", "version",
            ],
            FlagTable.All.Select(flag => flag.Name));

    [Fact]
    public void HelpPage_Text_HasEveryFlagWithItsSentenceAndDefault()
    {
        var words = string.Join(' ', HelpPage.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

        Assert.All(FlagTable.All, flag => Assert.Contains(
            $"{Usage(flag)} {flag.Help}{(flag.Default is null ? "" : $" (default {flag.Default})")}",
            words,
            StringComparison.Ordinal));
    }

    [Fact]
    public void Readme_Table_IsMadeOfTheFlags()
    {
        var rows = FlagTable.All.Select(flag => $"| {Code(Usage(flag))} | {flag.Help} | {Code(flag.Default)} | {Code(flag.Setting)} |");
        var table = string.Join('\n', rows.Prepend("|---|---|---|---|").Prepend("| flag | what it sets | default | configuration key |"));

        var readme = File.ReadAllText(Path.Combine(ProductBuild.Root, "README.md")).ReplaceLineEndings("\n");
        Assert.Contains("\n\n" + table + "\n\n", readme, StringComparison.Ordinal);
    }

    private static string Usage(Flag flag) => flag.Value is null ? flag.ToString() : $"{flag} {flag.Value.Placeholder}";

    private static string Code(string? text) => text is null ? "" : $"`{text}`";
}
