using System.Globalization;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Settings;

namespace ChunkProxy.Web.Tests.Settings;

public sealed class FrontEndOptionsTests
{
    public static TheoryData<string, Action<FrontEndOptions>> Wrong => new()
    {
        { nameof(FrontEndOptions.MaxTargetLength), options => options.MaxTargetLength = 255 },
        { nameof(FrontEndOptions.MaxTargetLength), options => options.MaxTargetLength = (64 * 1024) + 1 },
        { nameof(FrontEndOptions.MaxRanges), options => options.MaxRanges = 0 },
        { nameof(FrontEndOptions.LookAheadLimit), options => options.LookAheadLimit = ByteSize.MiB(1025) },
        { nameof(FrontEndOptions.WriteTimeout), options => options.WriteTimeout = TimeSpan.Zero },
        { nameof(FrontEndOptions.VersionRestarts), options => options.VersionRestarts = -1 },
        { nameof(FrontEndOptions.RetryAfter), options => options.RetryAfter = TimeSpan.FromMilliseconds(999) },
    };

    [Fact]
    public void Validate_Defaults_AreFine() => Assert.True(new BoundsValidator<FrontEndOptions>(FrontEndOptions.Section).Validate(null, new FrontEndOptions()).Succeeded);

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Validate_OneOutOfItsRange_IsNamedByItsKey(string setting, Action<FrontEndOptions> spoil)
    {
        var options = new FrontEndOptions();
        spoil(options);

        var failure = Assert.Single(new BoundsValidator<FrontEndOptions>(FrontEndOptions.Section).Validate(null, options).Failures!);

        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{FrontEndOptions.Section}:{setting}: "), failure);
    }
}
