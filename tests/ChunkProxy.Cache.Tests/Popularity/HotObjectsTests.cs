using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Popularity;
using ChunkProxy.Cache.Status;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Popularity;

public sealed class HotObjectsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly HotObjects _hot;

    public HotObjectsTests() => _hot = new HotObjects(_time);

    public void Dispose() => _hot.Dispose();

    [Fact]
    public void Of_SameObjectAndSegmentsOfOneFolder_HaveOneCounterEach()
    {
        var film = Version("/films/orbit.mp4");

        Assert.Same(_hot.Of(film), _hot.Of(film));
        Assert.Same(_hot.Of(film), _hot.Of(Version("/films/orbit.mp4"))); // after a revalidation
        Assert.NotSame(_hot.Of(film), _hot.Of(Version("/films/orbit.mp4?cut=2")));
        Assert.Same(_hot.Of(Version("/hls/1.ts")), _hot.Of(Version("/hls/2.ts")));
        Assert.Equal("/films/orbit.mp4", _hot.Of(film)!.Name);
        Assert.Equal(3, _hot.Read().Count);
    }

    [Fact]
    public void Read_AfterReads_HasRatesAndViewersOfTheLastTwoIntervals()
    {
        Read("/films/a.mp4", times: 60, client: 1);
        Read("/films/a.mp4", times: 60, client: 2, isHit: false);
        Read("/live/1.ts", times: 30, client: 2);
        _time.Advance(HotObjects.Interval);
        _time.Advance(HotObjects.Interval / 2);

        var objects = HotFigures.ObjectsOf(_hot.Read(), 10);
        Assert.Equal(["/films/a.mp4", "/live/"], objects.Select(it => it.Path));
        Assert.Equal((120 / 45.0, 0.5, 2, 1200L), (objects[0].ReadsPerSecond, objects[0].HitRatio, objects[0].Viewers, objects[0].Bytes), new Near());
        Assert.Equal((false, true), (objects[0].IsOfSegments, objects[1].IsOfSegments));
        Assert.Equal(["/films/", "/live/"], HotFigures.PrefixesOf(_hot.Read(), 10).Select(it => it.Path));

        _time.Advance(HotObjects.Interval);
        _time.Advance(HotObjects.Interval);
        Assert.All(HotFigures.ObjectsOf(_hot.Read(), 10), it => Assert.Equal((0.0, 0), (it.ReadsPerSecond, it.Viewers)));
    }

    [Fact]
    public void Of_FarMoreObjectsThanAreCounted_KeepsTheHotOnesAndStaysBounded()
    {
        string[] hot = [.. Enumerable.Range(0, 20).Select(i => $"/hot/{i}.mp4")];
        for (var round = 0; round < 10; round++)
        {
            foreach (var path in hot)
            {
                Read(path, times: 100);
            }

            for (var i = 0; i < 5000; i++)
            {
                Read($"/cold/{round}/{i}.jpg", times: 1);
            }

            _time.Advance(HotObjects.Interval);
        }

        Assert.Equal(HotObjects.Most, _hot.Read().Count);
        var names = _hot.Read().Select(it => it.Name).ToHashSet();
        Assert.All(hot, path => Assert.Contains(path, names));
    }

    [Fact]
    public void Of_MoreObjectsThanAreAdmittedInAnInterval_AreCountedInTheNext()
    {
        ObjectVersion[] versions = [.. Enumerable.Range(0, 3000).Select(i => Version($"/{i}.jpg"))];

        Assert.Equal(2000, versions.Count(version => _hot.Of(version) is not null));
        Assert.Null(_hot.Of(versions[^1]));

        _time.Advance(HotObjects.Interval);
        Assert.NotNull(_hot.Of(versions[^1]));
    }

    [Fact]
    public void Retire_Counter_CountsNothingAndHoldsNothing()
    {
        var retired = new ObjectActivity("/film.mp4", isOfSegments: false);
        var kept = new ObjectActivity("/other.mp4", isOfSegments: false);
        retired.Retire();

        retired.Read(client: 7, isHit: true);
        retired.Heated(Version("/film.mp4"), 0, 1);

        var viewers = ObjectActivity.NoViewers();
        kept.AddViewersTo(viewers);
        Assert.Equal(0, ObjectActivity.ViewersIn(viewers));
        Assert.All(kept.Heat, heat => Assert.Equal(0, heat));
    }

    [Fact]
    public void Of_ReplacedObject_CountsNothingUntilItIsCountedAgain()
    {
        var first = Version("/first.jpg");
        var before = _hot.Of(first)!;
        for (var i = 0; !before.IsRetired; i++)
        {
            Read($"/{i}.jpg", times: 2);
            if (i % 1000 == 999)
            {
                _time.Advance(HotObjects.Interval);
            }
        }

        Assert.NotSame(before, _hot.Of(first));
    }

    [Fact]
    public void Of_ManyThreads_EachReadOfACountedObjectCounts()
    {
        var film = Version("/film.mp4");
        _hot.Of(film);

        Parallel.For(0, 10_000, i => _hot.Of(film)!.Read(i, isHit: i % 2 == 0));

        Assert.Equal((10_000L, 5000L), (_hot.Of(film)!.Reads, _hot.Of(film)!.Hits));
    }

    [Fact]
    public void Named_PlaylistOrFolder_IsTheSegmentsBelow()
    {
        Read("/hls/720/1.ts", times: 1);
        Read("/hls/1080/1.ts", times: 1);
        Read("/hls/master.m3u8", times: 1);
        Read("/other/1.ts", times: 1);

        Assert.Equal(["/hls/1080/", "/hls/720/"], _hot.Named("/hls/master.m3u8").Select(it => it.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["/hls/720/"], _hot.Named("/hls/720/").Select(it => it.Name));
        Assert.Equal(["/film.mp4"], [.. Named("/film.mp4")]);
        Assert.Empty(_hot.Named("/nosuch.mp4"));

        IEnumerable<string> Named(string path)
        {
            Read(path, times: 1);
            return _hot.Named(path).Select(it => it.Name);
        }
    }

    private void Read(string path, int times, int client = 1, bool isHit = true)
    {
        for (var i = 0; i < times; i++)
        {
            var activity = _hot.Of(Version(path));
            activity?.Read(client, isHit);
            activity?.Sent(10);
        }
    }

    private static ObjectVersion Version(string path) => new(
        new ObjectId(path),
        Validator.Of("\"x\"", null, 5000),
        new ChunkLayout(1000, 5000),
        new OriginHeaders { ETag = "\"x\"", GeneratedAt = DateTimeOffset.UnixEpoch, FreshUntil = DateTimeOffset.UnixEpoch });

    private sealed class Near : IEqualityComparer<(double Rate, double Ratio, int Viewers, long Bytes)>
    {
        public bool Equals((double Rate, double Ratio, int Viewers, long Bytes) x, (double Rate, double Ratio, int Viewers, long Bytes) y) =>
            Math.Abs(x.Rate - y.Rate) < 0.01 && Math.Abs(x.Ratio - y.Ratio) < 0.01 && x.Viewers == y.Viewers && x.Bytes == y.Bytes;

        public int GetHashCode((double Rate, double Ratio, int Viewers, long Bytes) obj) => 0;
    }
}
