using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

/// <summary>A directory for one test, and the tiers that are opened on it, one after another.</summary>
internal sealed class TierDirectory : IAsyncDisposable
{
    private const int MiB = 1024 * 1024;

    private readonly bool _isTemporary;

    public TierDirectory(string? path = null)
    {
        _isTemporary = path is null;
        Path = path ?? Directory.CreateTempSubdirectory("chunkproxy-disk-").FullName;
    }

    public string Path { get; }

    public long Budget { get; set; } = 64 * MiB;

    public long WriteQueueLimit { get; set; } = 1024 * MiB;

    public int OpenFiles { get; init; } = 4096;

    public int KeptFiles { get; init; } = 1024;

    public FakeTimeProvider Time { get; init; } = new(DateTimeOffset.UnixEpoch.AddYears(56));

    public TestLog Log { get; } = new();

    public DiskTier Tier { get; private set; } = null!;

    /// <summary>Everything below the directory that is a chunk or a record by its name.</summary>
    public string[] Files => [.. Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories)
        .Where(file => file.EndsWith(".chunk", StringComparison.Ordinal) || file.EndsWith(".version", StringComparison.Ordinal))];

    public DiskTier Start(IDiskFiles? files = null)
    {
        var options = new DiskTierOptions { Directory = Path, Budget = Budget, WriteQueueLimit = WriteQueueLimit, OpenFiles = OpenFiles, KeptFiles = KeptFiles };
        return Tier = new DiskTier([options], Time, Log.LoggerFor<DiskTier>(), files ?? new DiskFiles());
    }

    public async Task<DiskTier> StartAndScanAsync(IDiskFiles? files = null)
    {
        var tier = Start(files);
        await tier.WhenIdleAsync();
        return tier;
    }

    public async Task<DiskTier> RestartAsync(IDiskFiles? files = null)
    {
        await Tier.DisposeAsync();
        return await StartAndScanAsync(files);
    }

    public void Store(Chunk chunk)
    {
        var buffer = TestChunks.BufferOf(chunk);
        Tier.Store(chunk, buffer);
        buffer.Release();
    }

    public async Task StoreAsync(params IEnumerable<Chunk> chunks)
    {
        foreach (var chunk in chunks)
        {
            Store(chunk);
        }

        await Tier.WhenIdleAsync();
    }

    /// <summary>Returns the whole chunk, or null for a miss or a failed read.</summary>
    public async Task<byte[]?> ReadAsync(Chunk chunk)
    {
        using var opened = await Tier.OpenAsync(chunk, TestContext.Current.CancellationToken);
        var bytes = new byte[chunk.Length];
        return opened is not null && await opened.ReadAsync(0, bytes, TestContext.Current.CancellationToken) ? bytes : null;
    }

    public async Task AssertHitAsync(Chunk chunk)
    {
        var bytes = await ReadAsync(chunk);
        Assert.NotNull(bytes);
        Assert.True(TestChunks.BytesOf(chunk).AsSpan().SequenceEqual(bytes), "The tier gave wrong bytes.");
    }

    public async Task AssertMissAsync(Chunk chunk) => Assert.Null(await ReadAsync(chunk));

    public async ValueTask DisposeAsync()
    {
        if (Tier is not null)
        {
            await Tier.DisposeAsync();
        }

        if (_isTemporary && Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
