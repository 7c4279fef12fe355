using System.Text;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Purges.Exchange;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Cache.Tests.Pool;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Purges.Exchange;

/// <summary>Objects below a prefix change at the origin without new entity tags.</summary>
public sealed class GroupPurgeTests : IAsyncLifetime
{
    private const int Size = (2 * MiB) + 99;

    private static readonly string[] Below = ["/films/a", "/films/b?q=1", "/films/b?q=2", "/films/c/d"];
    private static readonly string[] Beside = ["/film", "/filmsx", "/other/films/a"];

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        SetSeeds(1);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _origin.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)] // through the front end
    public async Task Purge_Prefix_EveryByteBelowIsTheNewOneEverywhereAndNoOtherIsFetched(int asked)
    {
        await using var cluster = await TestCluster.StartAsync(_origin, 3, Stop);
        var front = cluster.AddFrontEnd();
        await front.Pool.StartAsync(Stop);
        var all = cluster.Nodes.Select(node => node.Engine).Append(front).ToList();
        await ReadAllAsync(all, [.. Below, .. Beside], seed: 1);
        SetSeeds(2);

        var report = await (asked < 0 ? front : cluster[asked]).PurgeCoordinator.PurgeAsync(Prefix("/films/"), Stop);

        Assert.True(report.Complete, string.Join(", ", report.Processes));
        Assert.True(report.Processes.Sum(process => process.Result!.Value.Chunks) >= Below.Length * 3);
        await ReadAllAsync(all, Below, seed: 2);
        await ReadAllAsync(all, Beside, seed: 1);
    }

    [Fact]
    public async Task Purge_AllQueriesOfAPath_LeavesOtherPaths()
    {
        await using var engine = new Engine(_origin);
        await ReadAllAsync([engine], Below, seed: 1);
        SetSeeds(2);

        await engine.PurgeCoordinator.PurgeAsync(Purge.OfSeveral(PurgeScope.Path, "/films/b", 0)!.Value, Stop);

        await ReadAllAsync([engine], ["/films/b?q=1", "/films/b?q=2"], seed: 2);
        await ReadAllAsync([engine], ["/films/a", "/films/c/d"], seed: 1);
    }

    [Fact]
    public async Task Purge_OfOneObjectBefore_IsCoveredToo()
    {
        await using var engine = new Engine(_origin);
        await ReadAllAsync([engine], Below, seed: 1);
        SetSeeds(2);
        await engine.PurgeCoordinator.PurgeAsync(engine.At("/films/a"), Stop);
        await ReadAllAsync([engine], ["/films/a"], seed: 2);
        SetSeeds(3);

        await engine.PurgeCoordinator.PurgeAsync(Prefix("/"), Stop);
        await ReadAllAsync([engine], Below, seed: 3);
        SetSeeds(4);

        await engine.PurgeCoordinator.PurgeAsync(engine.At("/films/a"), Stop); // and one afterwards
        await ReadAllAsync([engine], ["/films/a"], seed: 4);
        await ReadAllAsync([engine], ["/films/c/d"], seed: 3);
    }

    [Fact]
    public async Task Purge_MemberKnowsALaterStamp_IsRepeatedAboveIt()
    {
        await using var cluster = await TestCluster.StartAsync(_origin, 2, Stop);
        await ReadAllAsync([cluster[0], cluster[1]], Below, seed: 1);
        var id = cluster[1].At("/films/a");
        var ahead = (TimeProvider.System.GetUtcNow().AddMinutes(10) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        cluster.Nodes[0].Membership.Set(cluster.IdOf(0)); // does not hear of it
        cluster[1].Purges.Add(id, ahead); // by a clock that is ahead
        await cluster[1].PurgeApplier.WhenDoneAsync(cluster[1].Purges.Sequence, Stop);
        SetSeeds(2);
        await ReadAllAsync([cluster[1]], ["/films/a"], seed: 2);
        cluster.Nodes[0].Membership.Set(cluster.IdOf(0), cluster.IdOf(1));
        SetSeeds(3);

        Assert.True((await cluster[0].PurgeCoordinator.PurgeAsync(Prefix("/films/"), Stop)).Complete);

        await ReadAllAsync([cluster[0], cluster[1]], Below, seed: 3);
    }

    [Fact]
    public async Task Purge_MemberWasAwayWithADisk_ObeysBeforeItServes()
    {
        (string, string)[] settings = [("DiskSize", "64MiB"), ("Dir", _folder.Path)];
        await using (var engine = new Engine(_origin, settings: settings))
        {
            await ReadAllAsync([engine], [.. Below, .. Beside], seed: 1);
        }

        SetSeeds(2);
        await using var cluster = await TestCluster.StartAsync(_origin, 1, Stop);
        await cluster[0].PurgeCoordinator.PurgeAsync(Prefix("/films/"), Stop);

        var back = cluster.AddFrontEnd(settings);
        await back.Pool.StartAsync(Stop);

        await ReadAllAsync([back], Below, seed: 2);
    }

    [Fact]
    public async Task Purge_ProcessStartsAgain_StillObeysAndHasDeletedTheFiles()
    {
        (string, string)[] settings = [("DiskSize", "64MiB"), ("Dir", _folder.Path)];
        await using (var engine = new Engine(_origin, settings: settings))
        {
            await ReadAllAsync([engine], [.. Below, .. Beside], seed: 1);
        }

        var before = Directory.EnumerateFiles(_folder.Path, "*.chunk", SearchOption.AllDirectories).ToDictionary(path => path, File.ReadAllBytes);
        await using (var engine = new Engine(_origin, settings: settings))
        {
            await engine.PurgeCoordinator.PurgeAsync(Prefix("/films/"), Stop);
            await engine.Eraser.WhenGroupsAreGone.WaitAsync(Testing.Signals.Patience.Limit, Stop);
        }

        var below = Encoding.UTF8.GetBytes($":{_origin.Port}/films/"); // a file has the name of its object
        var left = Directory.EnumerateFiles(_folder.Path, "*.chunk", SearchOption.AllDirectories).Count();
        Assert.InRange(before.Values.Count(file => file.AsSpan().IndexOf(below) >= 0), Below.Length, before.Count - 1);
        Assert.Equal(before.Values.Count(file => file.AsSpan().IndexOf(below) < 0), left);
        foreach (var (path, bytes) in before)
        {
            await File.WriteAllBytesAsync(path, bytes, Stop); // as if it had been killed before it could delete them
        }

        SetSeeds(2);
        await using (var engine = new Engine(_origin, settings: settings))
        {
            await ReadAllAsync([engine], Below, seed: 2);
            await ReadAllAsync([engine], Beside, seed: 1);
        }
    }

    private static Purge Prefix(string prefix) => Purge.OfSeveral(PurgeScope.Prefix, prefix, stamp: 0)!.Value;

    private static async Task ReadAllAsync(IReadOnlyList<Engine> engines, string[] paths, long seed)
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

    private void SetSeeds(long seed)
    {
        foreach (var path in (string[])[.. Below, .. Beside])
        {
            _origin.Add(path, new OriginAnswer { Size = Size, Seed = seed }.WithHeader("Cache-Control", "max-age=3600"));
        }
    }
}
