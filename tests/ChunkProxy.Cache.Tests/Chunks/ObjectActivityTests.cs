using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tests.Chunks;

public sealed class ObjectActivityTests
{
    private const int ChunkSize = 1000;

    [Fact]
    public void Heated_PartsOfAnObject_CountThereAndNowhereElse()
    {
        var activity = new ObjectActivity("/film.mp4", isOfSegments: false);
        var film = Version("/film.mp4", 100 * ChunkSize);

        activity.Heated(film, 0, 1);
        activity.Heated(film, 5000, 8000);
        activity.Heated(film, 99_999, 100_000);
        activity.Heated(film, 6000, 7000);

        var heat = activity.Heat;
        Assert.Equal(100, heat.Length);
        Assert.Equal([1, 0, 0, 0, 0, 1, 2, 1, 0], heat[..9]);
        Assert.Equal((1, 6), (heat[99], heat.Sum()));
    }

    [Fact]
    public void Heated_ResponseOfManySlices_CountsEachPartOnce()
    {
        var activity = new ObjectActivity("/film.mp4", isOfSegments: false);
        var film = Version("/film.mp4", 40 * ChunkSize);
        var before = -1;

        foreach (var slice in film.Layout.Slices(ByteRange.Whole(film.Size)))
        {
            var start = film.Layout.StartOf(slice.ChunkIndex);
            before = activity.Heated(film, start + slice.Offset, start + slice.End, before);
        }

        Assert.All(activity.Heat, heat => Assert.Equal(1, heat));
    }

    [Fact]
    public void Heated_ResponseWithASegment_CountsItOnce()
    {
        var activity = new ObjectActivity("/a/", isOfSegments: true);
        var segment = Version("/a/3.ts", 2 * ChunkSize);

        activity.Heated(segment, ChunkSize, 2 * ChunkSize, activity.Heated(segment, 0, ChunkSize));

        Assert.Equal([0, 0, 0, 1], activity.Heat);
    }

    [Fact]
    public void Heated_HugeObject_PartsDoNotOverflow()
    {
        var activity = new ObjectActivity("/film.mp4", isOfSegments: false);
        var film = Version("/film.mp4", long.MaxValue);

        activity.Heated(film, long.MaxValue - 10, long.MaxValue);

        Assert.Equal(1, activity.Heat[^1]);
    }

    [Fact]
    public void Heated_SmallObject_HasNoHeat()
    {
        var activity = new ObjectActivity("/a.vtt", isOfSegments: false);

        activity.Heated(Version("/a.vtt", ChunkSize), 0, ChunkSize);

        Assert.Equal(0, activity.Heat.Sum());
    }

    [Fact]
    public void Heated_Segments_CountByNumberInPartsThatGrow()
    {
        var activity = new ObjectActivity("/a/", isOfSegments: true);
        Assert.Empty(activity.Heat);

        for (var number = 0; number < 150; number++)
        {
            activity.Heated(Version($"/a/{number}.ts", 10), 0, 10);
        }

        activity.Heated(Version("/a/70.ts", 10), 0, 10);

        Assert.Equal((2L, 75, 151), (activity.NumbersInPart, activity.Heat.Length, activity.Heat.Sum()));
        Assert.Equal((2, 3, 2), (activity.Heat[0], activity.Heat[35], activity.Heat[74]));
    }

    [Fact]
    public void Heated_SegmentWithAHugeNumber_StaysBounded()
    {
        var activity = new ObjectActivity("/a/", isOfSegments: true);

        activity.Heated(Version("/a/1.ts", 10), 0, 10);
        activity.Heated(Version($"/a/{long.MaxValue}.ts", 10), 0, 10);

        Assert.Equal(2, activity.Heat.Sum());
        Assert.InRange(activity.Heat.Length, 1, ObjectActivity.Parts);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(5, 0)]
    [InlineData(300, 30)]
    public void Viewers_OfClients_AreAboutThatMany(int clients, int tolerance)
    {
        var activity = new ObjectActivity("/film.mp4", isOfSegments: false);
        var random = new Random(1);
        var hashes = Enumerable.Range(0, clients).Select(i => clients <= 5 ? i * 7 : random.Next()).ToArray();

        foreach (var hash in hashes.Concat(hashes))
        {
            activity.Read(hash, isHit: true);
        }

        Assert.InRange(ViewersOf(activity), clients - tolerance, clients + tolerance);
        activity.NextInterval();
        activity.Read(hashes[0], isHit: false);
        Assert.InRange(ViewersOf(activity), clients - tolerance, clients + tolerance); // those of the last interval still count
        activity.NextInterval();
        activity.NextInterval();
        Assert.Equal(0, ViewersOf(activity));
        Assert.Equal((2 * clients) + 1, activity.Reads);
        Assert.Equal(2 * clients, activity.Hits);
    }

    private static int ViewersOf(ObjectActivity activity)
    {
        var set = ObjectActivity.NoViewers();
        activity.AddViewersTo(set);
        return ObjectActivity.ViewersIn(set);
    }

    private static ObjectVersion Version(string path, long size) => new(
        new ObjectId(path),
        Validator.Of("\"x\"", null, size),
        new ChunkLayout(ChunkSize, size),
        new OriginHeaders { ETag = "\"x\"", GeneratedAt = DateTimeOffset.UnixEpoch, FreshUntil = DateTimeOffset.UnixEpoch });
}
