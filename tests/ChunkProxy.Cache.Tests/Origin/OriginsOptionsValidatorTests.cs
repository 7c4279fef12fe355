using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Tests.Origin;

/// <summary>The settings of several origins, as a host's start reads and checks them.</summary>
public sealed class OriginsOptionsValidatorTests
{
    private static readonly (string Key, string Value)[] Two = [("Origins:media:Url", "http://a.example/"), ("Origins:vip:Url", "http://b.example/")];

    [Theory]
    [InlineData("Origins:media:Uri", "x", "ChunkProxy:Origins:media:Uri: is not a setting here. Did you mean Url?")]
    [InlineData("Origins:media:Origin:ConectTimeout", "x", "ChunkProxy:Origins:media:Origin:ConectTimeout: is not a setting here. Did you mean Origin:ConnectTimeout?")]
    [InlineData("Origins:media:ChunkSize", "2MiB", "ChunkProxy:Origins:media:ChunkSize: is not a setting here")]
    [InlineData("Origins:media:Origin:Attempts", "x", "ChunkProxy:Origins:media:Origin:Attempts: 'x' is not")]
    [InlineData("Origins:media:Origin:Attempts", "0", "ChunkProxy:Origins:media:Origin:Attempts: 0 is out of range")]
    [InlineData("Origins:media:CacheKey:Only", "a=b", "ChunkProxy:Origins:media:CacheKey:Only: 'a=b' is not the name")]
    [InlineData("Origins:media:Freshness:Override", "x", "ChunkProxy:Origins:media:Freshness:Override: 'x' is not")]
    [InlineData("Origins:media:Url", "ftp://a.example/", "ChunkProxy:Origins:media:Url: 'ftp://a.example/' is not")]
    [InlineData("Origins:bare:OriginName", "x", "ChunkProxy:Origins:bare:Url: is missing")]
    [InlineData("Origins:a b:Url", "http://c.example/", "ChunkProxy:Origins:a b: the name of an origin takes")]
    [InlineData("Url", "http://c.example/", "ChunkProxy:Url: cannot be combined with ChunkProxy:Origins")]
    [InlineData("OriginAccess:Query", "sig=abc", "ChunkProxy:OriginAccess:Query: has no effect with several origins")]
    [InlineData("Origins:media:BackupUrl", "http://a.example/", "ChunkProxy:Origins:media:BackupUrl: is the URL itself")]
    [InlineData("Origins:media:BackupUrl", "file:///x", "ChunkProxy:Origins:media:BackupUrl: 'file:///x' is not")]
    [InlineData("BackupUrl", "http://c.example/", "ChunkProxy:BackupUrl: is for one origin")]
    [InlineData("OriginName", "c", "ChunkProxy:OriginName: is for one origin")]
    [InlineData("Origins:vip:Url", "http://a.example/", "ChunkProxy:Origins:vip:Url: has objects that the origin 'media' has too")]
    [InlineData("Origins:vip:Url", "http://a.example/vip/", "ChunkProxy:Origins:vip:Url: has objects that the origin 'media' has too")]
    public void Start_WrongSetting_IsNamedWithItsPath(string key, string value, string message)
    {
        using var services = ServicesOf([.. Two, (key, value)]);

        var error = Assert.ThrowsAny<Exception>(() => services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains(message, MessagesOf(error), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_NestedUrlsWithNames_IsAccepted()
    {
        using var services = ServicesOf(("Origins:a:Url", "http://a.example/"), ("Origins:b:Url", "http://a.example/vip/"), ("Origins:b:OriginName", "vip"));

        services.GetRequiredService<IStartupValidator>().Validate();
    }

    [Fact]
    public void Get_SettingOfAllOrigins_IsOverriddenByThatOfOne()
    {
        using var services = ServicesOf([.. Two, ("Origin:Attempts", "7"), ("Origins:VIP:Origin:Attempts", "2"), ("Origins:vip:StaleOnError", "00:00:09"), ("Origin:MaxConnections", "10"), ("Origins:vip:Origin:MaxConnections", "3"), ("Origin:PassThroughConnections", "0")]);

        var options = services.GetRequiredService<IOptionsMonitor<OriginOptions>>();

        Assert.Equal((7, 2), (options.Get(SiteNames.ScopeOf("media")).Attempts, options.Get(SiteNames.ScopeOf("vip")).Attempts));
        Assert.Equal(TimeSpan.FromSeconds(9), services.GetRequiredService<IOptionsMonitor<CacheOptions>>().Get(SiteNames.ScopeOf("vip")).StaleOnError);
        var connections = services.GetRequiredService<OriginConnections>();
        Assert.Equal((13, 1, 2), (connections.Most, connections.LeastQuarter, connections.QuarterOf("media")));
    }

    [Fact]
    public void Start_HttpsOriginWithHttpBackup_IsRefused()
    {
        using var services = ServicesOf(("Url", "https://a.example/"), ("BackupUrl", "http://b.example/"));

        var error = Assert.ThrowsAny<Exception>(() => services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains("ChunkProxy:BackupUrl: takes an https URL", MessagesOf(error), StringComparison.Ordinal);
    }

    [Fact]
    public void Get_CacheKeyOfOne_ReplacesThatOfAllAsAWhole()
    {
        using var services = ServicesOf([.. Two, ("CacheKey:Only", "v"), ("Origins:vip:CacheKey:Ignore", "token")]);

        services.GetRequiredService<IStartupValidator>().Validate();

        var sites = services.GetRequiredService<SiteTable>();
        Assert.Equal(("media:/a?v=1", "vip:/a?v=1&x=1"), (sites.Read("media:/a?v=1&x=1&token=t")!.Text, sites.Read("vip:/a?v=1&x=1&token=t")!.Text));
    }

    [Fact]
    public void Most_OriginWithABackup_CountsTwice()
    {
        using var services = ServicesOf(("Url", "http://a.example/"), ("BackupUrl", "http://b.example/"), ("Origin:MaxConnections", "10"), ("Origin:PassThroughConnections", "0"));

        Assert.Equal((20, 2), (services.GetRequiredService<OriginConnections>().Most, services.GetRequiredService<OriginConnections>().LeastQuarter));
    }

    private static string MessagesOf(Exception error) => error switch
    {
        AggregateException several => string.Join('\n', several.InnerExceptions.Select(MessagesOf)),
        OptionsValidationException options => string.Join('\n', options.Failures),
        _ => throw new InvalidOperationException("The start fails for another reason.", error),
    };

    private static ServiceProvider ServicesOf(params (string Key, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in settings)
        {
            values["ChunkProxy:" + key] = value;
        }

        return new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build())
            .AddLogging().AddChunkCache().BuildServiceProvider();
    }
}
