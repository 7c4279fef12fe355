using ChunkProxy.Web.Settings;

namespace ChunkProxy.Web.Tests.Settings;

public sealed class CompressionOptionsTests
{
    [Theory]
    [InlineData("text/vtt, audio/mpegurl", null)]
    [InlineData("", null)]
    [InlineData("text", "'text' is not a media type")]
    [InlineData("text/*", "'text/*' is not a media type")]
    [InlineData("text/vtt;charset=utf-8", "'text/vtt;charset=utf-8' is not a media type")]
    [InlineData("text/vtt, video/mp4", "'video/mp4' is media")]
    [InlineData("audio/mp4", "'audio/mp4' is media")]
    public void Validate_Types_MediaIsRefused(string types, string? failure)
    {
        var result = new CompressionOptionsValidator().Validate(null, new CompressionOptions { Types = types });

        Assert.Equal(failure is not null, result.Failed);
        Assert.StartsWith(failure is null ? "" : "ChunkProxy:Compression:Types: " + failure, result.FailureMessage ?? "", StringComparison.Ordinal);
    }
}
