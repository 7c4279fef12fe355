using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class KeptFilesTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Keep_MoreThanTheLimit_ClosesThoseNotUsedSince()
    {
        var kept = new KeptFiles(limit: 3);
        var entries = Enumerable.Range(0, 3).Select(i => new DiskEntry(new ChunkKey(1, i), 4096)).ToArray();
        var files = entries.Select(entry => Keep(kept, entry)).ToArray();
        foreach (var used in (int[])[0, 2])
        {
            entries[used].TryUseKept()!.Release();
        }

        var newcomer = Keep(kept, new DiskEntry(new ChunkKey(1, 9), 4096));

        Assert.Equal([false, true, false], files.Select(file => file.Handle.IsClosed));
        Assert.False(newcomer.Handle.IsClosed);
        Assert.Null(entries[1].TryUseKept());
    }

    [Fact]
    public void Keep_AllUsed_StaysAtTheLimit()
    {
        var kept = new KeptFiles(limit: 3);
        var files = new List<ChunkFile>();
        for (var i = 0; i < 20; i++)
        {
            var entry = new DiskEntry(new ChunkKey(1, i), 4096);
            files.Add(Keep(kept, entry));
            entry.TryUseKept()!.Release();
        }

        Assert.Equal(3, files.Count(file => !file.Handle.IsClosed));
    }

    [Fact]
    public void Close_WhileItIsRead_WaitsForTheLastReader()
    {
        var kept = new KeptFiles(limit: 3);
        var entry = new DiskEntry(new ChunkKey(1, 1), 4096);
        Keep(kept, entry);
        var reader = entry.TryUseKept()!;

        entry.Gone();

        Assert.False(reader.Handle.IsClosed);
        reader.Release();
        Assert.True(reader.Handle.IsClosed);
    }

    [Fact]
    public void Keep_FileOfAnEntryThatIsGone_IsNotHeldOpen()
    {
        var kept = new KeptFiles(limit: 3);
        var entry = new DiskEntry(new ChunkKey(1, 1), 4096);
        entry.Gone();

        Assert.True(Keep(kept, entry).Handle.IsClosed);
    }

    [Fact]
    public void Release_OnceTooOften_Throws()
    {
        var file = Keep(new KeptFiles(limit: 3), new DiskEntry(new ChunkKey(1, 1), 4096));
        file.Release();

        Assert.Throws<InvalidOperationException>(file.Release);
    }

    private ChunkFile Keep(KeptFiles kept, DiskEntry entry)
    {
        var file = new ChunkFile(File.OpenHandle(_path), headerLength: 64, BlockChecksums.Of([1], DiskTier.BlockSize), ObjectTags.None, new OpenHandles(limit: 64, mostWaiting: 0));
        kept.Keep(entry, file);
        file.Release(); // the opener is done
        return file;
    }
}
