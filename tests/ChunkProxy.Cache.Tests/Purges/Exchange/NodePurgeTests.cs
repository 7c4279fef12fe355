using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Purges.Exchange;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Purges.Exchange;

/// <summary>An object's bytes change at the origin without a new entity tag. Only a purge can invalidate them, here on one node.</summary>
public sealed class NodePurgeTests : IAsyncLifetime
{
    private const long Size = (12 * MiB) + 12_345;

    private static readonly OriginAnswer Old = new OriginAnswer { Size = Size, Seed = 1 }.WithHeader("Cache-Tag", "film-1");
    private static readonly OriginAnswer New = Old with { Seed = 2 };

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedObject _film;

    public NodePurgeTests() => _film = _origin.Add("/film", Old);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _origin.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Purge_NodeAloneWithMemoryAndDisk_ReadsTheNewBytesAndHasNothingOfTheOld()
    {
        await using var engine = new Engine(_origin, settings: [("DiskSize", "64MiB"), ("Dir", _folder.Path)]);
        var old = await engine.FindAsync("/film", null, Stop);
        await engine.ReadAsync(old, ByteRange.Whole(Size), Stop);
        await engine.WhenFilledAsync(Stop); // a reader may have its bytes before the chunk is in memory

        _film.Answer = New;
        var report = await engine.PurgeCoordinator.PurgeAsync(engine.At("/film"), Stop);

        Assert.True(report.Complete);
        Assert.Equal(13, Assert.Single(report.Processes).Result!.Value.Chunks);
        Assert.DoesNotContain(engine.Memory.Entries, entry => entry.Key.Version == old.Hash);
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder.Path, "*.chunk", SearchOption.AllDirectories), _ => true);
        await engine.ReadAsync("/film", ByteRange.Whole(Size), Stop, seed: 2);
    }

    [Fact]
    public async Task Purge_KilledAndStartedAgain_DoesNotServeWhatWasOnDiskUnderTheOldName()
    {
        (string, string)[] settings = [("DiskSize", "64MiB"), ("Dir", _folder.Path)];
        await using (var engine = new Engine(_origin, settings: settings))
        {
            await engine.ReadAsync("/film", ByteRange.Whole(Size), Stop);
        }

        var before = Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).ToDictionary(path => path, File.ReadAllBytes);
        await using (var engine = new Engine(_origin, settings: settings))
        {
            await engine.PurgeCoordinator.PurgeAsync(engine.At("/film"), Stop);
        }

        foreach (var (path, bytes) in before)
        {
            await File.WriteAllBytesAsync(path, bytes, Stop); // as if it had been killed before it could delete them
        }

        _film.Answer = New;
        await using (var engine = new Engine(_origin, settings: settings))
        {
            await engine.ReadAsync("/film", ByteRange.Whole(Size), Stop, seed: 2);
        }
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public async Task Purge_DiskIsAwayMeanwhile_DoesNotServeWhatItHasAfterARestart(string away)
    {
        (string, string)[] settings = [("DiskSize", "64MiB"), ("Dir", $"{_folder.Combine("a")},{_folder.Combine("b")}")];
        await using (var engine = new Engine(_origin, settings: settings))
        {
            await engine.ReadAsync("/film", ByteRange.Whole(Size), Stop);
        }

        Directory.Move(_folder.Combine(away), _folder.Combine("away"));
        await File.WriteAllTextAsync(_folder.Combine(away), "a disk that fails", Stop);
        await using (var engine = new Engine(_origin, settings: settings))
        {
            await engine.PurgeCoordinator.PurgeAsync(engine.At("/film"), Stop);
        }

        File.Delete(_folder.Combine(away));
        Directory.Move(_folder.Combine("away"), _folder.Combine(away));
        Assert.NotEmpty(Directory.EnumerateFiles(_folder.Combine(away), "*.chunk", SearchOption.AllDirectories));
        _film.Answer = New;
        await using (var engine = new Engine(_origin, settings: settings))
        {
            await engine.ReadAsync("/film", ByteRange.Whole(Size), Stop, seed: 2);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Purge_FillUnderWay_EndsItVisiblyAndKeepsNothing(bool byTag)
    {
        var stall = new Gate();
        _film.Answer = Old with { Stall = stall, StallAfter = 100 * KiB };
        await using var engine = new Engine(_origin);
        var old = await engine.FindAsync("/film", 0, Stop);
        using var lease = await engine.OpenAsync(old, new Slice(0, 0, MiB), Stop);
        var bytes = await lease.ReadAsync(0, MiB, Stop);
        TestData.Verify(1, 0, bytes.Span);

        var fill = engine.Fills.UnderWay.Single();
        _film.Answer = New;
        await PurgeAsync(engine, byTag);

        var failure = await Assert.ThrowsAsync<ChunkReadException>(async () =>
        {
            for (var offset = bytes.Length; offset < MiB;)
            {
                var more = await lease.ReadAsync(offset, MiB - offset, Stop).AsTask().WaitAsync(Patience.Limit, Stop);
                TestData.Verify(1, offset, more.Span); // bytes from before the purge stay valid
                offset += more.Length;
            }
        });
        Assert.Equal(ProxyError.VersionChanged, failure.Error);
        await fill.Ended.WaitAsync(Patience.Limit, Stop);
        Assert.Equal(FillOutcome.VersionChanged, fill.Outcome);
        stall.Open();
        await Assert.ThrowsAsync<ChunkReadException>(() => engine.ReadAsync(old, new ByteRange(MiB, 2 * MiB), Stop));
        await engine.ReadAsync("/film", ByteRange.Whole(Size), Stop, seed: 2);
        Assert.DoesNotContain(engine.Memory.Entries, entry => entry.Key.Version == old.Hash);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Purge_WhileTheOriginIsAskedForTheVersion_LaterReadersDoNotGetThatAnswer(bool byTag)
    {
        var hold = new Gate();
        _film.Script = request => request.Number == 1 ? Old with { HoldAnswer = hold } : New;
        await using var engine = new Engine(_origin);
        var before = engine.Reader.FindAsync(engine.At("/film"), 0, Stop).AsTask();
        await _film.UntilAsync(it => it.Requests.Count == 1, "the origin is asked", Stop);

        await PurgeAsync(engine, byTag);
        var after = await engine.FindAsync("/film", 0, Stop); // while the other question is still open
        hold.Open();
        var late = (await before).Version!;

        Assert.True(late.Generation < after.Generation);
        await Assert.ThrowsAsync<ChunkReadException>(() => engine.ReadAsync(late, new ByteRange(0, MiB), Stop));
        await engine.ReadAsync("/film", ByteRange.Whole(Size), Stop, seed: 2);
    }

    private static Task<PurgeReport> PurgeAsync(Engine engine, bool byTag) => byTag
        ? engine.PurgeCoordinator.PurgeAsync(Purge.OfSeveral(PurgeScope.Tag, "film-1", stamp: 0)!, Stop)
        : engine.PurgeCoordinator.PurgeAsync(engine.At("/film"), Stop);
}
