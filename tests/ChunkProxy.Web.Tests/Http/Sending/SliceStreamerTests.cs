using ChunkProxy.Cache.Reads;
using ChunkProxy.Testing.Signals;
using ChunkProxy.Web.Http.Ranges;
using CsCheck;
using Microsoft.Extensions.Primitives;

namespace ChunkProxy.Web.Tests.Http.Sending;

public sealed class SliceStreamerTests : SliceStreaming
{
    [Fact]
    public async Task Write_AllHot_OpensNothingAheadAndHoldsOneLeaseAtATime()
    {
        var film = Reader.Add(FakeObject.Film(1000, ChunkSize));

        await WriteAsync(film, "");

        Assert.Equal(film.Content, Output.Bytes);
        Assert.Empty(Reader.Opens);
        Assert.Equal(Enumerable.Range(0, 16).Select(index => (long)index), Reader.TriedHot);
        Assert.Equal(1, Reader.MostLeases);
        Assert.Equal(0, Reader.OpenLeases);
    }

    [Fact]
    public async Task Write_Cold_OpensOneAheadAtFirstAndTwiceAsManyWhenTheClientHadToWait()
    {
        var film = Cold(1000);
        var first = film.Scripts[0] = new ChunkScript { PauseAt = 32 };
        var second = film.Scripts[1] = new ChunkScript { PauseAt = 32 };

        var writing = WriteAsync(film, "");
        await first.Paused.Task.Within();
        Assert.Equal([0, 1], Reader.Opens);

        first.Resume.SetResult();
        await second.Paused.Task.Within();
        Assert.Equal([0, 1, 2, 3], Reader.Opens);

        second.Resume.SetResult();
        await writing.Within();
        Assert.Equal(film.Content, Output.Bytes);
        Assert.Equal(0, Reader.OpenLeases);
    }

    [Fact]
    public async Task Write_ClientSlowerThanTheBytes_OpensOneAheadOnly()
    {
        var film = Cold(640);
        film.Scripts[0] = new ChunkScript { PauseAt = 32 };
        var writing = WriteAsync(film, "");
        await film.Scripts[0].Paused.Task.Within();
        Output.Gate = new Gate();
        film.Scripts[0].Resume.SetResult(); // waited: two ahead from the second chunk on

        for (var chunk = 0; chunk < 4; chunk++)
        {
            await Output.Gate.WhenReachedAsync(TestContext.Current.CancellationToken);
            var passed = Output.Gate;
            Output.Gate = new Gate();
            passed.Open();
        }

        // Chunk 1 pended, so the window went back: from there each chunk has one ahead of it.
        await Output.Gate.WhenReachedAsync(TestContext.Current.CancellationToken);
        Assert.Equal([0, 1, 2, 3, 4, 5], Reader.Opens);
        var last = Output.Gate;
        Output.Gate = null;
        last.Open();
        await writing.Within();
        Assert.Equal(film.Content, Output.Bytes);
        Assert.Equal(0, Reader.OpenLeases);
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
            Assert.InRange(Reader.Opens.Count, 0, index + 1 + 3);
            film.Scripts[index].Resume.SetResult();
        }

        await writing.Within();
        Assert.InRange(Reader.MostLeases, 2, 4);
        Assert.Equal(film.Content, Output.Bytes);
    }

    [Fact]
    public async Task Write_RangeWithinTwoChunks_OpensThoseOnly()
    {
        var film = Cold(1000);

        await WriteAsync(film, "bytes=100-150");

        Assert.Equal(film.Content[100..151], Output.Bytes);
        Assert.Equal([1, 2], Reader.Opens);
    }

    [Fact]
    public async Task Write_SeveralRanges_LooksAheadFromOneToTheNext()
    {
        var film = Cold(1000);
        film.Scripts[0] = new ChunkScript { PauseAt = 5 };

        var writing = WriteAsync(film, "bytes=0-9,640-649");
        await film.Scripts[0].Paused.Task.Within();
        Assert.Equal([0, 10], Reader.Opens);

        film.Scripts[0].Resume.SetResult();
        await writing.Within();
        Assert.Equal([.. film.Content[0..10], .. film.Content[640..650]], Output.Bytes);
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

        Assert.Equal([0, 1], Reader.Opens);
        Assert.Equal(Enumerable.Range(2, 14).Select(index => (long)index), Reader.TriedHot.Skip(2));
        Assert.Equal(film.Content, Output.Bytes);
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
            var film = isHot ? Reader.Add(FakeObject.Film(1000, ChunkSize)) : Cold(1000);
            var expected = range switch
            {
                "" => film.Content,
                "bytes=100-150" => film.Content[100..151],
                _ => [.. film.Content[0..10], .. film.Content[640..650]],
            };

            await WriteAsync(film, range, output: output);

            Assert.Equal(expected, output.Bytes);
            await Reader.AllLeasesReturnedAsync();
        }
    }

    [Fact]
    public async Task GiveBack_ChunksOpenedAhead_AreReturnedToo()
    {
        var film = Cold(1000);
        var leases = -1;
        Output.RecallAfter = () => 1;
        Output.Wrote = () => leases = Reader.OpenLeases;

        await WriteAsync(film, "bytes=0-127");

        Assert.InRange(Reader.MostLeases, 2, 2);
        Assert.Equal(0, leases);
        Assert.Equal(film.Content[..128], Output.Bytes);
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
}
