using System.Text;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Purges.Exchange;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Cache.Tests.Pool;
using ChunkProxy.Testing.Scripted;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Purges.Exchange;

/// <summary>Objects below a prefix change at the origin without new entity tags.</summary>
public sealed class GroupPurgeExchangeTests : SeveralObjects
{
    private static readonly string[] Below = ["/films/a", "/films/b?q=1", "/films/b?q=2", "/films/c/d"];
    private static readonly string[] Beside = ["/film", "/filmsx", "/other/films/a"];

    protected override string[] Covered => Below;

    protected override string[] Others => Beside;

    [Theory]
    [InlineData(0)]
    [InlineData(-1)] // through the front end
    public Task Purge_Prefix_EveryByteBelowIsTheNewOneEverywhereAndNoOtherIsFetched(int asked) => PurgeEverywhereAsync(asked, Prefix("/films/"), static _ => { });

    [Fact]
    public async Task Purge_AllQueriesOfAPath_LeavesOtherPaths()
    {
        await using var engine = new Engine(Origin);
        await ReadAllAsync([engine], Below, seed: 1);
        SetSeeds(2);

        await engine.PurgeCoordinator.PurgeAsync(Purge.OfSeveral(PurgeScope.Path, "/films/b", 0)!, Stop);

        await ReadAllAsync([engine], ["/films/b?q=1", "/films/b?q=2"], seed: 2);
        await ReadAllAsync([engine], ["/films/a", "/films/c/d"], seed: 1);
    }

    [Fact]
    public async Task Purge_OfOneObjectBefore_IsCoveredToo()
    {
        await using var engine = new Engine(Origin);
        await ReadAllAsync([engine], Below, seed: 1);
        SetSeeds(2);
        await engine.PurgeCoordinator.PurgeAsync(engine.At("/films/a"), Stop);
        await ReadAllAsync([engine], ["/films/a"], seed: 2);
        SetSeeds(3);

        await engine.PurgeCoordinator.PurgeAsync(Prefix("/"), Stop);
        await ReadAllAsync([engine], Below, seed: 3);
        SetSeeds(4);

        await engine.PurgeCoordinator.PurgeAsync(engine.At("/films/a"), Stop); // and one afterwards
        await ReadAllAsync([engine], ["/films/a"], seed: 4);
        await ReadAllAsync([engine], ["/films/c/d"], seed: 3);
    }

    [Fact]
    public async Task Purge_MemberKnowsALaterStamp_IsRepeatedAboveIt()
    {
        await using var cluster = await TestCluster.StartAsync(Origin, 2, Stop);
        await ReadAllAsync([cluster[0], cluster[1]], Below, seed: 1);
        var id = cluster[1].At("/films/a");
        var ahead = (TimeProvider.System.GetUtcNow().AddMinutes(10) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        cluster.Nodes[0].Membership.Set(cluster.IdOf(0)); // does not hear of it
        cluster[1].Purges.Add(id, ahead); // by a clock that is ahead
        await cluster[1].PurgeApplier.WhenDoneAsync(cluster[1].Purges.Sequence, Stop);
        SetSeeds(2);
        await ReadAllAsync([cluster[1]], ["/films/a"], seed: 2);
        cluster.Nodes[0].Membership.Set(cluster.IdOf(0), cluster.IdOf(1));
        SetSeeds(3);

        Assert.True((await cluster[0].PurgeCoordinator.PurgeAsync(Prefix("/films/"), Stop)).Complete);

        await ReadAllAsync([cluster[0], cluster[1]], Below, seed: 3);
    }

    [Fact]
    public Task Purge_MemberWasAwayWithADisk_IsAppliedBeforeItServes() => PurgeWhileAMemberIsAwayAsync(Prefix("/films/"));

    [Fact]
    public async Task Purge_ProcessStartsAgain_IsStillAppliedAndTheFilesAreDeleted()
    {
        var before = await PurgeOnDiskAsync(Prefix("/films/"));

        var below = Encoding.UTF8.GetBytes($":{Origin.Port}/films/"); // a file has the name of its object
        Assert.InRange(before.Values.Count(file => file.AsSpan().IndexOf(below) >= 0), Below.Length, before.Count - 1);
        Assert.Equal(before.Values.Count(file => file.AsSpan().IndexOf(below) < 0), ChunkFiles().Count());
        await WriteBackAsync(before);

        SetSeeds(2);
        await using var engine = new Engine(Origin, settings: WithDisk);
        await ReadAllAsync([engine], Below, seed: 2);
        await ReadAllAsync([engine], Beside, seed: 1);
    }

    private static Purge Prefix(string prefix) => Purge.OfSeveral(PurgeScope.Prefix, prefix, stamp: 0)!;

    protected override void SetSeeds(long seed)
    {
        foreach (var path in (string[])[.. Below, .. Beside])
        {
            Origin.Add(path, new OriginAnswer { Size = Size, Seed = seed }.WithHeader("Cache-Control", "max-age=3600"));
        }
    }
}
