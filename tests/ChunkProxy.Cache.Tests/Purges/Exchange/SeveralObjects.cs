using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Cache.Tests.Pool;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Purges.Exchange;

/// <summary>Objects that change at the origin without new entity tags, some of which a purge covers.</summary>
public abstract class SeveralObjects : IAsyncLifetime
{
    protected const int Size = (2 * MiB) + 99;

    private readonly TemporaryFolder _folder = new();

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected ScriptedOrigin Origin { get; } = ScriptedOrigin.Start();

    protected string Folder => _folder.Path;

    private protected (string, string)[] WithDisk => [("DiskSize", "64MiB"), ("Dir", Folder)];

    /// <summary>The objects that the purge covers.</summary>
    protected abstract string[] Covered { get; }

    /// <summary>Those that it does not.</summary>
    protected abstract string[] Others { get; }

    public ValueTask InitializeAsync()
    {
        SetSeeds(1);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Origin.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives all objects at the origin other bytes.</summary>
    protected abstract void SetSeeds(long seed);

    /// <summary>Purges a cluster of three members and a front end, and reads everything everywhere.</summary>
    /// <param name="asked">The member that is told; -1: the front end.</param>
    /// <param name="purge">The purge.</param>
    /// <param name="check">Checks each process afterwards.</param>
    private protected async Task PurgeEverywhereAsync(int asked, Purge purge, Action<Engine> check)
    {
        await using var cluster = await TestCluster.StartAsync(Origin, 3, Stop);
        var front = cluster.AddFrontEnd();
        await front.Pool.StartAsync(Stop);
        var all = cluster.Nodes.Select(node => node.Engine).Append(front).ToList();
        await ReadAllAsync(all, [.. Covered, .. Others], seed: 1);
        await Task.WhenAll(all.Select(engine => engine.WhenFilledAsync(Stop))); // a reader may have its bytes before the chunk is in memory
        SetSeeds(2);

        var report = await (asked < 0 ? front : cluster[asked]).PurgeCoordinator.PurgeAsync(purge, Stop);

        Assert.True(report.Complete, string.Join(", ", report.Processes));
        Assert.True(report.Processes.Sum(process => process.Result!.Value.Chunks) >= Covered.Length * 3);
        await ReadAllAsync(all, Covered, seed: 2);
        await ReadAllAsync(all, Others, seed: 1);
        Assert.All(all, check);
    }

    /// <summary>Purges while a member with a disk is away, which then comes back.</summary>
    private protected async Task PurgeWhileAMemberIsAwayAsync(Purge purge)
    {
        await using (var engine = new Engine(Origin, settings: WithDisk))
        {
            await ReadAllAsync([engine], [.. Covered, .. Others], seed: 1);
        }

        SetSeeds(2);
        await using var cluster = await TestCluster.StartAsync(Origin, 1, Stop);
        await cluster[0].PurgeCoordinator.PurgeAsync(purge, Stop);

        var back = cluster.AddFrontEnd(WithDisk);
        await back.Pool.StartAsync(Stop);

        await ReadAllAsync([back], Covered, seed: 2);
    }

    /// <summary>Fills the disk and purges, and returns the files of chunks from before the purge.</summary>
    private protected async Task<Dictionary<string, byte[]>> PurgeOnDiskAsync(Purge purge)
    {
        await using (var engine = new Engine(Origin, settings: WithDisk))
        {
            await ReadAllAsync([engine], [.. Covered, .. Others], seed: 1);
        }

        var before = ChunkFiles().ToDictionary(path => path, File.ReadAllBytes);
        await using (var engine = new Engine(Origin, settings: WithDisk))
        {
            await engine.PurgeCoordinator.PurgeAsync(purge, Stop);
            await engine.Eraser.WhenGroupsAreGone.WaitAsync(Testing.Signals.Patience.Limit, Stop);
        }

        return before;
    }

    private protected IEnumerable<string> ChunkFiles() => Directory.EnumerateFiles(Folder, "*.chunk", SearchOption.AllDirectories);

    /// <summary>Writes the files back, as if the process had been killed before it could delete them.</summary>
    private protected static async Task WriteBackAsync(Dictionary<string, byte[]> files)
    {
        foreach (var (path, bytes) in files)
        {
            await File.WriteAllBytesAsync(path, bytes, Stop);
        }
    }

    private protected static async Task ReadAllAsync(IReadOnlyList<Engine> engines, string[] paths, long seed)
    {
        foreach (var engine in engines)
        {
            foreach (var path in paths)
            {
                await engine.ReadAsync(path, ByteRange.Whole(Size), Stop, seed);
                await engine.WhenFilledAsync(Stop);
            }
        }
    }
}
