using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.FunctionalTests.Streaming;

/// <summary>Origin traffic of reads, in bytes.</summary>
[Collection(SharedNodesCollection.Name)]
public sealed class OriginCostTests(SharedNodes nodes)
{
    private const int LookAhead = 8 * OneNode.MiB; // the default

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_EightReadersOfTheSameColdBytes_CostTheOriginThemOnce()
    {
        var one = await nodes.GetAsync("-size-c 1MiB", Now);
        var gate = new Gate();
        var film = one.Origin.Add(SharedNodes.FreshPath(), 256 * OneNode.MiB);
        film.Script = request => request.Number == 1 ? film.Answer with { HoldAnswer = gate } : film.Answer;

        var readers = Enumerable.Range(0, 8).Select(_ => one.VerifyAsync(film, 0, 4 * OneNode.MiB, Now)).ToList();
        await gate.WhenReachedAsync(Now);
        gate.Open();
        await Task.WhenAll(readers);
        await film.WhenIdleAsync(Now);

        Assert.Equal(0, film.BytesSentAgain);
        Assert.InRange(film.BodyBytesSent, 4 * OneNode.MiB, (4 * OneNode.MiB) + LookAhead);
    }

    [Fact]
    public async Task Get_AgainAfterAColdRead_CostsNothing()
    {
        var one = await nodes.GetAsync("-size-c 1MiB", Now);
        var film = one.Origin.Add(SharedNodes.FreshPath(), 5_000_001);

        await one.VerifyAsync(film, Now);
        await film.WhenIdleAsync(Now);
        var requests = film.Requests.Count;
        await one.VerifyAsync(film, Now);
        await one.VerifyAsync(film, 1_234_567, 2_345_678, Now);

        Assert.Equal(5_000_001, film.BodyBytesSent);
        Assert.Equal(requests, film.Requests.Count);
    }

    [Fact]
    public async Task Get_ColdAndSmall_CostsOneRoundTrip()
    {
        var one = await nodes.GetAsync("-size-c 1MiB", Now);
        var film = one.Origin.Add(SharedNodes.FreshPath(), 100_000);

        await one.VerifyAsync(film, 5_000, 50_000, Now);
        await film.WhenIdleAsync(Now);

        Assert.Equal("GET", film.Requests[0].Method);
        Assert.Equal(5_000, film.Requests[0].BodyStart);
    }

    [Fact]
    public async Task Get_ClientLeavesAfterItsFirstBytes_CostsAFewMiB()
    {
        var one = await nodes.GetAsync("-size-c 1MiB", Now);
        var film = one.Origin.Add(SharedNodes.FreshPath(), 2048L * OneNode.MiB);

        using (var response = await one.Node.GetAsync(film.Path, Now))
        {
            var head = new byte[64 * 1024];
            await (await response.Content.ReadAsStreamAsync(Now)).ReadExactlyAsync(head, Now);
            TestData.Verify(1, 0, head);
        }

        await film.WhenIdleAsync(Now);

        Assert.InRange(film.BodyBytesSent, 64 * 1024, LookAhead + (4 * OneNode.MiB));
    }

    [Fact]
    public async Task Get_LeaderLeaves_OthersGetTheirBytes()
    {
        var one = await nodes.GetAsync("-size-c 4MiB", Now, ("FrontEnd:LookAheadLimit", "0"));
        var gate = new Gate();
        var film = one.Origin.Add(SharedNodes.FreshPath(), new OriginAnswer { Size = 4 * OneNode.MiB, Stall = gate, StallAfter = OneNode.MiB });

        var leader = await one.Node.GetAsync(film.Path, Now);
        await gate.WhenReachedAsync(Now);
        using var follower = await one.Node.GetAsync(film.Path, Now); // its head is here, so it has joined the fill
        leader.Dispose();
        gate.Open();
        await TestData.VerifyAsync(1, 0, 4 * OneNode.MiB, await follower.Content.ReadAsStreamAsync(Now), Now);

        Assert.Equal(4 * OneNode.MiB, film.BodyBytesSent);
    }

    [Fact]
    public async Task Get_FrontOfAChunkThatWasReadFromItsMiddle_FetchesTheFrontAlone()
    {
        var one = await nodes.GetAsync("-size-c 4MiB", Now, ("FrontEnd:LookAheadLimit", "0"));
        var film = one.Origin.Add(SharedNodes.FreshPath(), 8 * OneNode.MiB);

        await one.VerifyAsync(film, 3 * OneNode.MiB, OneNode.MiB, Now);
        await one.VerifyAsync(film, 0, 4 * OneNode.MiB, Now);
        await film.WhenIdleAsync(Now);

        // Bytes in flight when the first reader left may be sent again, but bytes that had arrived are not requested again.
        Assert.Equal(OneNode.MiB, film.BytesSentWithin(3 * OneNode.MiB, 4 * OneNode.MiB));
        Assert.Equal(0, film.BytesSentWithin(4 * OneNode.MiB, 8 * OneNode.MiB));
    }

    [Fact]
    public async Task Get_AReaderThatDoesNotRead_HoldsNobodyUp()
    {
        var one = await nodes.GetAsync("-size-c 1MiB", Now);
        var film = one.Origin.Add(SharedNodes.FreshPath(), 64 * OneNode.MiB);

        using var slow = await one.Node.GetAsync(film.Path, Now);
        await one.VerifyAsync(film, Now);

        await TestData.VerifyAsync(1, 0, 64 * OneNode.MiB, await slow.Content.ReadAsStreamAsync(Now), Now);
    }
}
