using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Tests.Origin;

/// <summary>How many connections responses that cannot be cached may have in addition.</summary>
public sealed class PassThroughPlacesTests
{
    private const long GiB = 1L << 30;
    private const string Connections = "Origin:MaxConnections";
    private const string More = "Origin:PassThroughConnections";

    [Theory]
    [InlineData(8 * GiB, 65_536, 512)]
    [InlineData(8 * GiB, 1024, 32)] // one for each 32 open files
    [InlineData(GiB / 4, 65_536, 64)] // one for each 4 MiB
    [InlineData(8 * GiB, 65_536, 16, Connections, "2")]
    [InlineData(8 * GiB, 65_536, 100, More, "100")]
    [InlineData(8 * GiB, 65_536, 0, More, "0")]
    public void Get_AMachine_HasWhatFits(long memory, int openFiles, int expected, params string[] setting)
    {
        using var services = ServicesOf(memory, openFiles, [("Url", "http://a.example/"), .. setting.Chunk(2).Select(it => (it[0], it[1]))]);
        var options = services.GetRequiredService<IOptions<OriginOptions>>().Value;

        Assert.Equal(expected, options.PassThroughPlaces);
        Assert.Equal(options.MaxConnections + expected, services.GetRequiredService<OriginConnections>().Most);
    }

    [Fact]
    public void Get_SeveralOrigins_ShareTheMachine()
    {
        using var services = ServicesOf(GiB / 4, 65_536, ("Origins:one:Url", "http://a.example/"), ("Origins:other:Url", "http://b.example/"));

        Assert.Equal(32, services.GetRequiredService<IOptionsMonitor<OriginOptions>>().Get(SiteNames.ScopeOf("other")).PassThroughPlaces);
        Assert.Equal(2 * (64 + 32), services.GetRequiredService<OriginConnections>().Most);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("10001")]
    public void Start_OutOfRange_IsRefused(string value)
    {
        using var services = ServicesOf(8 * GiB, 65_536, ("Url", "http://a.example/"), (More, value));

        var error = Assert.ThrowsAny<OptionsValidationException>(() => services.GetRequiredService<IOptions<OriginOptions>>().Value);

        Assert.Contains("ChunkProxy:Origin:PassThroughConnections: ", error.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider ServicesOf(long memory, int openFiles, params (string Key, string Value)[] settings)
    {
        var values = settings.ToDictionary(static it => "ChunkProxy:" + it.Key, static string? (it) => it.Value);
        return new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build())
            .AddSingleton(new MachineLimits(memory, static _ => null, openFiles)).AddLogging().AddChunkCache().BuildServiceProvider();
    }
}
