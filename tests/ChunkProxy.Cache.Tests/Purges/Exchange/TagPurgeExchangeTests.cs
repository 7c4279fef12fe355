using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.Cache.Tests.Purges.Exchange;

/// <summary>Objects with a tag change at the origin without new entity tags.</summary>
public sealed class TagPurgeExchangeTests : SeveralObjects
{
    private static readonly string[] Tagged = ["/a", "/b?q=1", "/films/c"];
    private static readonly string[] NotTagged = ["/films/d", "/e"];

    protected override string[] Covered => Tagged;

    protected override string[] Others => NotTagged;

    [Theory]
    [InlineData(0)]
    [InlineData(-1)] // through the front end
    public Task Purge_Tag_EveryByteIsTheNewOneEverywhereAndNoOtherIsFetched(int asked) =>
        PurgeEverywhereAsync(asked, Tag("Film-1"), static engine => Assert.Equal(0, engine.Purges.Count)); // one purge, and not one for each object

    [Fact]
    public async Task Purge_Tag_TwiceAndThenOneObject_EachCoversWhatWasFetchedBefore()
    {
        await using var engine = new Engine(Origin);
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
        await using var engine = new Engine(Origin);
        var missing = Origin.Add("/missing", new OriginAnswer { Status = System.Net.HttpStatusCode.NotFound }
            .WithHeader("Cache-Control", "max-age=3600").WithHeader("Cache-Tag", "film-1"));
        var other = Origin.Add("/other", new OriginAnswer { Status = System.Net.HttpStatusCode.NotFound }.WithHeader("Cache-Control", "max-age=3600"));
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
    public Task Purge_MemberWasAwayWithADisk_IsAppliedBeforeItServes() => PurgeWhileAMemberIsAwayAsync(Tag("film-1"));

    // The name of a version without the purged tag would be that of the files from before the purge.
    [Theory]
    [InlineData(false)]
    [InlineData(true)] // and the record of the version has been evicted
    public async Task Purge_ProcessWasKilledBeforeItDeletedTheFilesAndTheTagIsGone_NoOldByteIsServed(bool recordIsGone)
    {
        var before = await PurgeOnDiskAsync(Tag("film-1"));

        Assert.InRange(ChunkFiles().Count(), 1, before.Count - (2 * Tagged.Length));
        await WriteBackAsync(before);
        foreach (var record in recordIsGone ? Directory.EnumerateFiles(Folder, "*.version", SearchOption.AllDirectories).ToList() : [])
        {
            File.Delete(record);
        }

        SetSeeds(2, tag: null);
        await using var engine = new Engine(Origin, settings: WithDisk);
        await ReadAllAsync([engine], Tagged, seed: 2);
        SetSeeds(1);
        await ReadAllAsync([engine], NotTagged, seed: 1);
    }

    [Fact]
    public async Task Find_RevalidatedVersionHasATagThatWasPurged_IsFetchedAgain()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var engine = new Engine(Origin, time);
        await ReadAllAsync([engine], ["/e"], seed: 1);
        await engine.PurgeCoordinator.PurgeAsync(Tag("film-1"), Stop);
        time.Advance(TimeSpan.FromHours(2));
        SetSeeds(2);
        Origin.Add("/e", Answer(2, "film-1"));

        await ReadAllAsync([engine], ["/e"], seed: 2);
    }

    private static Purge Tag(string tag) => Purge.OfSeveral(PurgeScope.Tag, tag, stamp: 0)!;

    private static OriginAnswer Answer(long seed, string? tags)
    {
        var answer = new OriginAnswer { Size = Size, Seed = seed }.WithHeader("Cache-Control", "max-age=3600");
        return tags is null ? answer : answer.WithHeader("Cache-Tag", tags);
    }

    protected override void SetSeeds(long seed) => SetSeeds(seed, "all, film-1");

    private void SetSeeds(long seed, string? tag)
    {
        foreach (var path in Tagged)
        {
            Origin.Add(path, Answer(seed, tag));
        }

        foreach (var path in NotTagged)
        {
            Origin.Add(path, Answer(seed, "all film-2"));
        }
    }
}
