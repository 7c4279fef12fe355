using ChunkProxy.Cache;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Cli.Flags;
using ChunkProxy.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Tests.Hosting;

/// <summary>The keys that a node takes, and those that a cache service takes without effect.</summary>
public sealed class SettingKeysTests
{
    [Theory]
    [InlineData("ChunkProxy:WebAdr", "ChunkProxy:WebAdr: is not a setting. Did you mean ChunkProxy:WebAddr?")]
    [InlineData("ChunkProxy:Routs:films:Path", "ChunkProxy:Routs:films:Path: is not a setting. Did you mean ChunkProxy:Routes:films:Path?")]
    public async Task Start_UnknownKey_IsRefused(string key, string message)
    {
        await using var app = AppOf((key, "x"));

        var error = Assert.Throws<OptionsValidationException>(() => app.Services.GetRequiredService<IOptions<SettingKeys>>().Value);

        Assert.Equal(message, Assert.Single(error.Failures));
    }

    [Fact]
    public async Task Start_SettingsOfAllFlags_AreKnown()
    {
        await using var app = AppOf([.. FlagTable.All.Select(static flag => flag.Setting).OfType<string>().Select(static setting => (setting, "x"))]);

        Assert.NotNull(app.Services.GetRequiredService<IOptions<SettingKeys>>().Value);
    }

    [Fact]
    public async Task IsOfFrontEnds_OfEachSetting_IsWhetherACacheServiceDoesNotReadIt()
    {
        await using var app = AppOf();
        await using var cache = new ServiceCollection().AddChunkCache(MemberRole.Cache).BuildServiceProvider();
        var ofCache = KeysOf(cache);

        Assert.NotEmpty(ofCache);
        Assert.All(KeysOf(app.Services), key => Assert.Equal(!ofCache.Contains(key), SettingKeys.IsOfFrontEnds(key)));
    }

    private static HashSet<string> KeysOf(IServiceProvider services) => services.GetServices<SettingSection>().SelectMany(static section => section.Keys).ToHashSet();

    private static WebApplication AppOf(params (string Key, string Value)[] settings) =>
        ChunkProxyApplication.Build(settings.ToDictionary(static it => it.Key, static it => (string?)it.Value), static () => true);
}
