using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Pool;

public sealed class ClusterTests
{
    private const long Size = (24 * MiB) + 12_345;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_EverywhereAtOnce_CostsTheOriginTheObjectOnce()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 3, Stop);

        await Task.WhenAll(cluster.Nodes.SelectMany(node => Enumerable.Range(0, 3).Select(_ => node.Engine.ReadAsync("/film", ByteRange.Whole(Size), Stop))));
        await film.WhenIdleAsync(Stop);

        Assert.InRange(film.BodyBytesSent, Size, Size * 1.05);
        Assert.True(cluster[0].Metrics.ReadsFrom(ChunkSource.PeerOrigin) > 0);
    }

    [Fact]
    public async Task Read_ThroughAFrontEndThatOwnsNothing_FillsAtTheOwner()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 2, Stop);
        var front = cluster.AddFrontEnd();

        await front.ReadAsync("/film", new ByteRange(5_000_000, 9_000_000), Stop);

        var owner = cluster[cluster.OwnerOf("/film", 5)];
        await owner.WhenFilledAsync(Stop); // a reader may have its bytes before the chunk is in memory
        Assert.True(owner.Reader.TryOpen(await owner.FindAsync("/film", null, Stop), new Slice(5, 0, 1), out var lease));
        lease.Dispose();
        Assert.Equal(0, front.Metrics.ReadsFrom(ChunkSource.Origin));
    }

    [Fact]
    public async Task Read_ColdThroughANonOwner_BringsItsFirstBytesWhileTheOwnerFills()
    {
        await using var origin = ScriptedOrigin.Start();
        var stall = new Gate();
        origin.Add("/film", new OriginAnswer { Size = Size, Stall = stall, StallAfter = 64 * KiB });
        await using var cluster = await TestCluster.StartAsync(origin, 2, Stop);
        var other = cluster[1 - cluster.OwnerOf("/film", 3)];

        await other.ReadAsync("/film", new ByteRange(3_500_000, 3_510_000), Stop); // the origin stalls

        Assert.Equal(1, other.Metrics.ReadsFrom(ChunkSource.PeerOrigin));
        stall.Open();
    }

    [Fact]
    public async Task Read_MemberJoinsAWarmCluster_TakesItsChunksFromTheirOwnersBefore()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 3, Stop);
        await cluster[0].ReadAsync("/film", ByteRange.Whole(Size), Stop);
        await film.WhenIdleAsync(Stop);
        var before = film.BodyBytesSent;

        var joined = await cluster.AddAsync(Stop);
        cluster.AllKnowAll();
        await cluster[1].ReadAsync("/film", ByteRange.Whole(Size), Stop);
        await joined.ReadAsync("/film", ByteRange.Whole(Size), Stop);

        Assert.Equal(before, film.BodyBytesSent);
        Assert.True(joined.Metrics.BytesFrom(ChunkSource.FormerOwner) > 0);
    }

    [Fact]
    public async Task Read_ObjectChangedAfterAMemberJoined_TheOldVersionDoesNotComeBackFromTheOwnerBefore()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Size = Size, ETag = "\"one\"" });
        await using var cluster = await TestCluster.StartAsync(origin, 1, Stop);
        var old = await cluster[0].FindAsync("/film", null, Stop);
        var joined = await cluster.AddAsync(Stop);
        cluster.AllKnowAll();
        var index = Enumerable.Range(0, 24).First(i => cluster.OwnerOf("/film", i) == 1);

        film.Answer = new OriginAnswer { Size = Size, Seed = 2, ETag = "\"two\"" };
        await Assert.ThrowsAsync<ChunkReadException>(() => joined.ReadAsync(old, new ByteRange(index * MiB, (index + 1) * MiB), Stop));
        var found = await joined.Reader.FindAsync(joined.At("/film"), index * MiB, Stop);

        Assert.Equal("\"two\"", found.Version!.Headers.ETag);
    }

    [Fact]
    public async Task Read_MembersDisagreeAboutOwnership_NeitherLoopsNorDeadlocks()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 2, Stop);
        cluster.Nodes[0].Membership.Set(cluster.IdOf(0)); // each sees itself as the only member; both have had other epochs
        cluster.Nodes[1].Membership.Set(cluster.IdOf(1));
        cluster.Nodes[0].Membership.Set(cluster.IdOf(1));
        cluster.Nodes[1].Membership.Set(cluster.IdOf(0));

        await Task.WhenAll(cluster.Nodes.SelectMany(node => Enumerable.Range(0, 4).Select(_ => node.Engine.ReadAsync("/film", ByteRange.Whole(Size), Stop))));
    }

    [Fact]
    public async Task Read_OwnerIsGone_GoesOnWithoutItAndComesBackToIt()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 2, Stop, ("Peers:ProbeInterval", "00:00:00.010"));
        var owner = cluster.OwnerOf("/film", 0);
        var (gone, other) = (cluster[owner], cluster[1 - owner]);
        await gone.Pool.StopAsync(Stop);

        await other.ReadAsync("/film", ByteRange.Whole(Size), Stop);

        Assert.True(other.Breakers.IsOpen(cluster.IdOf(owner)));
    }

    [Fact]
    public async Task Read_OriginSaysNoAtTheOwner_IsSaidToTheReader()
    {
        await using var origin = ScriptedOrigin.Start();
        await using var cluster = await TestCluster.StartAsync(origin, 2, Stop);

        foreach (var (engine, _) in cluster.Nodes)
        {
            var found = await engine.Reader.FindAsync(engine.At("/nothing"), 0, Stop);
            Assert.Equal((ProxyError.NotFound, 404), (found.Error, found.OriginStatus));
        }
    }

    [Fact]
    public async Task Read_ObjectChanges_IsNoticedThroughTheOwner()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Size = Size, ETag = "\"one\"" });
        await using var cluster = await TestCluster.StartAsync(origin, 3, Stop);
        var old = await cluster[0].FindAsync("/film", 0, Stop);

        film.Answer = new OriginAnswer { Size = Size, Seed = 2, ETag = "\"two\"" };
        var failure = await Assert.ThrowsAsync<ChunkReadException>(() => cluster[0].ReadAsync(old, new ByteRange(2 * MiB, Size), Stop));
        Assert.Equal(ProxyError.VersionChanged, failure.Error);

        // The chunk's owner has noticed. The others still take the old version for fresh, the owner of the first chunk perhaps among them.
        await cluster[0].ReadAsync("/film", ByteRange.Whole(Size), Stop, seed: 2);
    }

    [Fact]
    public async Task Read_ObjectChangesUnderAWarmCluster_EachReaderGetsTheNewOneAfterOneFailureAtMost()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Size = Size, ETag = "\"one\"" });
        await using var cluster = await TestCluster.StartAsync(origin, 3, Stop);
        foreach (var (engine, _) in cluster.Nodes)
        {
            await engine.ReadAsync("/film", new ByteRange(0, 6 * MiB), Stop); // all know the version, and have some of it
        }

        film.Answer = new OriginAnswer { Size = Size, Seed = 2, ETag = "\"two\"" };
        foreach (var (engine, _) in cluster.Nodes)
        {
            if (await engine.FindAsync("/film", 0, Stop) is { Validator.Value: "\"one\"" } old)
            {
                var failure = await Assert.ThrowsAsync<ChunkReadException>(() => engine.ReadAsync(old, ByteRange.Whole(Size), Stop));
                Assert.Equal(ProxyError.VersionChanged, failure.Error);
            }

            await engine.ReadAsync("/film", ByteRange.Whole(Size), Stop, seed: 2);
        }
    }

    [Fact]
    public async Task Pool_WithoutTheKey_SaysNothing()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 2, Stop, ("PoolKey", "a secret, with blanks"));
        using var http = new HttpClient();

        foreach (var path in new[] { "chunk", "object", "ping", "offer", "" })
        {
            using var answer = await http.GetAsync(new Uri($"http://{cluster.IdOf(0)}/pool/v1/{path}"), Stop);
            Assert.Equal(403, (int)answer.StatusCode);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Stop));
        }

        await cluster[0].ReadAsync("/film", ByteRange.Whole(Size), Stop);
        Assert.True(cluster[0].Metrics.ReadsFrom(ChunkSource.PeerOrigin) > 0);
        Assert.Empty(cluster[0].Breakers.Open);
    }

    [Fact]
    public async Task Leave_MemberThatStops_HandsItsChunksOn()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 3, Stop);
        await cluster[0].ReadAsync("/film", ByteRange.Whole(Size), Stop);
        await film.WhenIdleAsync(Stop);
        var before = film.BodyBytesSent;
        var leaving = cluster.Nodes[2];
        foreach (var node in cluster.Nodes.Take(2))
        {
            node.Membership.Set(cluster.IdOf(0), cluster.IdOf(1));
        }

        await leaving.Engine.Pool.LeaveAsync(Stop);
        await leaving.Engine.Pool.StopAsync(Stop);
        await cluster[1].ReadAsync("/film", ByteRange.Whole(Size), Stop);

        Assert.Equal(before, film.BodyBytesSent);
    }

    [Fact]
    public async Task Read_SuperHotChunkThroughANonOwner_CostsItsOwnerAFewReads()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 2, Stop);
        var (owner, other) = (cluster[cluster.OwnerOf("/film", 4)], cluster[1 - cluster.OwnerOf("/film", 4)]);

        for (var i = 0; i < 250; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => other.ReadAsync("/film", new ByteRange(4 * MiB, (4 * MiB) + (32 * KiB)), Stop)));
        }

        Assert.InRange(owner.PeerReadsServed, 1, 19); // of 2,000
        Assert.True(other.Metrics.ReadsFrom(ChunkSource.NearCopy) > 0); // the others joined the fill that brought the copy
    }

    [Fact]
    public async Task Read_OwnerSeesTheChunkHot_IsKeptByOthersFromTheirSecondReadOn()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 2, Stop, ("NearCopies:HalfLife", "01:00:00"));
        var slice = new ByteRange(4 * MiB, (4 * MiB) + (32 * KiB));
        var crowd = cluster.AddFrontEnd(("NearCopies:Threshold", "1000000")); // whose every read the owner sees
        for (var i = 0; i < 16; i++)
        {
            await crowd.ReadAsync("/film", slice, Stop);
        }

        var owner = cluster[cluster.OwnerOf("/film", 4)];
        var before = owner.PeerReadsServed;
        var another = cluster.AddFrontEnd();
        await another.ReadAsync("/film", slice, Stop);
        await another.ReadAsync("/film", slice, Stop);
        await Task.WhenAll(another.Fills.UnderWay.Select(fill => fill.Ended)).WaitAsync(Patience.Limit, Stop);
        for (var i = 0; i < 10; i++)
        {
            await another.ReadAsync("/film", slice, Stop);
        }

        Assert.Equal(2, owner.PeerReadsServed - before); // a slice, and the copy
        Assert.Equal(10, another.Metrics.ReadsFrom(ChunkSource.NearCopy));
    }

    [Fact]
    public async Task Read_HotEverywhereAndMembersDisagree_NeitherLoopsNorDeadlocks()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", MiB);
        await using var cluster = await TestCluster.StartAsync(origin, 2, Stop, ("NearCopies:Threshold", "1"));
        cluster.Nodes[0].Membership.Set(cluster.IdOf(1)); // each takes the other for the owner, and fetches a copy at once
        cluster.Nodes[1].Membership.Set(cluster.IdOf(0));

        await Task.WhenAll(cluster.Nodes.SelectMany(node => Enumerable.Range(0, 8).Select(_ => node.Engine.ReadAsync("/film", ByteRange.Whole(MiB), Stop))));
    }
}
