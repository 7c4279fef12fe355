using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Lookup;

/// <summary>Reads of chunks that are on disk and not in memory, by a process that starts with another one's files.</summary>
public sealed class DiskReadTests : IAsyncDisposable
{
    private const int Size = 24 * MiB;

    private readonly string _folder = Directory.CreateTempSubdirectory("chunkproxy-reads-").FullName;
    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly ScriptedObject _film;
    private int _files;

    public DiskReadTests() => _film = _origin.Add("/film", Size);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _origin.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Read_ManyTimesTheMemoryAtFullSpeed_EveryChunkIsOnDisk()
    {
        const int chunks = 96;
        var film = _origin.Add("/long", chunks * MiB);
        await using var engine = new Engine(_origin, time: null, ("Dir", _folder), ("DiskSize", "256MiB"), ("MemorySize", "16MiB"));
        await engine.Disk.WhenIdleAsync(); // nothing is written before the scan has ended
        var version = await engine.FindAsync("/long", null, Stop);

        await engine.ReadAsync(version, ByteRange.Whole(chunks * MiB), Stop);
        await engine.WhenFilledAsync(Stop);
        while (engine.Disk.State.WaitingBytes > 0)
        {
            await engine.Disk.WhenIdleAsync();
        }

        Assert.Equal(0, engine.Disk.State.DroppedWrites);
        Assert.All(Enumerable.Range(0, chunks), index => Assert.True(engine.Disk.Contains(version.Chunk(index).Key), $"chunk {index}"));
        Assert.InRange(film.BodyBytesSent, chunks * MiB, (chunks * MiB) + 1); // and the byte with which the version was found
    }

    [Fact]
    public async Task Find_RecordOfAnOutdatedVersionIsStillOnDisk_TheOriginIsAsked()
    {
        await using var engine = new Engine(_origin, time: null, ("Dir", _folder), ("DiskSize", "256MiB"));
        var before = await engine.FindAsync("/film", null, Stop);
        await engine.Disk.WhenIdleAsync();
        _film.Answer = _film.Answer with { Seed = 2, ETag = "\"new\"" };

        engine.Reader.Forget(before); // as a read does that finds the new version at the origin
        engine.Disk.StoreVersion(before); // the writing thread gets to a record late, and later still to its removal
        await engine.Disk.WhenIdleAsync();
        var after = await engine.FindAsync("/film", null, Stop);

        Assert.Equal("\"new\"", after.Headers.ETag);
    }

    [Fact]
    public async Task Read_SmallRange_ReadsItsBlocksOnlyAndLeavesMemoryAlone()
    {
        await using var engine = await StartOnDiskAsync();
        var version = await engine.FindAsync("/film", null, Stop);

        using (var lease = await engine.OpenAsync(version, new Slice(3, 100_000, 65_536), Stop))
        {
            Assert.Equal(ChunkSource.Disk, lease.Report.Source);
        }

        await engine.ReadAsync(version, new ByteRange((3 * MiB) + 100_000, (3 * MiB) + 165_536), Stop);
        Assert.Equal(2 * 5 * DiskTier.BlockSize, engine.Disk.State.ReadBytes);
        Assert.False(engine.Memory.Contains(version.Chunk(3).Key));
    }

    [Fact]
    public async Task Read_SmallRangesOfOneChunk_MoveItToMemoryWhenTheyHaveComeToItsLength()
    {
        await using var engine = await StartOnDiskAsync();
        var version = await engine.FindAsync("/film", null, Stop);
        var ranges = Enumerable.Range(0, 17).Select(i => 5L * MiB + (i % 16 * 65_536)).ToArray();

        foreach (var start in ranges[..16])
        {
            await engine.ReadAsync(version, new ByteRange(start, start + 65_536), Stop);
        }

        Assert.False(engine.Memory.Contains(version.Chunk(5).Key));
        await engine.ReadAsync(version, new ByteRange(ranges[16], ranges[16] + 65_536), Stop);
        await engine.WhenFilledAsync(Stop);

        var asked = _film.Requests.Count;
        Assert.True(engine.Reader.TryOpen(version, new Slice(5, 0, MiB), out var whole)); // also a chunk that is not being read
        whole.Dispose();
        Assert.Equal(asked, _film.Requests.Count);
    }

    [Fact]
    public async Task Read_WholeFilm_IsReadFromDiskOnceEachByte()
    {
        await using var engine = await StartOnDiskAsync();
        var version = await engine.FindAsync("/film", null, Stop);
        var asked = _film.BodyBytesSent;

        await engine.ReadAsync(version, ByteRange.Whole(Size), Stop);

        Assert.Equal(Size, engine.Disk.State.ReadBytes);
        Assert.Equal(asked, _film.BodyBytesSent);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(DiskTier.BlockSize - 1)]
    [InlineData(300_000)]
    [InlineData(MiB - 1)]
    public async Task Read_BlockDamaged_EveryByteIsRightAndTheRestComesFromTheOrigin(int at)
    {
        await using var engine = await StartOnDiskAsync(path => Flip(path, at));
        var version = await engine.FindAsync("/film", null, Stop);

        await engine.ReadAsync(version, ByteRange.Whole(Size), Stop);

        Assert.Equal(_files, engine.Disk.State.Damaged);
    }

    [Fact]
    public async Task Read_BlockDamagedAfterTheFirstBytesWereSent_TheRestComesFromTheOrigin()
    {
        await using var engine = await StartOnDiskAsync();
        var version = await engine.FindAsync("/film", null, Stop);
        using var lease = await engine.OpenAsync(version, new Slice(2, 0, MiB), Stop);
        var first = await lease.ReadAsync(0, MiB, Stop);
        TestData.Verify(1, 2 * MiB, first.Span);
        Assert.True(first.Length < 500_000);
        var asked = _film.BodyBytesSent;

        Flip(Directory.EnumerateFiles(_folder, "*-0000000000000002.chunk", SearchOption.AllDirectories).Single(), 500_000);
        for (var offset = first.Length; offset < MiB;)
        {
            var bytes = await lease.ReadAsync(offset, MiB - offset, Stop);
            TestData.Verify(1, (2 * MiB) + offset, bytes.Span);
            offset += bytes.Length;
        }

        Assert.Equal(1, engine.Disk.State.Damaged);
        Assert.Equal(ChunkSource.Origin, lease.Report.Source);
        await _film.WhenIdleAsync(Stop);
        Assert.True(_film.BodyBytesSent > asked);
    }

    [Fact]
    public async Task Read_RandomReadersOverASmallMemory_AllBytesAreRight()
    {
        await using var engine = await StartOnDiskAsync(path => Flip(path, path.GetHashCode(StringComparison.Ordinal) & (MiB - 1)));
        var version = await engine.FindAsync("/film", null, Stop);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(reader => Task.Run(async () =>
        {
            var random = new Random(reader);
            for (var i = 0; i < 40; i++)
            {
                var start = random.NextInt64(Size);
                await engine.ReadAsync(version, new ByteRange(start, Math.Min(Size, start + random.Next(1, MiB))), Stop);
            }
        })));
    }

    [Fact]
    public async Task Read_AllMemoryIsInUse_ComesFromDiskAndNotFromTheOrigin()
    {
        await using var engine = await StartOnDiskAsync();
        var version = await engine.FindAsync("/film", null, Stop);
        var held = new List<ChunkBuffer>();
        while (engine.Memory.TryRent(MiB) is { } buffer)
        {
            held.Add(buffer);
        }

        var asked = _film.BodyBytesSent;
        for (var i = 0; i < 3; i++)
        {
            await engine.ReadAsync(version, new ByteRange(7 * MiB, 8 * MiB), Stop); // the second one moves the chunk to memory
        }

        Assert.Equal(asked, _film.BodyBytesSent);
        held.ForEach(buffer => buffer.Release());
    }

    // The look-up of the version may bring the first chunk too, so the measurement starts after it.
    private async Task<Engine> StartOnDiskAsync(Action<string>? harm = null)
    {
        await LeaveOnDiskAsync();
        foreach (var file in Directory.EnumerateFiles(_folder, "*.chunk", SearchOption.AllDirectories).Where(_ => harm is not null))
        {
            harm!(file);
            _files++;
        }

        var engine = StartEngine();
        await engine.Disk.WhenIdleAsync();
        return engine;
    }

    private async Task<ObjectVersion> LeaveOnDiskAsync()
    {
        await using var before = StartEngine();
        await before.Disk.WhenIdleAsync(); // nothing is written before the scan has ended
        var version = await before.FindAsync("/film", null, Stop);
        for (long start = 0; start < Size; start += MiB)
        {
            await before.ReadAsync(version, new ByteRange(start, start + MiB), Stop);
            await before.WhenFilledAsync(Stop);
        }

        await before.Disk.WhenIdleAsync();
        Assert.Equal(0, before.Disk.State.DroppedWrites);
        return version;
    }

    private Engine StartEngine() => new(_origin, time: null, ("Dir", _folder), ("DiskSize", "64MiB"), ("MemorySize", "16MiB"));

    private static void Flip(string path, int at)
    {
        using var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = file.Length - MiB + at;
        var value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 0x20));
    }
}
