using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Tests.Settings;

/// <summary>Keys below <c>ChunkProxy</c> that no section has end the start of a process.</summary>
public sealed class SettingKeysTests
{
    [Theory]
    [InlineData("ChunkSise", "ChunkProxy:ChunkSise: is not a setting. Did you mean ChunkProxy:ChunkSize?")]
    [InlineData("Origin:Atempts", "ChunkProxy:Origin:Atempts: is not a setting. Did you mean ChunkProxy:Origin:Attempts?")]
    [InlineData("Orgin:FirstByteTimeout", "ChunkProxy:Orgin:FirstByteTimeout: is not a setting. Did you mean ChunkProxy:Origin:FirstByteTimeout?")]
    [InlineData("MaxVariants", "ChunkProxy:MaxVariants: is not a setting. Did you mean ChunkProxy:Origin:MaxVariants?")]
    [InlineData("Orgins:media:Url", "ChunkProxy:Orgins:media:Url: is not a setting. Did you mean ChunkProxy:Origins:media:Url?")]
    [InlineData("CacheKey:Ignore:0", "ChunkProxy:CacheKey:Ignore:0: is not a setting. ChunkProxy:CacheKey:Ignore takes one text with commas between its entries, and no array")]
    [InlineData("Origin", "ChunkProxy:Origin: is not a setting")]
    [InlineData("Url:Backup", "ChunkProxy:Url:Backup: is not a setting")]
    [InlineData("SomethingElse", "ChunkProxy:SomethingElse: is not a setting")]
    public void Start_UnknownKey_IsNamedWithTheNearestOne(string key, string message)
    {
        using var services = ServicesOf(acceptFrontEnds: false, [(key, "x")]);

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<SettingKeys>>().Value);

        Assert.StartsWith(message, Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_SectionWithAValueOfItsOwnAndKnownKeys_IsRefused()
    {
        using var services = ServicesOf(acceptFrontEnds: false, [("Origin", "x"), ("Origin:Attempts", "3")]);

        Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<SettingKeys>>().Value);
    }

    [Theory]
    [InlineData("chunksize", "1MiB")] // case does not count
    [InlineData("METADATASIZE", "1MiB")] // the name in configuration, not that of the property
    [InlineData("SomethingElse", "")] // not set
    [InlineData("Etcd:Username", "root")]
    [InlineData("Origins:media:Unknown", "x")] // checked with the origins
    public void Start_KnownKeyOrEmptyValue_IsAccepted(string key, string value)
    {
        using var services = ServicesOf(acceptFrontEnds: false, [(key, value)]);

        Assert.NotNull(services.GetRequiredService<IOptions<SettingKeys>>().Value);
    }

    [Fact]
    public void Start_CacheServiceWithSettingsOfFrontEnds_AcceptsThem()
    {
        (string, string)[] settings = [("AdminKeyFile", "x"), ("FrontEnd:MaxRanges", "4"), ("Routes:films:Path", "/films/")];
        using var cache = ServicesOf(acceptFrontEnds: true, settings);
        using var other = ServicesOf(acceptFrontEnds: false, settings);

        Assert.NotNull(cache.GetRequiredService<IOptions<SettingKeys>>().Value);
        Assert.Equal(2, Assert.Throws<OptionsValidationException>(() => other.GetRequiredService<IOptions<SettingKeys>>().Value).Failures.Count()); // routes are checked with the routes
    }

    [Fact]
    public void Start_CacheServiceWithAnUnknownKey_IsRefused()
    {
        using var services = ServicesOf(acceptFrontEnds: true, [("DisckSize", "0")]);

        Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<SettingKeys>>().Value);
    }

    private static ServiceProvider ServicesOf(bool acceptFrontEnds, IEnumerable<(string Key, string Value)> settings)
    {
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Select(it => KeyValuePair.Create($"ChunkProxy:{it.Key}", (string?)it.Value)).Append(new("ChunkProxy:Url", "http://origin.example/"))).Build())
            .AddLogging()
            .AddChunkCache();
        services.RefuseUnknownKeys(acceptFrontEnds);
        return services.BuildServiceProvider();
    }
}
