using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Lookup;

public sealed class ChunkReaderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_ColdRange_CostsOneRoundTripAndBeginsAtTheWantedByte()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", 10 * MiB);
        await using var engine = new Engine(origin);

        await engine.ReadAsync("/film", new ByteRange(3_500_000, 3_600_000), Stop);
        await film.UntilAsync(it => it.Requests.Count == 2 && it.Requests.All(request => request.HasEnded), "the front part has been fetched too", Stop);

        Assert.Equal($"bytes=3500000-{(4 * MiB) - 1}", film.Requests[0].Range);
        Assert.Equal($"bytes={3 * MiB}-3499999", film.Requests[1].Range);
        Assert.Equal(MiB, film.BodyBytesSent);
    }

    [Fact]
    public async Task Read_ColdSeek_BringsItsFirstBytesBeforeTheRestOfTheChunk()
    {
        await using var origin = ScriptedOrigin.Start();
        var stall = new Gate();
        var film = origin.Add("/film", new OriginAnswer { Size = 40 * MiB, Stall = stall, StallAfter = 64 * KiB });
        await using var engine = new Engine(origin, time: null, ("ChunkSize", "16MiB"), ("MemorySize", "256MiB"));

        await engine.ReadAsync("/film", new ByteRange(9_000_000, 9_010_000), Stop); // the origin stalls after 64 KiB
        stall.Open();
        Assert.Equal($"bytes=9000000-{(16 * MiB) - 1}", film.Requests[0].Range);
    }

    [Fact]
    public async Task Read_SameChunkByManyAtOnce_CostsTheOriginOneChunk()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", 4 * MiB);
        await using var engine = new Engine(origin);

        await Task.WhenAll(Enumerable.Range(0, 32).Select(i => engine.ReadAsync("/film", new ByteRange(i * 100_000, 4 * MiB), Stop)));
        await film.WhenIdleAsync(Stop);

        // Readers far ahead of a slow run do not wait for it. Bytes in flight when it reaches theirs are sent twice.
        Assert.InRange(film.BodyBytesSent, 4 * MiB, (4 * MiB) + (512 * KiB));
        Assert.True(engine.Metrics.CollapsedReads > 0);
    }

    [Fact]
    public async Task Read_SecondTime_AsksNobody()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", 3 * MiB);
        await using var engine = new Engine(origin);
        await engine.ReadAsync("/film", ByteRange.Whole(3 * MiB), Stop);
        await film.WhenIdleAsync(Stop);
        var before = film.Requests.Count;

        await engine.ReadAsync("/film", ByteRange.Whole(3 * MiB), Stop);
        await engine.WhenFilledAsync(Stop); // a reader may have its bytes before the chunk is in memory

        Assert.Equal(before, film.Requests.Count);
        Assert.True(engine.Reader.TryOpen(await engine.FindAsync("/film", 0, Stop), new Slice(2, 5, 100), out var lease));
        Assert.Equal(ChunkSource.Memory, lease.Report.Source);
        lease.Dispose();
    }

    [Fact]
    public async Task Read_OriginBreaksOffMidBody_ResumesAtTheByteReached()
    {
        await using var origin = ScriptedOrigin.Start();
        var honest = new OriginAnswer { Size = MiB };
        var film = origin.Add("/film", honest);
        film.Script = request => request.Number <= 3 ? honest with { DropAfter = 200_000 } : honest;
        await using var engine = new Engine(origin);

        await engine.ReadAsync("/film", ByteRange.Whole(MiB), Stop);

        Assert.Equal(4, film.Requests.Count);
        Assert.Equal("bytes=600000-1048575", film.Requests[3].Range);
    }

    [Fact]
    public async Task Read_OriginNeverGetsOn_FailsForAllReadersAndTheNextReadTriesAgain()
    {
        await using var origin = ScriptedOrigin.Start();
        var honest = new OriginAnswer { Size = MiB };
        var film = origin.Add("/film", honest);
        film.Script = request => request.Number == 1 ? honest with { DropAfter = 100_000 } : honest with { DropAfter = 0 };
        await using var engine = new Engine(origin);
        var version = await engine.FindAsync("/film", 0, Stop);

        var readers = Enumerable.Range(0, 4).Select(_ => engine.ReadAsync(version, ByteRange.Whole(MiB), Stop)).ToArray();
        foreach (var reader in readers)
        {
            var failure = await Assert.ThrowsAsync<ChunkReadException>(() => reader);
            Assert.Equal(ProxyError.OriginUnreachable, failure.Error);
        }

        film.Script = _ => honest;
        await engine.ReadAsync(version, ByteRange.Whole(MiB), Stop);
        Assert.Equal("bytes=100000-1048575", film.Requests[^1].Range); // the received bytes were kept
    }

    [Fact]
    public async Task Read_OriginStandsStillAgainAndAgain_FailsAfterBoundedTries()
    {
        await using var origin = ScriptedOrigin.Start();
        var stall = new Gate();
        var film = origin.Add("/film", MiB);
        film.Script = request => film.Answer with { Stall = stall, StallAfter = request.Number == 1 ? 1000 : 0 };

        // The system's clock: a fake clock would run ahead of the requests, and end them before their heads arrive.
        await using var engine = new Engine(origin, time: null, ("Origin:StallTimeout", "00:00:01"), ("Origin:Attempts", "3"));
        var version = await engine.FindAsync("/film", 0, Stop);
        using var lease = await engine.OpenAsync(version, new Slice(0, 0, MiB), Stop);

        var failure = await Assert.ThrowsAsync<ChunkReadException>(() => lease.ReadAsync(1000, MiB - 1000, Stop).AsTask());

        Assert.Equal(ProxyError.OriginTimedOut, failure.Error);
        Assert.Equal(["bytes=0-1048575", "bytes=1000-1048575", "bytes=1000-1048575"], film.Requests.Select(request => request.Range)); // first progressed
        stall.Open();
    }

    [Fact]
    public async Task Read_LeaderLeaves_OthersGoOn()
    {
        await using var origin = ScriptedOrigin.Start();
        var stall = new Gate();
        var film = origin.Add("/film", new OriginAnswer { Size = MiB, Stall = stall, StallAfter = 64 * KiB });
        await using var engine = new Engine(origin);
        var version = await engine.FindAsync("/film", 0, Stop);
        using var leaving = new CancellationTokenSource();
        var leader = engine.ReadAsync(version, ByteRange.Whole(MiB), leaving.Token);
        var follower = engine.ReadAsync(version, ByteRange.Whole(MiB), Stop);
        await film.UntilAsync(it => it.Requests is [{ BodyBytesSent: >= 64 * KiB }], "the origin stands still", Stop);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);
        stall.Open();
        await follower;

        Assert.Single(film.Requests);
    }

    [Fact]
    public async Task Read_NobodyLeft_EndsSoonAndKeepsWhatArrived()
    {
        await using var origin = ScriptedOrigin.Start();
        var stall = new Gate();
        var film = origin.Add("/film", new OriginAnswer { Size = 16 * MiB, Stall = stall, StallAfter = 2 * MiB });
        await using var engine = new Engine(origin, time: null, ("ChunkSize", "16MiB"), ("MemorySize", "256MiB"));
        var version = await engine.FindAsync("/film", 0, Stop);

        await engine.ReadAsync(version, new ByteRange(0, 2 * MiB), Stop); // and closes its lease
        await film.WhenIdleAsync(Stop); // the origin's answer was ended, though the gate is closed

        Assert.Equal(2 * MiB, film.BodyBytesSent);
        stall.Open();
        await engine.ReadAsync(version, ByteRange.Whole(16 * MiB), Stop);
        Assert.Equal($"bytes={2 * MiB}-{(16 * MiB) - 1}", film.Requests[1].Range);
    }

    [Theory]
    [InlineData("bytes 0-1048575/99999999")]
    [InlineData("bytes 1-1048576/10485760")]
    [InlineData("bytes 0-524287/10485760")]
    [InlineData("pages 0-1048575/10485760")]
    [InlineData("bytes */10485760")]
    public async Task Read_OriginLiesAboutTheRange_FailsOrNamesAnotherSize(string contentRange)
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", new OriginAnswer { Size = 10 * MiB, ContentRange = contentRange });
        await using var engine = new Engine(origin);

        var found = await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);

        if (contentRange.EndsWith("/99999999", StringComparison.Ordinal))
        {
            Assert.Equal(99_999_999, found.Version!.Size); // nothing contradicts it, yet
        }
        else
        {
            Assert.Equal(ProxyError.OriginMisbehaved, found.Error);
        }
    }

    [Fact]
    public async Task Read_ObjectChangesBetweenChunks_FailsAndTheNextLookUpFindsTheNewVersion()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Size = 4 * MiB, Seed = 1, ETag = "\"one\"" });
        await using var engine = new Engine(origin);
        var old = await engine.FindAsync("/film", 0, Stop);
        await engine.ReadAsync(old, new ByteRange(0, MiB), Stop);

        film.Answer = new OriginAnswer { Size = 4 * MiB, Seed = 2, ETag = "\"two\"" };
        var failure = await Assert.ThrowsAsync<ChunkReadException>(() => engine.ReadAsync(old, ByteRange.Whole(4 * MiB), Stop));
        Assert.Equal(ProxyError.VersionChanged, failure.Error);

        await engine.ReadAsync("/film", ByteRange.Whole(4 * MiB), Stop, seed: 2);
    }

    [Fact]
    public async Task Read_SizeChangesUnderTheSameETag_IsAnotherVersion()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", 4 * MiB);
        await using var engine = new Engine(origin);
        var old = await engine.FindAsync("/film", 0, Stop);

        film.Answer = film.Answer with { Size = 5 * MiB };
        var failure = await Assert.ThrowsAsync<ChunkReadException>(() => engine.ReadAsync(old, new ByteRange(MiB, 4 * MiB), Stop));

        Assert.Equal(ProxyError.VersionChanged, failure.Error);
        await engine.ReadAsync("/film", ByteRange.Whole(5 * MiB), Stop);
    }

    [Fact]
    public async Task Read_MemoryHasNoRoom_GoesRoundTheCache()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", 40 * MiB);
        await using var engine = new Engine(origin, time: null, ("MemorySize", "16MiB"));
        var version = await engine.FindAsync("/film", 0, Stop);
        var leases = new List<ChunkLease>();
        for (var index = 0; index < 39; index++)
        {
            leases.Add(await engine.OpenAsync(version, new Slice(index, 0, 1), Stop)); // all of the budget is leased
        }

        await engine.ReadAsync(version, new ByteRange(39 * MiB, 40 * MiB), Stop);

        leases.ForEach(lease => lease.Dispose());
        await engine.ReadAsync(version, ByteRange.Whole(40 * MiB), Stop);
    }

    [Fact]
    public async Task Read_RandomReadersOverASmallMemory_AllBytesAreRight()
    {
        await using var origin = ScriptedOrigin.Start();
        var honest = new OriginAnswer { Size = 30 * MiB };
        var film = origin.Add("/film", honest);
        film.Script = request => request.Number % 5 == 0 ? honest with { DropAfter = 300_000 } : honest;
        await using var engine = new Engine(origin, time: null, ("MemorySize", "16MiB"), ("ChunkSize", "1MiB"));

        await Task.WhenAll(Enumerable.Range(0, 16).Select(async reader =>
        {
            var random = new Random(reader);
            for (var i = 0; i < 20; i++)
            {
                var start = random.NextInt64(30 * MiB);
                await engine.ReadAsync("/film", new ByteRange(start, Math.Min(30 * MiB, start + random.Next(1, 2 * MiB))), Stop);
            }
        }));
    }
}
