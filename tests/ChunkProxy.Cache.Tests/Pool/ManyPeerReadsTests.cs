using ChunkProxy.Cache.Chunks;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Pool;

/// <summary>A front end with as many reads of members in progress as its limit of open files allows, or almost.</summary>
public sealed class ManyPeerReadsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_FewPlacesAreFree_SliceComesInPartsThatHoldNoPlaceAndCountAsOneRead()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", 4 * MiB);
        await using var cluster = await TestCluster.StartAsync(origin, nodes: 1, Stop);
        var front = cluster.AddFrontEnd();
        var film = await front.FindAsync("/film", 0, Stop);
        await cluster[0].WhenFilledAsync(Stop);
        while (front.PeerPlaces.MayStay)
        {
            Assert.True(front.PeerPlaces.TryEnter());
        }

        var taken = front.PeerPlaces.Count;
        using var read = await front.OpenAsync(film, new Slice(2, 0, MiB), Stop).AsTask().WaitAsync(Patience.Limit, Stop);
        for (var offset = 0; offset < MiB;)
        {
            var bytes = await read.ReadAsync(offset, MiB - offset, Stop).AsTask().WaitAsync(Patience.Limit, Stop);
            TestData.Verify(1, (2 * MiB) + offset, bytes.Span);
            Assert.Equal(taken, front.PeerPlaces.Count);
            offset += bytes.Length;
        }

        Assert.Equal(1, cluster[0].PeerReadsServed);
    }

    [Fact]
    public async Task Read_NoPlaceBecomesFree_ComesFromTheOriginAfterALimitedTime()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", 4 * MiB);
        await using var cluster = await TestCluster.StartAsync(origin, nodes: 2, Stop, ("Peers:StallTimeout", "00:00:00.050"));
        var front = cluster.AddFrontEnd();
        var film = await front.FindAsync("/film", 0, Stop);
        while (front.PeerPlaces.TryEnter())
        {
        }

        await front.ReadAsync(film, new ByteRange(2 * MiB, 3 * MiB), Stop).WaitAsync(Patience.Limit, Stop); // compares every byte

        Assert.Equal(0, cluster[0].PeerReadsServed + cluster[1].PeerReadsServed);
    }
}
