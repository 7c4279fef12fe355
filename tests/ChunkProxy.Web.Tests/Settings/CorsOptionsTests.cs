using ChunkProxy.Web.Settings;

namespace ChunkProxy.Web.Tests.Settings;

public sealed class CorsOptionsTests
{
    [Theory]
    [InlineData(null, false, "ETag", null)]
    [InlineData("*", false, "ETag", null)]
    [InlineData("https://a.test, https://*.b.test:8443", true, "", null)]
    [InlineData("*, https://a.test", false, "ETag", null)]
    [InlineData("a.test", false, "ETag", "ChunkProxy:Cors: 'a.test' is not ")]
    [InlineData(" , ", false, "ETag", "ChunkProxy:Cors: is an empty list")]
    [InlineData("*", true, "ETag", "ChunkProxy:CorsCredentials: needs a list")]
    [InlineData("https://a.test, *", true, "ETag", "ChunkProxy:CorsCredentials: needs a list")]
    [InlineData(null, true, "ETag", "ChunkProxy:CorsCredentials: needs a list")]
    [InlineData("*", false, "ETag, a b", "ChunkProxy:CorsExposedFields: 'a b' is not ")]
    public void Validate_Settings_InvalidOnesAreNamed(string? cors, bool credentials, string exposed, string? failure)
    {
        var result = new CorsOptionsValidator().Validate(null, new CorsOptions { Cors = cors, CorsCredentials = credentials, CorsExposedFields = exposed });

        Assert.Equal(failure is not null, result.Failed);
        Assert.StartsWith(failure ?? "", result.FailureMessage ?? "", StringComparison.Ordinal);
    }
}
