using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

/// <summary>Directories for one test, and the tiers that are opened on them, one after another.</summary>
internal sealed class SeveralDirectories : IAsyncDisposable
{
    private const int MiB = 1024 * 1024;

    private readonly string _root = Directory.CreateTempSubdirectory("chunkproxy-disks-").FullName;
    private readonly MemoryTier _memory = new(64 * MiB, 100_000);

    public SeveralDirectories(params long[] budgetsInMiB)
    {
        Paths = [.. budgetsInMiB.Select((_, i) => Path.Combine(_root, $"{(char)('a' + i)}"))];
        Budgets = [.. budgetsInMiB.Select(budget => budget * MiB)];
    }

    public List<string> Paths { get; }

    public List<long> Budgets { get; }

    public long WriteQueueLimit { get; set; } = 32 * MiB;

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddYears(56));

    public TestLog Log { get; } = new();

    public ScriptedFiles Files { get; } = new();

    public Func<string, DirectoryMount>? MountOf { get; set; }

    public DiskTier Tier { get; private set; } = null!;

    public IReadOnlyList<DiskDirectoryState> States => Tier.State.Directories;

    /// <summary>Adds a directory for the next start.</summary>
    public void Add(string name, long budgetInMiB)
    {
        Paths.Add(Path.Combine(_root, name));
        Budgets.Add(budgetInMiB * MiB);
    }

    public async Task StartAsync()
    {
        Start();
        await Tier.WhenIdleAsync();
    }

    public void Start() => Tier = new DiskTier(
        [.. Paths.Select((path, i) => new DiskTierOptions { Directory = path, Budget = Budgets[i], WriteQueueLimit = WriteQueueLimit })],
        Time,
        Log.LoggerFor<DiskTier>(),
        Files,
        MountOf);

    public async Task RestartAsync()
    {
        await Tier.DisposeAsync();
        await StartAsync();
    }

    /// <summary>Chunk files in a directory.</summary>
    public string[] FilesIn(int directory, string suffix = ".chunk") =>
        Directory.Exists(Paths[directory]) ? [.. Directory.EnumerateFiles(Paths[directory], "*" + suffix, SearchOption.AllDirectories)] : [];

    /// <summary>Makes an operation fail in one directory.</summary>
    public void Fail(int directory, Func<Exception> fault, params string[] operations) => Files.Before = (operation, path) => ScriptedFiles.ThrowIf(
        (operations is [] || operations.Contains(operation)) && path?.StartsWith(Paths[directory] + Path.DirectorySeparatorChar, StringComparison.Ordinal) == true, fault);

    /// <summary>Ends all faults, and the pauses after them.</summary>
    public void Heal()
    {
        Files.Before = static (_, _) => { };
        Time.Advance(TimeSpan.FromMinutes(2));
    }

    /// <summary>Stores a chunk as a fill does: it is in memory, too.</summary>
    public void Store(Chunk chunk)
    {
        var buffer = _memory.TryRent(chunk.Length)!;
        TestChunks.BytesOf(chunk).CopyTo(buffer.Memory.Span);
        _memory.Remove(chunk.Key);
        _memory.Add(chunk.Key, buffer);
        Tier.Store(chunk, buffer);
        buffer.Release();
    }

    public void Forget(Chunk chunk) => _memory.Remove(chunk.Key);

    public async Task StoreAsync(params IEnumerable<Chunk> chunks)
    {
        foreach (var chunk in chunks)
        {
            Store(chunk);
        }

        await WhenWrittenAsync();
    }

    /// <summary>Completes when nothing waits, or only what no directory can write now.</summary>
    public async Task WhenWrittenAsync()
    {
        for (var left = Tier.State.WaitingBytes + 1; Tier.State.WaitingBytes is > 0 and var waiting && waiting < left; left = waiting)
        {
            await Tier.WhenIdleAsync();
        }

        await Tier.WhenIdleAsync();
        await Tier.WhenIdleAsync(); // what moved to another directory meanwhile
    }

    /// <summary>Returns whether the chunk is there, after a comparison of every byte.</summary>
    public async Task<bool> HasAsync(Chunk chunk)
    {
        using var opened = await Tier.OpenAsync(chunk, TestContext.Current.CancellationToken);
        var bytes = new byte[chunk.Length];
        if (opened is null || !await opened.ReadAsync(0, bytes, TestContext.Current.CancellationToken))
        {
            return false;
        }

        Assert.True(TestChunks.BytesOf(chunk).AsSpan().SequenceEqual(bytes), "The tier gave wrong bytes.");
        return true;
    }

    public async Task AssertHitsAsync(IEnumerable<Chunk> chunks)
    {
        foreach (var chunk in chunks)
        {
            Assert.True(await HasAsync(chunk), $"Chunk {chunk.Index} is not there.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Tier is not null)
        {
            await Tier.DisposeAsync();
        }

        _memory.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
