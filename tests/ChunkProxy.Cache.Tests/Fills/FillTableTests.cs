using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Fills;

public sealed class FillTableTests
{
    private const int MiB = 1024 * 1024;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_RetrievalCancelsItselfUnasked_FailsTheReader()
    {
        var retrieval = new ScriptedRetrieval((_, _) => throw new TaskCanceledException("a time-out of somebody's own"));
        await using var services = ServicesWith(retrieval);
        var chunk = TestChunks.Version("/film", MiB, MiB).Chunk(0);

        var failure = await Assert.ThrowsAsync<ChunkReadException>(() =>
            services.GetRequiredService<FillTable>().OpenAsync(chunk, new Slice(0, 0, MiB), FillPurpose.Own, Stop).AsTask().WaitAsync(Patience.Limit, Stop));

        Assert.IsType<TaskCanceledException>(failure.GetBaseException());
        Assert.Single(retrieval.Runs);
    }

    [Fact]
    public async Task Open_FarAheadInAChunkThatPassesBy_WaitsForIt()
    {
        const int Length = 8 * MiB;
        var version = TestChunks.Version("/film", 2 * Length, Length);
        var (passed, wanted) = (version.Chunk(0), version.Chunk(1));
        var passing = new TaskCompletionSource<PassingFill>();
        var finish = new Gate();
        var retrieval = new ScriptedRetrieval(async (target, stop) =>
        {
            var fill = target.Fill.TryBeginPassing(passed)!.Value;
            Write(fill.Target, 1000); // no time passes, so its speed is unknown
            passing.SetResult(fill);
            await finish.PassAsync(stop);
            WriteAll(fill.Target);
            fill.End();
            WriteAll(target);
        });
        await using var services = ServicesWith(retrieval, new FakeTimeProvider());
        var fills = services.GetRequiredService<FillTable>();

        var reader = fills.OpenAsync(wanted, new Slice(1, 0, 1), FillPurpose.Own, Stop).AsTask();
        var passingBy = await passing.Task.WaitAsync(Patience.Limit, Stop);
        var ahead = fills.OpenAsync(passed, new Slice(0, 5 * MiB, 1), FillPurpose.Own, Stop).AsTask();

        Assert.Equal(Length, passingBy.Target.Limit); // no other run has taken over the rest
        finish.Open();
        foreach (var lease in await Task.WhenAll(reader, ahead).WaitAsync(Patience.Limit, Stop))
        {
            lease!.Value.Dispose();
        }

        Assert.Equal([(wanted, 0, Length)], retrieval.Runs);
    }

    [Theory]
    [InlineData(0, FillOutcome.Completed)] // players probe the first bytes of an object
    [InlineData(1, FillOutcome.Abandoned)]
    public async Task Open_OneByteOfAChunk_TheRestIsNotFetched(int index, FillOutcome outcome)
    {
        var chunk = TestChunks.Version("/film", 2 * MiB, MiB).Chunk(index);
        var finish = new Gate();
        var retrieval = new ScriptedRetrieval(async (target, stop) =>
        {
            Write(target, Math.Min(64 * 1024, target.Room.Length)); // the second run fetches the bytes before the wanted one
            await finish.PassAsync(stop);
            WriteAll(target);
        });
        await using var services = ServicesWith(retrieval);
        var fills = services.GetRequiredService<FillTable>();
        ChunkFill fill;
        using (var lease = (await fills.OpenAsync(chunk, new Slice(index, 100, 1), FillPurpose.Own, Stop))!.Value)
        {
            Assert.Equal(1, (await lease.ReadAsync(100, 1, Stop)).Length);
            fill = fills.UnderWay.Single();
        }

        if (outcome is FillOutcome.Completed)
        {
            finish.Open();
        }

        await fill.Ended.WaitAsync(Patience.Limit, Stop);
        Assert.Equal(outcome, fill.Outcome);
    }

    [Fact]
    public async Task Open_SmallReadsWhileAnotherReaderStays_BringTheChunk()
    {
        const int Small = 4 * 1024; // the rest of the chunk is less than 64 times as much as three reads
        var chunk = TestChunks.Version("/film", 2 * MiB, MiB).Chunk(1);
        var retrieval = new ScriptedRetrieval((target, _) =>
        {
            target.Shorten(target.EndAtOrigin);
            WriteAll(target);
            return Task.CompletedTask;
        });
        await using var services = ServicesWith(retrieval);
        var fills = services.GetRequiredService<FillTable>();
        var slice = new Slice(1, 0, Small);
        using var stays = (await fills.OpenAsync(chunk, slice, FillPurpose.Own, Stop))!.Value;
        await stays.ReadAsync(0, Small, Stop);
        var fill = fills.UnderWay.Single();

        for (var i = 0; i < 2; i++)
        {
            Assert.Single(retrieval.Runs);
            using var leaves = (await fills.OpenAsync(chunk, slice, FillPurpose.Own, Stop))!.Value;
            await leaves.ReadAsync(0, Small, Stop);
        }

        await fill.Ended.WaitAsync(Patience.Limit, Stop);
        Assert.Equal(FillOutcome.Completed, fill.Outcome);
        Assert.Equal([(chunk, 0, MiB), (chunk, 65 * Small, MiB)], retrieval.Runs);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Open_SliceBeginsWithAvailableBytes_FetchesTheRestBeforeItsReaderRequestsIt(bool joins)
    {
        const int There = 64 * 1024;
        var chunk = TestChunks.Version("/film", 2 * MiB, MiB).Chunk(1);
        var retrieval = new ScriptedRetrieval(async (target, stop) =>
        {
            if (target.Position == 0)
            {
                Write(target, There);
                await new Gate().PassAsync(stop); // until no reader wants the rest
            }

            WriteAll(target);
        });
        await using var services = ServicesWith(retrieval);
        var fills = services.GetRequiredService<FillTable>();
        (await fills.OpenAsync(chunk, chunk.Whole, FillPurpose.Own, Stop))!.Value.Dispose();
        await fills.WhenEnded(chunk.Key).WaitAsync(Patience.Limit, Stop);
        using var other = joins ? (await fills.OpenAsync(chunk, new Slice(1, 0, 1), FillPurpose.Own, Stop))!.Value : default;

        using var slow = (await fills.OpenAsync(chunk, chunk.Whole, FillPurpose.Own, Stop))!.Value;

        await fills.WhenEnded(chunk.Key).WaitAsync(Patience.Limit, Stop);
        Assert.Equal([(chunk, 0, MiB), (chunk, There, MiB)], retrieval.Runs);
        Assert.True(services.GetRequiredService<MemoryTier>().Peek(chunk.Key) is { Buffer.Partial: null });
    }

    [Fact]
    public async Task Adopt_ObjectWasPurgedSinceTheOriginWasAsked_KeepsNothing()
    {
        var retrieval = new ScriptedRetrieval((target, _) =>
        {
            WriteAll(target);
            return Task.CompletedTask;
        });
        await using var services = ServicesWith(retrieval);
        var fills = services.GetRequiredService<FillTable>();
        var chunk = TestChunks.Version("/film", MiB, MiB).Chunk(0);
        services.GetRequiredService<PurgeLedger>().Add(chunk.Version.Id, generation: 1);
        var slot = new Slot();

        fills.Adopt(chunk, chunk.Whole, BodyIn(slot));

        Assert.True(slot.IsFree); // for other requests to the origin
        Assert.Empty(retrieval.Runs); // once started, it may end before a purge can end it
        Assert.Equal(0, fills.Count);
        await Assert.ThrowsAsync<ChunkReadException>(() => fills.OpenAsync(chunk, new Slice(0, 0, 1), FillPurpose.Own, Stop).AsTask());
    }

    [Fact]
    public async Task Begin_ChunkThatPassesByWasPurged_KeepsNothing()
    {
        var (purged, wanted) = (TestChunks.Version("/film", MiB, MiB).Chunk(0), TestChunks.Version("/other", MiB, MiB).Chunk(0));
        PassingFill? passing = default(PassingFill);
        var retrieval = new ScriptedRetrieval((target, _) =>
        {
            passing = target.Fill.TryBeginPassing(purged);
            WriteAll(target);
            return Task.CompletedTask;
        });
        await using var services = ServicesWith(retrieval);
        var fills = services.GetRequiredService<FillTable>();
        services.GetRequiredService<PurgeLedger>().Add(purged.Version.Id, generation: 1);

        var lease = await fills.OpenAsync(wanted, new Slice(0, 0, MiB), FillPurpose.Own, Stop);

        lease!.Value.Dispose();
        Assert.Null(passing);
        Assert.False(fills.IsUnderWay(purged.Key));
    }

    private static OriginBody BodyIn(Slot slot) =>
        new(new OriginStream(new HttpResponseMessage(), new MemoryStream(new byte[MiB]), slot, TimeSpan.FromHours(1), TimeProvider.System), new ByteRange(0, MiB), isWhole: true);

    private static void Write(FillTarget target, int count)
    {
        target.Room.Span[..count].Clear();
        target.Advance(count, ChunkSource.Origin);
    }

    private static void WriteAll(FillTarget target)
    {
        while (!target.IsDone)
        {
            Write(target, target.Room.Length);
        }
    }

    private static ServiceProvider ServicesWith(IChunkRetrieval retrieval, TimeProvider? time = null)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ChunkProxy:Url"] = "http://127.0.0.1:9/", // not contacted
            ["ChunkProxy:ChunkSize"] = "8MiB",
            ["ChunkProxy:MemorySize"] = "128MiB",
            ["ChunkProxy:DiskSize"] = "0",
        };
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddLogging()
            .AddSingleton(retrieval)
            .AddSingleton(time ?? TimeProvider.System)
            .AddChunkCache()
            .BuildServiceProvider();
    }

    private sealed class Slot : IDisposable
    {
        public bool IsFree { get; private set; }

        public void Dispose() => IsFree = true;
    }
}
