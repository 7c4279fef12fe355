using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Cache.Tests.Pool;
using ChunkProxy.Cache.Warming;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Faults;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using Microsoft.AspNetCore.Http;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Peers;

/// <summary>A member that responds to pings only delays one read. A member that waits for the origin is waited for.</summary>
public sealed class StuckMemberTests
{
    private const long Size = 3 * MiB;

    // A ping is always answered in time, however busy the machine.
    private static readonly (string Key, string Value)[] Impatient =
    [
        ("Peers:Silence", "00:00:00.020"), ("Peers:PingTimeout", "00:01:00"), ("Peers:ProbeInterval", "00:00:00.010"),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_OwnerAnswersPingsAlone_GoesOnWithoutItAndAsksItNoMore()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        await using var stuck = await ScriptedPeer.StartAsync(ScriptedPeer.AnswerPingsAloneAsync, Stop);
        await using var front = FrontEndOf(stuck, origin);
        var version = await KnownVersionAsync(origin);

        await front.ReadAsync(version, new ByteRange(0, KiB), Stop);
        await stuck.WhenAskedAsync(PoolProtocol.ChunkPath + ScriptedPeer.CachedOnly, times: 2, Stop); // and it does not answer that either
        await front.ReadAsync(version, ByteRange.Whole(Size), Stop);

        Assert.Equal(PeerReadOutcome.Stalled, front.Breakers.Open[stuck.Id]);
        Assert.Equal(1, stuck.TimesAsked(PoolProtocol.ChunkPath));
    }

    [Fact]
    public async Task Find_OwnerAnswersPingsAlone_FindsWithoutItAndAsksItNoMore()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        await using var stuck = await ScriptedPeer.StartAsync(ScriptedPeer.AnswerPingsAloneAsync, Stop);
        await using var front = FrontEndOf(stuck, origin);

        await front.FindAsync("/film", 0, Stop);
        await stuck.WhenAskedAsync(PoolProtocol.ObjectPath + ScriptedPeer.CachedOnly, times: 2, Stop);

        Assert.Equal(PeerReadOutcome.Stalled, front.Breakers.Open[stuck.Id]);
        Assert.Equal(1, stuck.TimesAsked(PoolProtocol.ObjectPath));
    }

    [Fact]
    public async Task Read_OwnerStandsStillInTheMiddle_GoesOnFromTheByteReached()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", Size);
        var version = await KnownVersionAsync(origin);
        await using var stuck = await ScriptedPeer.StartAsync(
            async context =>
            {
                if (context.Request.Path == PoolProtocol.ChunkPath && !context.Request.Headers.ContainsKey(PoolProtocol.OnlyIfCached))
                {
                    context.Response.ContentLength = MiB;
                    context.Response.Headers[PoolProtocol.Key] = PoolProtocol.KeyOf(version.Chunk(1));
                    await context.Response.BodyWriter.WriteAsync(TestData.Bytes(1, MiB, MiB / 2), context.RequestAborted);
                }

                await ScriptedPeer.AnswerPingsAloneAsync(context);
            },
            Stop);
        await using var front = FrontEndOf(stuck, origin, stallTimeout: "00:00:02"); // in which a busy machine brings the half
        var before = film.Requests.Count;

        await front.ReadAsync(version, new ByteRange(MiB, 2 * MiB), Stop);

        Assert.Equal(PeerReadOutcome.Stalled, front.Breakers.Open[stuck.Id]);
        Assert.InRange(film.Requests[before].BodyStart, MiB + 1, MiB + (MiB / 2));
    }

    [Fact]
    public async Task Read_StuckMemberIsWellAgain_IsAskedAgain()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        var isWell = false;
        await using var stuck = await ScriptedPeer.StartAsync(
            context =>
            {
                context.Response.StatusCode = ScriptedPeer.IsPing(context) ? 200 : 204; // responds that it has nothing
                return Volatile.Read(ref isWell) ? Task.CompletedTask : ScriptedPeer.AnswerPingsAloneAsync(context);
            },
            Stop);
        await using var front = FrontEndOf(stuck, origin, stallTimeout: "00:00:02"); // in which it answers when it is well
        var version = await KnownVersionAsync(origin);
        await front.ReadAsync(version, new ByteRange(0, KiB), Stop);
        var back = new TaskCompletionSource();
        front.Breakers.CameBack += _ => back.TrySetResult();

        Volatile.Write(ref isWell, true);
        await back.Task.WaitAsync(Patience.Limit, Stop);
        await front.ReadAsync(version, new ByteRange(MiB, MiB + KiB), Stop);

        Assert.Equal(2, stuck.TimesAsked(PoolProtocol.ChunkPath));
        Assert.Empty(front.Breakers.Open);
    }

    [Theory]
    [InlineData("the key of the cluster")]
    [InlineData("")]
    public async Task Read_StalledMemberHasTheChunkItself_IsAskedAgain(string key)
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 1, Stop, ("PoolKey", key), ("Peers:ProbeInterval", "00:00:00.010"));
        var front = cluster.AddFrontEnd();
        await front.ReadAsync("/film", ByteRange.Whole(Size), Stop);
        var version = await front.FindAsync("/film", 0, Stop);
        var back = new TaskCompletionSource();
        front.Breakers.CameBack += _ => back.TrySetResult();

        front.Health.Trip(new Member(cluster.IdOf(0)), PeerReadOutcome.Stalled, PeerSubject.Of(version.Chunk(1), offset: 5));
        await back.Task.WaitAsync(Patience.Limit, Stop);

        Assert.Empty(front.Breakers.Open);
    }

    [Fact]
    public async Task Read_LargeAnswersAreLostOnTheWay_IsNotAskedUntilTheyArrive()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        var isWell = false;
        await using var stuck = await ScriptedPeer.StartAsync(
            context =>
            {
                var isSmall = ScriptedPeer.IsPing(context) ? !context.Request.Headers.ContainsKey(PoolProtocol.Bytes) : context.Request.Headers.ContainsKey(PoolProtocol.OnlyIfCached);
                context.Response.StatusCode = ScriptedPeer.IsPing(context) ? 200 : 204;
                return isSmall || Volatile.Read(ref isWell) ? Task.CompletedTask : ScriptedPeer.HangAsync(context);
            },
            Stop);
        await using var front = FrontEndOf(stuck.Id, origin, "00:00:00.100", ("Peers:MinRate", "1GiB")); // and so for 0.1 s
        var version = await KnownVersionAsync(origin);
        await front.ReadAsync(version, new ByteRange(0, KiB), Stop);
        var back = new TaskCompletionSource();
        front.Breakers.CameBack += _ => back.TrySetResult();
        await stuck.WhenAskedAsync(PoolProtocol.ChunkPath + ScriptedPeer.CachedOnly, times: 3, Stop); // each answered at once

        Assert.False(back.Task.IsCompleted);
        Assert.Equal(PeerReadOutcome.Stalled, front.Breakers.Open[stuck.Id]);
        Volatile.Write(ref isWell, true);
        await back.Task.WaitAsync(Patience.Limit, Stop);
    }

    [Theory]
    [InlineData(false)] // the look-up waits
    [InlineData(true)] // the read does
    public async Task Read_OwnerWaitsForTheOrigin_IsWaitedForLongerThanTheStallTimeout(bool isKnown)
    {
        await using var origin = ScriptedOrigin.Start();
        var gate = new Gate();
        var film = origin.Add("/film", new OriginAnswer { Size = Size });
        var port = FreePort.Next();
        await using var proxy = FaultProxy.Start(port);
        var address = $"127.0.0.1:{proxy.Port}";
        var membership = new ScriptedMembership(new Member(address));
        membership.Set(address);
        await using var owner = new Engine(
            origin, time: null, membership, ("PoolAddr", address), ("PoolListen", $"127.0.0.1:{port}"), ("Coord", "http://127.0.0.1:1"));
        await owner.Pool.StartAsync(Stop);
        await using var front = FrontEndOf(address, origin, stallTimeout: "00:00:01");
        var version = isKnown ? await front.FindAsync("/film", 2 * MiB, Stop) : null;
        await owner.WhenFilledAsync(Stop);

        film.Answer = film.Answer with { HoldAnswer = gate };
        var read = isKnown ? front.ReadAsync(version!, new ByteRange(0, KiB), Stop) : front.ReadAsync("/film", new ByteRange(0, KiB), Stop);
        await gate.WhenReachedAsync(Stop);
        await proxy.WhenDownstreamAsync(proxy.DownstreamBytes + 8000, Stop); // the answers to some eighty pings, one each 20 ms
        gate.Open();
        await read;

        Assert.Empty(front.Breakers.Open);
        Assert.Equal(0, front.Metrics.ReadsFrom(ChunkSource.Origin));
    }

    [Fact]
    public async Task Offer_ReceiverAnswersPingsAlone_IsGivenUpAndReadsAreNotKeptFromIt()
    {
        await using var origin = ScriptedOrigin.Start();
        await using var stuck = await ScriptedPeer.StartAsync(ScriptedPeer.AnswerPingsAloneAsync, Stop);
        await using var front = FrontEndOf(stuck, origin);

        Assert.False(await front.Peers.OfferAsync(new Member(stuck.Id), "0 token /film\n", Stop));
        Assert.Empty(front.Breakers.Open);
    }

    [Fact]
    public async Task Offer_ReceiverStandsStillAfterTheFirstChunk_IsGivenUp()
    {
        await using var origin = ScriptedOrigin.Start();
        await using var stuck = await ScriptedPeer.StartAsync(
            async context =>
            {
                await context.Response.BodyWriter.WriteAsync("\n"u8.ToArray(), context.RequestAborted);
                await ScriptedPeer.AnswerPingsAloneAsync(context);
            },
            Stop);
        await using var front = FrontEndOf(stuck, origin);

        Assert.False(await front.Peers.OfferAsync(new Member(stuck.Id), "0 token /film\n1 token /film\n", Stop));
    }

    [Fact]
    public async Task Warm_OwnerAnswersAllButOrders_IsDoneHereAndReadsAreNotKeptFromIt()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        await using var stuck = await ScriptedPeer.StartAsync(
            context =>
            {
                context.Response.StatusCode = ScriptedPeer.IsPing(context) ? 200 : 204;
                return context.Request.Path == PoolProtocol.WarmPath ? ScriptedPeer.HangAsync(context) : Task.CompletedTask;
            },
            Stop);
        await using var front = FrontEndOf(stuck, origin, stallTimeout: "00:00:00.500");
        var version = await KnownVersionAsync(origin);

        await front.Warmer.WarmAsync(version, first: 0, count: 1, new WarmProgress(), pace: null, Stop).WaitAsync(Patience.Limit, Stop);

        Assert.NotEqual(0, stuck.TimesAsked(PoolProtocol.WarmPath));
        Assert.Empty(front.Breakers.Open);
    }

    private static Engine FrontEndOf(ScriptedPeer member, ScriptedOrigin origin, string stallTimeout = "00:00:00.100") => FrontEndOf(member.Id, origin, stallTimeout);

    private static Engine FrontEndOf(string member, ScriptedOrigin origin, string stallTimeout, params ReadOnlySpan<(string Key, string Value)> more)
    {
        var membership = new ScriptedMembership(self: null);
        membership.Set(member);
        return new Engine(origin, time: null, membership, [.. Impatient, ("Peers:StallTimeout", stallTimeout), ("PoolAddr", "none"), ("Coord", "http://127.0.0.1:1"), .. more]);
    }

    private static async Task<ObjectVersion> KnownVersionAsync(ScriptedOrigin origin)
    {
        await using var other = new Engine(origin);
        return await other.FindAsync("/film", firstByte: null, Stop);
    }
}
