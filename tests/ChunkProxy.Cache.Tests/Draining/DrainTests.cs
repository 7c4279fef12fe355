using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Draining;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Cache.Tests.Pool;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Draining;

/// <summary>Draining over engines that reach each other through their pool ports. The test controls the membership.</summary>
public sealed class DrainTests
{
    private const long Size = (24 * MiB) + 12_345;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Drain_OfAnotherMember_ItOwnsNothingHandsOnAndAnswers()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 3, Stop);
        await cluster[0].ReadAsync("/film", ByteRange.Whole(Size), Stop);
        await film.WhenIdleAsync(Stop);
        var before = film.BodyBytesSent;
        var served = ServedBy(cluster[1]);

        var reply = await cluster[0].Drains.DrainAsync(new Member(cluster.IdOf(1)), Stop);
        Tell(cluster, 0, 2);
        await cluster[1].Drain.HandOver.WaitAsync(Patience.Limit, Stop);

        Assert.Equal((DrainRefusal.None, true), (reply!.Refusal, reply.Told));
        Assert.Equal(DrainState.Drained, cluster[1].Drain.State);
        Assert.Equal(served, ServedBy(cluster[1])); // a handover does not count as a client's read
        foreach (var reader in new[] { cluster[1], cluster[0], cluster[2] })
        {
            await reader.ReadAsync("/film", ByteRange.Whole(Size), Stop);
        }

        Assert.Equal(before, film.BodyBytesSent);
    }

    [Fact]
    public async Task Read_LongAfterADrain_TakesWhatTheDrainedOneHasAndNotTheOrigins()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 2, Stop);
        await cluster[0].ReadAsync("/film", ByteRange.Whole(Size), Stop);
        await film.WhenIdleAsync(Stop);
        var before = film.BodyBytesSent;

        // Simulates the end of the time in which departed members are asked: the previous membership does not contain the member.
        Tell(cluster, 0);
        cluster.Nodes[0].Membership.Set(cluster.IdOf(0), "127.0.0.1:1");
        cluster.Nodes[0].Membership.Set(cluster.IdOf(0));
        cluster.Nodes[0].Membership.Drained = [new Member(cluster.IdOf(1))];
        await cluster[0].ReadAsync("/film", ByteRange.Whole(Size), Stop);

        Assert.Equal(before, film.BodyBytesSent);
        Assert.True(cluster[0].Metrics.BytesFrom(ChunkSource.FormerOwner) > 0);
    }

    [Fact]
    public async Task Rejoin_OfADrainedMember_OwnsItsChunksAgain()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 2, Stop);
        await cluster[0].Drains.DrainAsync(new Member(cluster.IdOf(1)), Stop);
        Tell(cluster, 0);
        cluster.Nodes[0].Membership.Drained = [new Member(cluster.IdOf(1))];

        var reply = await cluster[0].Drains.RejoinAsync(new Member(cluster.IdOf(1)), Stop);
        cluster.AllKnowAll();

        Assert.Equal(new DrainReply(DrainState.Member, DrainRefusal.None, Told: true), reply);
        Assert.Equal(DrainState.Member, cluster[1].Drain.State);
        await cluster[0].ReadAsync("/film", ByteRange.Whole(Size), Stop);
        Assert.True(cluster[0].Metrics.ReadsFrom(ChunkSource.PeerOrigin) > 0);
    }

    [Fact]
    public async Task Drain_LastMember_IsRefused()
    {
        await using var origin = ScriptedOrigin.Start();
        await using var cluster = await TestCluster.StartAsync(origin, 1, Stop);

        var reply = await cluster[0].Drains.DrainAsync(new Member(cluster.IdOf(0)), Stop);

        Assert.Equal((DrainState.Member, DrainRefusal.LastMember), (reply!.State, reply.Refusal));
        Assert.NotNull(cluster.Nodes[0].Membership.Owners.Epoch.Find(cluster.IdOf(0)));
    }

    [Fact]
    public async Task Drain_MemberThatDoesNotAnswer_IsSaid()
    {
        await using var origin = ScriptedOrigin.Start();
        await using var cluster = await TestCluster.StartAsync(origin, 2, Stop);
        await cluster[1].Pool.StopAsync(Stop);

        Assert.Null(await cluster[0].Drains.DrainAsync(new Member(cluster.IdOf(1)), Stop));
    }

    private static long ServedBy(Engine engine) => Enum.GetValues<ChunkSource>().Sum(engine.Metrics.PeerReadsServedFrom);

    private static void Tell(TestCluster cluster, params int[] members)
    {
        var ids = members.Select(cluster.IdOf).ToArray();
        cluster.Nodes.ForEach(node => node.Membership.Set(ids));
    }
}
