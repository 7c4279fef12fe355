using ChunkProxy.Cache.Status;

namespace ChunkProxy.Cache.Tests.Status;

public sealed class HeldObjectTests
{
    [Fact]
    public void Combine_SegmentsOfFilms_OneEntryForEachFilm()
    {
        HeldObject[] objects =
        [
            new("/a/seg-1.ts", 1000, 1, 2), new("/film.mp4", 5000, 5, 9), new("/a/seg-2.ts?token=x", 2000, 2, 3), new("/b/video.M4S", 10, 1, 1), new("/a/index.m3u8", 7, 1, 4),
        ];

        Assert.Equal(
            [new("/film.mp4", 5000, 5, 9), new("/a/index.m3u8", 7, 1, 4), new("/a/", 3000, 3, 5, Segments: 2), new("/b/", 10, 1, 1, Segments: 1)],
            HeldObject.Combine(objects));
    }

    [Fact]
    public void AddUp_OfMembers_ChunksAreSummedAndSegmentsAreTheMost()
    {
        HeldObject[] ofMembers =
        [
            new("/a/", 3000, 3, 5, Segments: 2), new("/film.mp4", 5000, 5, 9), new("/a/", 1000, 1, 1, Segments: 1), new("/film.mp4", 5000, 1, 1), new("/film.mp4", 6000, 2, 2),
        ];

        Assert.Equal(
            [new("/a/", 3000, 4, 6, Segments: 2), new("/film.mp4", 5000, 6, 10), new("/film.mp4", 6000, 2, 2)],
            HeldObject.AddUp(ofMembers));
    }
}
