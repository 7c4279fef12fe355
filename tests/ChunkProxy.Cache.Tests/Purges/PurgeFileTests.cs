using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Testing.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Tests.Purges;

public sealed class PurgeFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PurgeLedger _ledger = PurgeLedgerTests.NewLedger(remembered: 64);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_AfterManyPurges_IsWhatTheLedgerKnows()
    {
        var file = Open();
        var random = new Random(1);
        for (var i = 0; i < 500; i++)
        {
            file.Append(_ledger.Add([new Purge((Hash128)(uint)random.Next(1, 100), 1000 + i)]), _ledger);
        }

        var restored = PurgeLedgerTests.NewLedger();
        var (purges, floor) = Open().Read();
        restored.Restore(purges, floor);

        Assert.All(Enumerable.Range(1, 100).Select(id => (Hash128)(uint)id).Where(id => _ledger.GenerationOf(id) > 0), id => Assert.Equal(_ledger.GenerationOf(id), restored.GenerationOf(id)));
        Assert.True(restored.Floor > 0);
        Assert.InRange(new FileInfo(Path).Length, 64 * 32, 3 * 64 * 32);
    }

    [Fact]
    public void Read_TornOrFlippedRecord_IsLeftOutAndTheNextOneIsWrittenWell()
    {
        var file = Open();
        for (var i = 1; i <= 5; i++)
        {
            file.Append(_ledger.Add([new Purge((Hash128)(uint)i, i)]), _ledger);
        }

        var bytes = File.ReadAllBytes(Path);
        bytes[(3 * 32) + 5] ^= 0x40; // behind the first purge, the floor and the second
        File.WriteAllBytes(Path, bytes.AsSpan(0, bytes.Length - 1));

        var again = Open();
        var survivors = again.Read().Purges;
        again.Append([new Purge(9, 9)], _ledger);

        Assert.Equal([1, 2, 4], survivors.Select(purge => (int)purge.Object.Low).Order());
        Assert.Contains(Open().Read().Purges, purge => purge == new Purge(9, 9));
    }

    [Fact]
    public void Append_FolderCannotBeWritten_IsLoggedAndForgiven()
    {
        File.WriteAllText(_folder.Combine("cache"), "a file where the folder should be");

        Open().Append(_ledger.Add([new Purge(1, 1)]), _ledger);

        Assert.Equal(1, _ledger.GenerationOf(1));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public void Read_SeveralDirectoriesOfWhichOneIsLost_KnowsEveryPurge(string lost)
    {
        Directory.CreateDirectory(_folder.Combine("a"));
        Directory.CreateDirectory(_folder.Combine("b"));
        OpenBoth().Append(_ledger.Add([new Purge(1, 1), Purge.OfSeveral(PurgeScope.Prefix, "/films/", 2)!]), _ledger);
        Directory.Delete(_folder.Combine(lost), recursive: true);
        File.WriteAllText(_folder.Combine(lost), "a disk that fails");
        var file = OpenBoth();
        Assert.Equal(2, file.Read().Purges.Count);
        file.Append(_ledger.Add([new Purge(3, 3)]), _ledger);

        File.Delete(_folder.Combine(lost));
        Directory.CreateDirectory(_folder.Combine(lost)); // it is back, and has nothing
        Assert.Equal([1, 2, 3], OpenBoth().Read().Purges.Select(purge => (int)purge.Stamp));

        var again = OpenBoth();
        again.Read();
        again.Append(_ledger.Add([new Purge(4, 4)]), _ledger);
        Directory.Delete(_folder.Combine(lost == "a" ? "b" : "a"), recursive: true);
        Assert.Equal([1, 3, 4], OpenBoth().Read().Purges.Where(purge => !purge.IsOfSeveral).Select(purge => (int)purge.Stamp)); // the whole ledger was written there
    }

    [Fact]
    public void Append_DiskWasAway_WritesThereWhatWasPurgedMeanwhile()
    {
        Directory.CreateDirectory(_folder.Combine("a"));
        Directory.CreateDirectory(_folder.Combine("b"));
        var file = OpenBoth();
        file.Append(_ledger.Add([new Purge(1, 1)]), _ledger);
        Directory.Move(_folder.Combine("b"), _folder.Combine("away"));
        file.Append(_ledger.Add([new Purge(2, 2), Purge.OfSeveral(PurgeScope.Prefix, "/films/", 3)!]), _ledger);
        Assert.False(Directory.Exists(_folder.Combine("b")));

        Directory.Move(_folder.Combine("away"), _folder.Combine("b"));
        file.Append(_ledger.Add([new Purge(4, 4)]), _ledger);

        Directory.Delete(_folder.Combine("a"), recursive: true);
        Assert.Equal([1, 2, 3, 4], StampsIn(OpenBoth()));
    }

    [Fact]
    public void Read_DiskWasAway_WritesThereWhatWasPurgedMeanwhile()
    {
        Directory.CreateDirectory(_folder.Combine("a"));
        Directory.CreateDirectory(_folder.Combine("b"));
        var file = OpenBoth();
        file.Append(_ledger.Add([new Purge(1, 1)]), _ledger);
        Directory.Move(_folder.Combine("b"), _folder.Combine("away"));
        file.Append(_ledger.Add([new Purge(1, 2), Purge.OfSeveral(PurgeScope.Prefix, "/films/", 3)!]), _ledger);
        Directory.Move(_folder.Combine("away"), _folder.Combine("b"));

        Assert.Equal([2, 3], StampsIn(OpenBoth()));

        Directory.Delete(_folder.Combine("a"), recursive: true);
        Assert.Equal([2, 3], StampsIn(OpenBoth()));
    }

    [Fact]
    public void Append_DiskIsUnmounted_WritesNothingBelowItAndLaterEveryPurge()
    {
        var device = 2UL;
        Directory.CreateDirectory(_folder.Combine("a"));
        Directory.CreateDirectory(_folder.Combine("b"));
        var file = OpenBoth(path => path == _folder.Combine("b") ? device : 1);
        file.Read();
        file.Append(_ledger.Add([new Purge(1, 1)]), _ledger);
        Directory.Move(_folder.Combine("b"), _folder.Combine("unmounted"));
        Directory.CreateDirectory(_folder.Combine("b"));
        device = 1;
        file.Append(_ledger.Add([new Purge(2, 2)]), _ledger);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Combine("b")));

        Directory.Delete(_folder.Combine("b"));
        Directory.Move(_folder.Combine("unmounted"), _folder.Combine("b"));
        device = 2;
        file.Append(_ledger.Add([new Purge(3, 3)]), _ledger);

        Directory.Delete(_folder.Combine("a"), recursive: true);
        Assert.Equal([1, 2, 3], StampsIn(OpenBoth()));
    }

    [Fact]
    public void Append_DiskIsMountedAfterTheStart_WritesEveryPurgeToItsOwnFile()
    {
        var device = 2UL;
        Directory.CreateDirectory(_folder.Combine("a"));
        Directory.CreateDirectory(_folder.Combine("b"));
        OpenBoth().Append(_ledger.Add([.. Enumerable.Range(1, 3).Select(i => new Purge((Hash128)(uint)i, i))]), _ledger);
        Directory.Move(_folder.Combine("b"), _folder.Combine("unmounted"));
        Directory.CreateDirectory(_folder.Combine("b"));
        device = 1;
        var file = OpenBoth(path => path == _folder.Combine("b") ? device : 1);
        file.Read();
        file.Append(_ledger.Add([new Purge(4, 4)]), _ledger);

        Directory.Delete(_folder.Combine("b"), recursive: true);
        Directory.Move(_folder.Combine("unmounted"), _folder.Combine("b"));
        device = 2;
        file.Append(_ledger.Add([new Purge(5, 5)]), _ledger);

        Directory.Delete(_folder.Combine("a"), recursive: true);
        Assert.Equal([1, 2, 3, 4, 5], StampsIn(OpenBoth()));
    }

    private string Path => _folder.Combine("cache", "chunkproxy.purges");

    private static IEnumerable<int> StampsIn(PurgeFile file) => file.Read().Purges.Select(purge => (int)purge.Stamp).Order();

    private PurgeFile Open()
    {
        if (!File.Exists(_folder.Combine("cache")))
        {
            Directory.CreateDirectory(_folder.Combine("cache"));
        }

        return new PurgeFile(Options.Create(new CacheOptions { Dir = _folder.Combine("cache") }), NullLogger<PurgeFile>.Instance);
    }

    private PurgeFile OpenBoth(Func<string, ulong?>? deviceOf = null)
    {
        var options = Options.Create(new CacheOptions { Dir = $"{_folder.Combine("a")},{_folder.Combine("b")}" });
        return deviceOf is null ? new(options, NullLogger<PurgeFile>.Instance) : new(options, NullLogger<PurgeFile>.Instance, deviceOf);
    }
}
