using ChunkProxy.Web.Cli.Playlists;

namespace ChunkProxy.Web.Tests.Cli.Playlists;

public sealed class RenditionChoiceTests
{
    [Theory]
    [InlineData("720p", 1280, 720, null, true)]
    [InlineData("720p", 720, 1280, null, true)] // upright
    [InlineData("720p", 1920, 1080, null, false)]
    [InlineData("720p", null, null, 3_000_000L, false)]
    [InlineData("3M", null, null, 3_000_000L, true)]
    [InlineData("3M", null, null, 3_000_001L, false)]
    [InlineData("2.5M", null, null, 2_500_000L, true)]
    [InlineData("800k, 720p", 640, 360, 800_000L, true)]
    [InlineData("800000,64k", 640, 360, 800_000L, true)]
    public void Contains_Rendition_IsChosen(string choice, int? width, int? height, long? bandwidth, bool expected) =>
        Assert.Equal(expected, RenditionChoice.Parse(choice)!.Contains(new Rendition(width, height, bandwidth)));

    [Theory]
    [InlineData("")]
    [InlineData("hd")]
    [InlineData("p")]
    [InlineData("-720p")]
    [InlineData("0")]
    [InlineData("720p,")]
    [InlineData("99999999999p")]
    [InlineData("99999999999999999999999M")]
    public void Parse_Nonsense_IsNone(string text) => Assert.Null(RenditionChoice.Parse(text));
}
