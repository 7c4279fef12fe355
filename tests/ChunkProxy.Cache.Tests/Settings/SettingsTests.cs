using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Tests.Settings;

/// <summary>Configuration to options, as a host's start reads and checks it.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("10.0.0.1:7070", null, "PoolAddr")]
    [InlineData("cache1.example:7070", null, "PoolAddr")]
    [InlineData("127.0.0.1:7070", ":7070", "PoolListen")]
    [InlineData("127.0.0.1:7070", "0.0.0.0:7070", "PoolListen")]
    public void Start_PoolBeyondLoopbackWithoutKeyOrCertificate_IsRefused(string address, string? listen, string key)
    {
        using var services = ServicesOf(("PoolPeers", "10.0.0.2:7070"), ("PoolAddr", address), ("PoolListen", listen!));

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains($"ChunkProxy:{key}: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PoolAddr", "127.0.0.1:7070")]
    [InlineData("PoolAddr", "localhost:7070")]
    [InlineData("PoolAddr", "[::1]:7070")]
    [InlineData("PoolAddr", "none")]
    [InlineData("PoolKey", "a key of the cluster")]
    [InlineData("PoolOpen", "true")]
    public void Start_PoolThatStrangersCannotReachOrMay_Starts(string key, string value)
    {
        var address = key == "PoolAddr" ? value : "10.0.0.1:7070";
        using var services = ServicesOf([("PoolAddr", address), ("PoolPeers", "10.0.0.2:7070"), .. key == "PoolAddr" ? Array.Empty<(string, string?)>() : [(key, value)]]);

        services.GetRequiredService<IStartupValidator>().Validate();
    }

    [Fact]
    public void Start_OriginAlone_TakesTheDefaults()
    {
        using var services = ServicesOf();

        services.GetRequiredService<IStartupValidator>().Validate();

        Assert.Equal(ByteSize.MiB(512), services.GetRequiredService<IOptions<CacheOptions>>().Value.MemoryBudget);
        Assert.True(services.GetRequiredService<IOptions<PoolOptions>>().Value.IsStandAlone);
    }

    [Fact]
    public void Start_EverySettingGiven_ReadsEachByItsKey()
    {
        using var services = ServicesOf(
            ("Dir", "/var/cache"), ("ChunkSize", "64KiB"), ("MetadataSize", "32"), ("DiskSize", "2TiB"), ("MemorySize", "1GiB"),
            ("FinishLimit", "2B"), ("NotFoundLifetime", "00:00:30"), ("DefaultFreshness", "1.00:00:00"),
            ("Origin:ConnectTimeout", "00:00:01"), ("Origin:FirstByteTimeout", "00:00:02"), ("Origin:StallTimeout", "00:00:03"),
            ("Origin:MaxConnections", "4"), ("Origin:MaxRedirects", "0"), ("Origin:Attempts", "6"), ("Origin:Backoff", "00:00:00.7"));

        var cache = services.GetRequiredService<IOptions<CacheOptions>>().Value;
        var origin = services.GetRequiredService<IOptions<OriginOptions>>().Value;

        Assert.Equal(new Uri("http://origin.example/videos/"), cache.Url);
        Assert.Equal("/var/cache", cache.Dir);
        Assert.Equal([64L << 10, 32L << 20, 2L << 40, 1L << 30, 2],
            new long[] { cache.ChunkSize, cache.MetadataBudget, cache.DiskBudget, cache.MemoryBudget, cache.FinishLimit });
        Assert.Equal(TimeSpan.FromSeconds(30), cache.NotFoundLifetime);
        Assert.Equal(TimeSpan.FromDays(1), cache.DefaultFreshness);
        Assert.Equal(TimeSpan.FromSeconds(1), origin.ConnectTimeout);
        Assert.Equal(TimeSpan.FromSeconds(2), origin.FirstByteTimeout);
        Assert.Equal(TimeSpan.FromSeconds(3), origin.StallTimeout);
        Assert.Equal([4, 0, 6], new[] { origin.MaxConnections, origin.MaxRedirects, origin.Attempts });
        Assert.Equal(TimeSpan.FromMilliseconds(700), origin.Backoff);
    }

    [Fact]
    public void Start_EmptyValues_CountAsNotSetAndDoNotHideWhatASourceBelowSays()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ChunkProxy:Url", "http://origin.example/videos/"), new("ChunkProxy:ChunkSize", "64KiB")])
            .AddInMemoryCollection([new("ChunkProxy:ChunkSize", ""), new("ChunkProxy:PoolListen", ""), new("ChunkProxy:PoolKeyFile", ""), new("ChunkProxy:MemorySize", "")])
            .Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddChunkCache().BuildServiceProvider();

        services.GetRequiredService<IStartupValidator>().Validate();

        Assert.Equal(ByteSize.KiB(64), services.GetRequiredService<IOptions<CacheOptions>>().Value.ChunkSize);
        Assert.Equal(ByteSize.MiB(512), services.GetRequiredService<IOptions<CacheOptions>>().Value.MemoryBudget);
        Assert.Null(services.GetRequiredService<IOptions<PoolOptions>>().Value.PoolListen);
    }

    [Theory]
    [InlineData("Url", "")]
    [InlineData("Url", "origin.example/videos")]
    [InlineData("Url", "ftp://origin.example/")]
    [InlineData("Url", "http://origin.example/?film=1")]
    [InlineData("Url", "http://me:secret@origin.example/")]
    [InlineData("Dir", " ")]
    [InlineData("Dir", ",")]
    [InlineData("Dir", "/a,/b,/a")]
    [InlineData("Dir", "/a,/a/b")]
    [InlineData("Dir", "/a,/c/../a/")]
    [InlineData("Dir", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17")]
    [InlineData("ChunkSize", "0")]
    [InlineData("ChunkSize", "1 TB")]
    [InlineData("ChunkSize", "67108865B")]
    [InlineData("ChunkSize", "8388607TiB")]
    [InlineData("MemorySize", "15")]
    [InlineData("DiskSize", "15")]
    [InlineData("MetadataSize", "1KiB")]
    [InlineData("FinishLimit", "-1")]
    [InlineData("NotFoundLifetime", "02:00:00")]
    [InlineData("NotFoundLifetime", "soon")]
    [InlineData("DefaultFreshness", "-00:00:01")]
    [InlineData("StaleOnError", "400.00:00:00")]
    [InlineData("Origin:RequestFields", "Origin, Range")]
    [InlineData("Origin:RequestFields", "If-None-Match")]
    [InlineData("Origin:RequestFields", "Content-Type")]
    [InlineData("Origin:RequestFields", "no token")]
    [InlineData("Origin:MaxVariants", "0")]
    [InlineData("Origin:TargetedCacheControl", "CDN Cache-Control")]
    [InlineData("Origin:UserAgent", "a\u007fb")]
    [InlineData("Origin:SetCookie", "Keep")]
    [InlineData("Origin:ConnectTimeout", "5")] // without a unit
    [InlineData("Origin:FirstByteTimeout", "00:00:00")]
    [InlineData("Origin:StallTimeout", "01:00:00")]
    [InlineData("Origin:MaxConnections", "many")]
    [InlineData("Origin:MaxConnections", "0")]
    [InlineData("Origin:MaxRedirects", "-1")]
    [InlineData("Origin:Attempts", "0")]
    [InlineData("Origin:Backoff", "00:02:00")]
    [InlineData("PoolAddr", "7070")]
    [InlineData("PoolAddr", ":7070")]
    [InlineData("PoolAddr", "127.0.0.1:0")]
    [InlineData("PoolPeers", "10.0.0.1:7070,0.0.0.0:7070")]
    [InlineData("PoolListen", "cache-1:7070")]
    [InlineData("PoolListen", ":0")]
    [InlineData("PoolAddr", "none")]
    [InlineData("PoolPeers", "10.0.0.1:7070,10.0.0.2")]
    [InlineData("PoolKey", "fifteen letters")]
    [InlineData("PoolCertificateNames", "front.example")]
    [InlineData("Coord", "10.0.0.9:2379")]
    public void Start_WrongValue_FailsNamingItsKey(string key, string value)
    {
        using var services = ServicesOf((key, value));

        var failure = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);

        Assert.StartsWith($"ChunkProxy:{key}: ", Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_SeveralUnreadableTexts_FailsNamingEach()
    {
        using var services = ServicesOf(("Origin:Attempts", "x"), ("Origin:Backoff", "soon"));

        var failure = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);

        Assert.Equal(
            ["ChunkProxy:Origin:Attempts: 'x' is not a whole number", $"ChunkProxy:Origin:Backoff: 'soon' is not {DurationText.Expected}"],
            failure.Failures.Order());
    }

    [Fact]
    public void Start_KeyInCapitals_IsRead()
    {
        using var services = ServicesOf(("ORIGIN:ATTEMPTS", "6"));

        Assert.Equal(6, services.GetRequiredService<IOptions<OriginOptions>>().Value.Attempts);
    }

    [Fact]
    public void Start_OriginMissing_FailsSayingWhatItTakes()
    {
        using var services = ServicesOf(("Url", null));

        var failure = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);

        Assert.Equal(
            "ChunkProxy:Url: is missing: the origin's http or https URL, such as http://origin.example/videos/", Assert.Single(failure.Failures));
    }

    [Fact]
    public void Start_StaticAndDynamicCluster_IsRefused()
    {
        using var services = ServicesOf(("PoolPeers", "10.0.0.1:7070"), ("Coord", "http://10.0.0.9:2379"));

        var failure = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);

        Assert.StartsWith("ChunkProxy:PoolPeers: ", Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_TinyChunks_AreTaken()
    {
        using var services = ServicesOf(("ChunkSize", "2B"), ("MemorySize", "1"), ("DiskSize", "32B"));

        services.GetRequiredService<IStartupValidator>().Validate();

        Assert.Equal(2, (int)services.GetRequiredService<IOptions<CacheOptions>>().Value.ChunkSize);
    }

    [Theory]
    [InlineData("1MiB", null, "1MiB is less than two chunks (2MiB): takes 0, or that at least")]
    [InlineData("2MiB", "2MiB", "2MiB is less than two chunks (4MiB): takes 0, or that at least")]
    [InlineData("0", null, null)]
    [InlineData("2MiB", null, null)]
    [InlineData("128KiB", "64KiB", null)]
    public void Start_ColdBytes_AreTwoChunksAtLeast(string bytes, string? chunk, string? fault)
    {
        using var services = ServicesOf(("Clients:ColdBytes", bytes), ("ChunkSize", chunk));

        var failure = Record.Exception(() => services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Equal(fault is null ? null : $"ChunkProxy:Clients:ColdBytes: {fault}", (failure as OptionsValidationException)?.Failures.Single());
        Assert.Equal(fault is null, failure is null);
    }

    private static ServiceProvider ServicesOf(params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Any(setting => setting.Key == "Url") ? [] : [new("ChunkProxy:Url", "http://origin.example/videos/")])
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("ChunkProxy:" + setting.Key, setting.Value)))
            .Build();
        return new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddChunkCache().BuildServiceProvider();
    }
}
