using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tests.Chunks;

public sealed class SegmentPathTests
{
    [Theory]
    [InlineData("/films/orbit/seg-12.ts", "/films/orbit/", 12)]
    [InlineData("/films/orbit/chunk-stream0-00007.m4s?token=1", "/films/orbit/", 7)]
    [InlineData("media:/a/720p_3.TS", "media:/a/", 3)]
    [InlineData("/a/first.ts", "/a/", -1)]
    [InlineData("/a/99999999999999999999.ts", "/a/", -1)]
    [InlineData("/a/film.mp4", "", -1)]
    [InlineData("/a.ts/film1.mp4", "", -1)]
    [InlineData("/1.ts", "/", 1)]
    public void Of_APath_IsFolderAndNumber(string path, string folder, long number) =>
        Assert.Equal((folder, number), (SegmentPath.FolderOf(path).ToString(), SegmentPath.NumberOf(path)));

    [Theory]
    [InlineData("/films/orbit/master.m3u8", "/films/orbit/")]
    [InlineData("/films/orbit/manifest.mpd?x=1", "/films/orbit/")]
    [InlineData("/films/orbit/", "/films/orbit/")]
    [InlineData("/films/orbit.mp4", null)]
    public void FolderOfFilm_OfAPath_IsThatOfAPlaylistOrAFolder(string path, string? folder) => Assert.Equal(folder, SegmentPath.FolderOfFilm(path));
}
