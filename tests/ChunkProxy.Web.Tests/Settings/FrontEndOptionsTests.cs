using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Tests.Settings;

public sealed class FrontEndOptionsTests
{
    [Fact]
    public void Value_Defaults_AreFine() => Assert.Equal(new FrontEndOptions().MaxRanges, Read([]).MaxRanges);

    [Theory]
    [InlineData(nameof(FrontEndOptions.MaxTargetLength), "255")]
    [InlineData(nameof(FrontEndOptions.MaxTargetLength), "65537")]
    [InlineData(nameof(FrontEndOptions.MaxRanges), "0")]
    [InlineData(nameof(FrontEndOptions.LookAheadLimit), "1025MiB")]
    [InlineData(nameof(FrontEndOptions.WriteTimeout), "00:00:00")]
    [InlineData(nameof(FrontEndOptions.VersionRestarts), "-1")]
    [InlineData(nameof(FrontEndOptions.RetryAfter), "00:00:00.999")]
    public void Value_OneOutOfItsRange_IsNamedByItsKey(string setting, string value)
    {
        var key = $"{FrontEndOptions.Section}:{setting}";

        var failure = Assert.Single(Assert.Throws<OptionsValidationException>(() => Read(new() { [key] = value })).Failures);

        Assert.StartsWith($"{key}: ", failure);
    }

    private static FrontEndOptions Read(Dictionary<string, string?> settings)
    {
        var services = new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddOptions<FrontEndOptions>().BindSettings(FrontEndOptions.Section);
        return services.BuildServiceProvider().GetRequiredService<IOptions<FrontEndOptions>>().Value;
    }
}
