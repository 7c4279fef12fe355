using ChunkProxy.Cache.Status;

namespace ChunkProxy.Cache.Tests.Status;

public sealed class HotFiguresTests
{
    [Fact]
    public void AddUp_SamePathAtTwoProcesses_IsOneWithTheSums()
    {
        var all = HotFigures.AddUp(
            [new("/a", 2, 1, 100, 1000, 3), new("/b", 9, 9, 1, 1, 1), new("/a", 6, 5, 50, 10, 2), new("/c", 0.1, 0, 0, 0, 0)],
            most: 2);

        Assert.Equal(["/b", "/a"], all.Select(it => it.Path));
        Assert.Equal((8.0, 0.75, 150.0, 1010L, 5), (all[1].ReadsPerSecond, all[1].HitRatio, all[1].BytesPerSecond, all[1].Bytes, all[1].Viewers));
    }

    [Theory]
    [InlineData("/films/a/b", "/films/")]
    [InlineData("/film.mp4", "/")]
    [InlineData("media:/films/a", "media:/films/")]
    [InlineData("//a.films.example/films/a", "//a.films.example/films/")] // where the host is part of the key
    [InlineData("farm://a.films.example/film.mp4", "farm://a.films.example/")]
    public void PrefixOf_Object_EndsWithItsFirstPathSegment(string text, string prefix) => Assert.Equal(prefix, HotFigures.PrefixOf(text));
}
