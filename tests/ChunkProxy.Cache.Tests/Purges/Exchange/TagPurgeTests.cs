using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Cache.Tests.Pool;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Purges.Exchange;

/// <summary>Objects with a tag change at the origin without new entity tags.</summary>
public sealed class TagPurgeTests : IAsyncLifetime
{
    private const int Size = (2 * MiB) + 99;

    private static readonly string[] Tagged = ["/a", "/b?q=1", "/films/c"];
    private static readonly string[] Others = ["/films/d", "/e"];

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private (string, string)[] WithDisk => [("DiskSize", "64MiB"), ("Dir", _folder.Path)];

    public ValueTask InitializeAsync()
    {
        SetSeeds(1);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _origin.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)] // through the front end
    public async Task Purge_Tag_EveryByteIsTheNewOneEverywhereAndNoOtherIsFetched(int asked)
    {
        await using var cluster = await TestCluster.StartAsync(_origin, 3, Stop);
        var front = cluster.AddFrontEnd();
        await front.Pool.StartAsync(Stop);
        var all = cluster.Nodes.Select(node => node.Engine).Append(front).ToList();
        await ReadAllAsync(all, [.. Tagged, .. Others], seed: 1);
        SetSeeds(2);

        var report = await (asked < 0 ? front : cluster[asked]).PurgeCoordinator.PurgeAsync(Tag("Film-1"), Stop);

        Assert.True(report.Complete, string.Join(", ", report.Processes));
        Assert.True(report.Processes.Sum(process => process.Result!.Value.Chunks) >= Tagged.Length * 3);
        await ReadAllAsync(all, Tagged, seed: 2);
        await ReadAllAsync(all, Others, seed: 1);
        Assert.All(all, engine => Assert.Equal(0, engine.Purges.Count)); // one purge, and not one for each object
    }

    [Fact]
    public async Task Purge_Tag_TwiceAndThenOneObject_EachCoversWhatWasFetchedBefore()
    {
        await using var engine = new Engine(_origin);
        for (var seed = 1; seed <= 3; seed++)
        {
            SetSeeds(seed);
            await engine.PurgeCoordinator.PurgeAsync(Tag("film-1"), Stop);
            await ReadAllAsync([engine], Tagged, seed);
        }

        SetSeeds(4);
        await engine.PurgeCoordinator.PurgeAsync(engine.At("/a"), Stop);

        await ReadAllAsync([engine], ["/a"], seed: 4);
        await ReadAllAsync([engine], ["/films/c"], seed: 3);
    }

    [Fact]
    public async Task Purge_Tag_StoredErrorWithTheTag_IsAskedAgain()
    {
        await using var engine = new Engine(_origin);
        var missing = _origin.Add("/missing", new OriginAnswer { Status = System.Net.HttpStatusCode.NotFound }
            .WithHeader("Cache-Control", "max-age=3600").WithHeader("Cache-Tag", "film-1"));
        var other = _origin.Add("/other", new OriginAnswer { Status = System.Net.HttpStatusCode.NotFound }.WithHeader("Cache-Control", "max-age=3600"));
        await LookUpAsync();
        await LookUpAsync();
        Assert.Equal((1, 1), (missing.Requests.Count, other.Requests.Count));

        await engine.PurgeCoordinator.PurgeAsync(Tag("film-1"), Stop);
        await LookUpAsync();

        Assert.Equal((2, 1), (missing.Requests.Count, other.Requests.Count));

        async Task LookUpAsync()
        {
            foreach (var path in new[] { "/missing", "/other" })
            {
                Assert.Equal(ProxyError.NotFound, (await engine.Reader.FindAsync(engine.At(path), firstByte: null, Stop)).Error);
            }
        }
    }

    [Fact]
    public async Task Purge_MemberWasAwayWithADisk_ObeysBeforeItServes()
    {
        await using (var engine = new Engine(_origin, settings: WithDisk))
        {
            await ReadAllAsync([engine], [.. Tagged, .. Others], seed: 1);
        }

        SetSeeds(2);
        await using var cluster = await TestCluster.StartAsync(_origin, 1, Stop);
        await cluster[0].PurgeCoordinator.PurgeAsync(Tag("film-1"), Stop);

        var back = cluster.AddFrontEnd(WithDisk);
        await back.Pool.StartAsync(Stop);

        await ReadAllAsync([back], Tagged, seed: 2);
    }

    // The name of a version without the purged tag would be that of the files from before the purge.
    [Theory]
    [InlineData(false)]
    [InlineData(true)] // and the record of the version has been evicted
    public async Task Purge_ProcessWasKilledBeforeItDeletedTheFilesAndTheTagIsGone_NoOldByteIsServed(bool recordIsGone)
    {
        await using (var engine = new Engine(_origin, settings: WithDisk))
        {
            await ReadAllAsync([engine], [.. Tagged, .. Others], seed: 1);
        }

        var before = Directory.EnumerateFiles(_folder.Path, "*.chunk", SearchOption.AllDirectories).ToDictionary(path => path, File.ReadAllBytes);
        await using (var engine = new Engine(_origin, settings: WithDisk))
        {
            await engine.PurgeCoordinator.PurgeAsync(Tag("film-1"), Stop);
            await engine.Eraser.WhenGroupsAreGone.WaitAsync(Patience.Limit, Stop);
        }

        var left = Directory.EnumerateFiles(_folder.Path, "*.chunk", SearchOption.AllDirectories).Count();
        Assert.InRange(left, 1, before.Count - (2 * Tagged.Length));
        foreach (var (path, bytes) in before)
        {
            await File.WriteAllBytesAsync(path, bytes, Stop); // as if it had been killed before it could delete them
        }

        foreach (var record in recordIsGone ? Directory.EnumerateFiles(_folder.Path, "*.version", SearchOption.AllDirectories).ToList() : [])
        {
            File.Delete(record);
        }

        SetSeeds(2, tag: null);
        await using (var engine = new Engine(_origin, settings: WithDisk))
        {
            await ReadAllAsync([engine], Tagged, seed: 2);
            SetSeeds(1);
            await ReadAllAsync([engine], Others, seed: 1);
        }
    }

    [Fact]
    public async Task Find_RevalidatedVersionHasATagThatWasPurged_IsFetchedAgain()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var engine = new Engine(_origin, time);
        await ReadAllAsync([engine], ["/e"], seed: 1);
        await engine.PurgeCoordinator.PurgeAsync(Tag("film-1"), Stop);
        time.Advance(TimeSpan.FromHours(2));
        SetSeeds(2);
        _origin.Add("/e", Answer(2, "film-1"));

        await ReadAllAsync([engine], ["/e"], seed: 2);
    }

    [Fact]
    public async Task Purge_FillUnderWay_EndsItVisiblyAndKeepsNothing()
    {
        var stall = new Gate();
        _origin.Add("/a", Answer(1, "film-1") with { Stall = stall, StallAfter = 100 * KiB });
        await using var engine = new Engine(_origin);
        var old = await engine.FindAsync("/a", 0, Stop);
        using var lease = await engine.OpenAsync(old, new Slice(0, 0, MiB), Stop);
        var fill = engine.Fills.UnderWay.Single();
        SetSeeds(2);

        await engine.PurgeCoordinator.PurgeAsync(Tag("film-1"), Stop);

        await fill.Ended.WaitAsync(Patience.Limit, Stop);
        Assert.Equal(FillOutcome.VersionChanged, fill.Outcome);
        stall.Open();
        await Assert.ThrowsAsync<ChunkReadException>(() => engine.ReadAsync(old, new ByteRange(MiB, 2 * MiB), Stop));
        await engine.ReadAsync("/a", ByteRange.Whole(Size), Stop, seed: 2);
        Assert.DoesNotContain(engine.Memory.Entries, entry => entry.Key.Version == old.Hash);
    }

    [Fact]
    public async Task Purge_WhileTheOriginIsAskedForTheVersion_NobodyWhoComesAfterwardsGetsThatAnswer()
    {
        var hold = new Gate();
        var film = _origin.Add("/a", Answer(1, "film-1"));
        film.Script = request => request.Number == 1 ? Answer(1, "film-1") with { HoldAnswer = hold } : Answer(2, "film-1");
        await using var engine = new Engine(_origin);
        var before = engine.Reader.FindAsync(engine.At("/a"), 0, Stop).AsTask();
        await film.UntilAsync(it => it.Requests.Count == 1, "the origin is asked", Stop);

        await engine.PurgeCoordinator.PurgeAsync(Tag("film-1"), Stop);
        var after = await engine.FindAsync("/a", 0, Stop); // while the other question is still open
        hold.Open();
        var late = (await before).Version!;

        Assert.True(late.Generation < after.Generation);
        await Assert.ThrowsAsync<ChunkReadException>(() => engine.ReadAsync(late, new ByteRange(0, MiB), Stop));
        await engine.ReadAsync("/a", ByteRange.Whole(Size), Stop, seed: 2);
    }

    private static Purge Tag(string tag) => Purge.OfSeveral(PurgeScope.Tag, tag, stamp: 0)!.Value;

    private static async Task ReadAllAsync(IReadOnlyList<Engine> engines, string[] paths, long seed)
    {
        foreach (var engine in engines)
        {
            foreach (var path in paths)
            {
                await engine.ReadAsync(path, ByteRange.Whole(Size), Stop, seed);
                await engine.WhenFilledAsync(Stop);
            }
        }
    }

    private static OriginAnswer Answer(long seed, string? tags)
    {
        var answer = new OriginAnswer { Size = Size, Seed = seed }.WithHeader("Cache-Control", "max-age=3600");
        return tags is null ? answer : answer.WithHeader("Cache-Tag", tags);
    }

    private void SetSeeds(long seed, string? tag = "all, film-1")
    {
        foreach (var path in Tagged)
        {
            _origin.Add(path, Answer(seed, tag));
        }

        foreach (var path in Others)
        {
            _origin.Add(path, Answer(seed, "all film-2"));
        }
    }
}
