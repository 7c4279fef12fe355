using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Testing.Signals;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Ranges;
using ChunkProxy.Web.Http.Sending;
using CsCheck;
using Microsoft.Extensions.Primitives;

namespace ChunkProxy.Web.Tests.Http.Sending;

public sealed class SliceStreamerTests : IDisposable
{
    private const int ChunkSize = 64;

    private readonly FakeChunkReader _reader = new();
    private readonly FakeBodyOutput _output = new();

    public void Dispose() => _output.Dispose();

    [Fact]
    public async Task Write_AllHot_OpensNothingAheadAndHoldsOneLeaseAtATime()
    {
        var film = _reader.Add(FakeObject.Film(1000, ChunkSize));

        await WriteAsync(film, "");

        Assert.Equal(film.Content, _output.Bytes);
        Assert.Empty(_reader.Opens);
        Assert.Equal(Enumerable.Range(0, 16).Select(index => (long)index), _reader.TriedHot);
        Assert.Equal(1, _reader.MostLeases);
        Assert.Equal(0, _reader.OpenLeases);
    }

    [Fact]
    public async Task Write_Cold_OpensOneAheadAtFirstAndTwiceAsManyWhenTheClientHadToWait()
    {
        var film = Cold(1000);
        var first = film.Scripts[0] = new ChunkScript { PauseAt = 32 };
        var second = film.Scripts[1] = new ChunkScript { PauseAt = 32 };

        var writing = WriteAsync(film, "");
        await first.Paused.Task.Within();
        Assert.Equal([0, 1], _reader.Opens);

        first.Resume.SetResult();
        await second.Paused.Task.Within();
        Assert.Equal([0, 1, 2, 3], _reader.Opens);

        second.Resume.SetResult();
        await writing.Within();
        Assert.Equal(film.Content, _output.Bytes);
        Assert.Equal(0, _reader.OpenLeases);
    }

    [Fact]
    public async Task Write_ClientSlowerThanTheBytes_OpensOneAheadOnly()
    {
        var film = Cold(640);
        film.Scripts[0] = new ChunkScript { PauseAt = 32 };
        var writing = WriteAsync(film, "");
        await film.Scripts[0].Paused.Task.Within();
        _output.Gate = new Gate();
        film.Scripts[0].Resume.SetResult(); // waited: two ahead from the second chunk on

        for (var chunk = 0; chunk < 4; chunk++)
        {
            await _output.Gate.WhenReachedAsync(TestContext.Current.CancellationToken);
            var passed = _output.Gate;
            _output.Gate = new Gate();
            passed.Open();
        }

        // Chunk 1 pended, so the window went back: from there each chunk has one ahead of it.
        await _output.Gate.WhenReachedAsync(TestContext.Current.CancellationToken);
        Assert.Equal([0, 1, 2, 3, 4, 5], _reader.Opens);
        var last = _output.Gate;
        _output.Gate = null;
        last.Open();
        await writing.Within();
        Assert.Equal(film.Content, _output.Bytes);
        Assert.Equal(0, _reader.OpenLeases);
    }

    [Fact]
    public async Task Write_ClientAlwaysWaits_OpensNoMoreThanTheLimitAhead()
    {
        var film = Cold(1000);
        for (var index = 0; index < 10; index++)
        {
            film.Scripts[index] = new ChunkScript { PauseAt = 32 };
        }

        var writing = WriteAsync(film, "", lookAheadLimit: 3 * ChunkSize);
        for (var index = 0; index < 10; index++)
        {
            await film.Scripts[index].Paused.Task.Within();
            Assert.InRange(_reader.Opens.Count, 0, index + 1 + 3);
            film.Scripts[index].Resume.SetResult();
        }

        await writing.Within();
        Assert.InRange(_reader.MostLeases, 2, 4);
        Assert.Equal(film.Content, _output.Bytes);
    }

    [Fact]
    public async Task Write_RangeWithinTwoChunks_OpensThoseOnly()
    {
        var film = Cold(1000);

        await WriteAsync(film, "bytes=100-150");

        Assert.Equal(film.Content[100..151], _output.Bytes);
        Assert.Equal([1, 2], _reader.Opens);
    }

    [Fact]
    public async Task Write_SeveralRanges_LooksAheadFromOneToTheNext()
    {
        var film = Cold(1000);
        film.Scripts[0] = new ChunkScript { PauseAt = 5 };

        var writing = WriteAsync(film, "bytes=0-9,640-649");
        await film.Scripts[0].Paused.Task.Within();
        Assert.Equal([0, 10], _reader.Opens);

        film.Scripts[0].Resume.SetResult();
        await writing.Within();
        Assert.Equal([.. film.Content[0..10], .. film.Content[640..650]], _output.Bytes);
    }

    [Fact]
    public async Task Write_HotChunksAfterAColdOne_EndTheLookAhead()
    {
        using var memory = new MemoryChunks(ChunkSize);
        var film = Cold(1000);
        film.Scripts[1] = new ChunkScript { Memory = memory };
        for (var index = 2; index < 16; index++)
        {
            film.Scripts[index] = new ChunkScript { IsHot = true, Source = ChunkSource.Memory };
        }

        await WriteAsync(film, "");

        Assert.Equal([0, 1], _reader.Opens);
        Assert.Equal(Enumerable.Range(2, 14).Select(index => (long)index), _reader.TriedHot.Skip(2));
        Assert.Equal(film.Content, _output.Bytes);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("", false)]
    [InlineData("bytes=100-150", false)]
    [InlineData("bytes=0-9,640-649", false)]
    public async Task Write_SourceIsGivenBackAnywhere_OpensItAgainAndSendsEveryByte(string range, bool isHot)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            using var output = new FakeBodyOutput { RecallAfter = () => random.Next(3) == 0 ? null : random.Next(1, ChunkSize + 1) };
            var film = isHot ? _reader.Add(FakeObject.Film(1000, ChunkSize)) : Cold(1000);
            var expected = range switch
            {
                "" => film.Content,
                "bytes=100-150" => film.Content[100..151],
                _ => [.. film.Content[0..10], .. film.Content[640..650]],
            };

            await WriteAsync(film, range, output: output);

            Assert.Equal(expected, output.Bytes);
            await _reader.AllLeasesReturnedAsync();
        }
    }

    [Fact]
    public async Task GiveBack_ChunksOpenedAhead_AreReturnedToo()
    {
        var film = Cold(1000);
        var leases = -1;
        _output.RecallAfter = () => 1;
        _output.Wrote = () => leases = _reader.OpenLeases;

        await WriteAsync(film, "bytes=0-127");

        Assert.InRange(_reader.MostLeases, 2, 2);
        Assert.Equal(0, leases);
        Assert.Equal(film.Content[..128], _output.Bytes);
    }

    [Fact]
    public async Task Write_ChunkAheadCannotBeOpened_SendsAllBeforeItAndThenFails()
    {
        var film = Cold(1000);
        film.Scripts[3] = new ChunkScript { OpenError = ProxyError.OriginTimedOut };

        var failure = await Assert.ThrowsAsync<ChunkReadException>(() => WriteAsync(film, ""));

        Assert.Equal(ProxyError.OriginTimedOut, failure.Error);
        Assert.Equal(film.Content[..192], _output.Bytes);
        Assert.Equal(0, _reader.OpenLeases);
    }

    [Fact]
    public async Task Write_ChunkAheadWaitedTooLongForTheClientsOwnReads_IsOpenedAgainWhenItIsItsTurn()
    {
        var film = Cold(1000);
        film.Scripts[0] = new ChunkScript { PauseAt = 32 };
        film.Scripts[1] = new ChunkScript { OpenError = ProxyError.ClientLimited };
        var writing = WriteAsync(film, "");
        await film.Scripts[0].Paused.Task.Within();
        Assert.Equal([0, 1], _reader.Opens); // and the second one was refused

        film.Scripts[1].OpenError = ProxyError.None;
        film.Scripts[0].Resume.SetResult();
        await writing.Within();

        Assert.Equal([0, 1, 1], _reader.Opens.Take(3));
        Assert.Equal(film.Content, _output.Bytes);
        Assert.Equal(0, _reader.OpenLeases);
    }

    [Fact]
    public async Task Write_ChunkAheadIsRefusedAgainWhenItIsItsTurn_SendsAllBeforeItAndThenFails()
    {
        var film = Cold(1000);
        film.Scripts[3] = new ChunkScript { OpenError = ProxyError.ClientLimited };

        var failure = await Assert.ThrowsAsync<ChunkReadException>(() => WriteAsync(film, ""));

        Assert.Equal(ProxyError.ClientLimited, failure.Error);
        Assert.Equal(film.Content[..192], _output.Bytes);
        Assert.Equal(2, _reader.Opens.Count(chunk => chunk == 3));
        Assert.Equal(0, _reader.OpenLeases);
    }

    [Fact]
    public async Task Write_ReadFailsWithinAChunk_SendsAllBeforeItAndReturnsEveryLease()
    {
        var film = Cold(1000);
        film.Scripts[2] = new ChunkScript { FailAt = 10, Error = ProxyError.OriginFailed };

        var failure = await Assert.ThrowsAsync<ChunkReadException>(() => WriteAsync(film, ""));

        Assert.Equal(ProxyError.OriginFailed, failure.Error);
        Assert.Equal(film.Content[..138], _output.Bytes);
        await _reader.AllLeasesReturnedAsync();
    }

    [Fact]
    public async Task Write_ClientGoesWhileAChunkAheadIsOpening_CancelsItAtOnce()
    {
        using var client = new CancellationTokenSource();
        var never = new TaskCompletionSource();
        var film = Cold(1000);
        film.Scripts[0] = new ChunkScript { PauseAt = 32 };
        film.Scripts[1] = new ChunkScript { OpenGate = never.Task };

        var writing = WriteAsync(film, "", clientGone: client.Token);
        await film.Scripts[0].Paused.Task.Within();
        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.Within());
        await _reader.OpeningsCancelledAsync(1);
        await _reader.AllLeasesReturnedAsync();
    }

    [Fact]
    public async Task Dispose_ChunkAheadOpensOnlyAfterwards_ReturnsItsLeaseToo()
    {
        var gate = new TaskCompletionSource();
        var film = Cold(1000);
        film.Scripts[0] = new ChunkScript { FailAt = 32 };
        film.Scripts[1] = new ChunkScript { OpenGate = gate.Task, IgnoresCancellation = true };

        await Assert.ThrowsAsync<ChunkReadException>(() => WriteAsync(film, "").Within());
        Assert.Equal(0, _reader.OpenLeases);
        gate.SetResult();

        await _reader.UntilAsync(() => _reader.Lent == 2, "the late chunk opened");
        await _reader.AllLeasesReturnedAsync();
    }

    [Fact]
    public void Write_AnyObjectRangesAndChunks_SendsExactlyTheBytesAndReturnsEveryLease() =>
        Gen.Select(Gen.Int[1, 600], Gen.Int[1, 90], Gen.Int[0, 600], Gen.Int[0, 600], Gen.Int[1, 40], Gen.Bool.Array[8], Gen.Int[0, 500]).Sample(
            (size, chunkSize, first, last, piece, hot, limit) =>
            {
                var reader = new FakeChunkReader();
                var film = reader.Add(FakeObject.Film(size, chunkSize, new ChunkScript { PieceSize = piece }));
                for (var index = 0; index < hot.Length; index++)
                {
                    film.Scripts[index] = new ChunkScript { IsHot = hot[index], PieceSize = piece };
                }

                var ranges = RangeOutcome.Resolve(RangeHeader.Parse(new StringValues($"bytes={first}-{last},-1"), 16), size);
                using var output = new FakeBodyOutput();
                WriteAsync(reader, film, ranges, output, limit, CancellationToken.None).GetAwaiter().GetResult();

                var expected = Enumerable.Range(0, ranges.Count).SelectMany(i => film.Content[(int)ranges[i].Start..(int)ranges[i].End]);
                Assert.Equal(expected, output.Bytes);
                Assert.Equal(0, reader.OpenLeases);
            });

    private FakeObject Cold(int size) => _reader.Add(FakeObject.Film(size, ChunkSize, new ChunkScript()));

    private Task WriteAsync(
        FakeObject film, string range, int lookAheadLimit = 8 * ChunkSize, CancellationToken? clientGone = null, FakeBodyOutput? output = null)
    {
        var ranges = RangeOutcome.Resolve(RangeHeader.Parse(new StringValues(range), 16), film.Content.Length);
        return WriteAsync(_reader, film, ranges, output ?? _output, lookAheadLimit, clientGone ?? CancellationToken.None);
    }

    private static async Task WriteAsync(
        FakeChunkReader reader, FakeObject film, RangeOutcome ranges, FakeBodyOutput output, int lookAheadLimit, CancellationToken clientGone)
    {
        if (ranges.Count == 0)
        {
            return;
        }

        using var streamer = new SliceStreamer(reader, film.Version, ranges, lookAheadLimit, new Exchange(TimeProvider.System), clientGone);
        await streamer.OpenFirstAsync();
        for (var i = 0; i < ranges.Count; i++)
        {
            await streamer.WriteRangeAsync(ranges[i], output);
        }
    }
}
