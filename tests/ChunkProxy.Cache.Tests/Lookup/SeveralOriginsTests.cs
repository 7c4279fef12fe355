using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Pool;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Lookup;

/// <summary>Several origins in one process and in a cluster: each with its own objects, rules and state.</summary>
public sealed class SeveralOriginsTests : IAsyncLifetime
{
    private const long Size = (3 * MiB) + 77;

    private readonly ScriptedOrigin _media = ScriptedOrigin.Start();
    private readonly ScriptedOrigin _other = ScriptedOrigin.Start();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _media.Add("/film", Size, seed: 1);
        _other.Add("/film", Size, seed: 2);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _media.DisposeAsync();
        await _other.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Read_OnePathOfTwoOrigins_GivesTheBytesOfEachAlsoFromDiskAfterARestart()
    {
        (string, string)[] disk = [("DiskSize", "64MiB"), ("Dir", _folder.Path)];
        await using (var first = Start(disk))
        {
            await ReadBothAsync(first);
            await first.WhenFilledAsync(Stop);
            await first.Disk.WhenIdleAsync().WaitAsync(Stop);
        }

        var asked = _media.BodyBytesSent + _other.BodyBytesSent;
        await using var second = Start(disk);
        await ReadBothAsync(second);

        Assert.True(_media.BodyBytesSent + _other.BodyBytesSent - asked <= 2 * MiB, "more than the first chunks, which come with the look-ups, were fetched again");
    }

    [Fact]
    public async Task Read_OneOriginDown_TheOtherAnswers()
    {
        await using var engine = Start();
        await _media.RefuseAsync();

        while (engine.OriginNamed("media").Breaker is { IsOpen: false } breaker)
        {
            Assert.NotEqual(ProxyError.None, (await engine.Reader.FindAsync(engine.At("media:/film"), 0, Stop)).Error);
        }

        await engine.ReadAsync(await FindAsync(engine, "other:/film"), ByteRange.Whole(Size), Stop, seed: 2);
        Assert.Contains(_media.BaseAddress.ToString(), engine.Figures.Read().OriginProblem, StringComparison.Ordinal);
        Assert.DoesNotContain(_other.BaseAddress.ToString(), engine.Figures.Read().OriginProblem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_KeyRulesOfOneOrigin_DoNotApplyToTheOther()
    {
        _other.Add("/film?v=1", Size, seed: 3);
        await using var engine = Start(("Origins:media:CacheKey:Query", "None"));

        Assert.Equal("media:/film", engine.At("media:/film?v=1").Text);
        Assert.Equal("other:/film?v=1", engine.At("other:/film?v=1").Text);
        await engine.ReadAsync(await FindAsync(engine, "other:/film?v=1"), ByteRange.Whole(Size), Stop, seed: 3);
    }

    [Fact]
    public async Task Cluster_ReadsThroughPeers_GiveTheBytesOfEachOriginAndFetchEachChunkOnce()
    {
        await using var cluster = await TestCluster.StartAsync(_media, 3, Stop, Settings());
        foreach (var (engine, _) in cluster.Nodes)
        {
            await ReadBothAsync(engine);
        }

        Assert.Equal(Size, _media.BodyBytesSent);
        Assert.Equal(Size, _other.BodyBytesSent);
    }

    [Fact]
    public async Task Purge_PrefixOfOneOrigin_LeavesTheOther()
    {
        await using var cluster = await TestCluster.StartAsync(_media, 2, Stop, Settings());
        await ReadBothAsync(cluster[0]);
        var before = _other.BodyBytesSent;
        _media.Add("/film", new OriginAnswer { Size = Size, Seed = 5 });

        var report = await cluster[1].PurgeCoordinator.PurgeAsync(Purge.OfSeveral(PurgeScope.Prefix, "media:/", stamp: 0)!, Stop);

        Assert.True(report.Complete);
        await cluster[0].ReadAsync(await FindAsync(cluster[0], "media:/film"), ByteRange.Whole(Size), Stop, seed: 5);
        await cluster[0].ReadAsync(await FindAsync(cluster[0], "other:/film"), ByteRange.Whole(Size), Stop, seed: 2);
        Assert.Equal(before, _other.BodyBytesSent);
    }

    [Fact]
    public async Task Purge_OneObject_IsOfItsOriginOnly()
    {
        await using var cluster = await TestCluster.StartAsync(_media, 2, Stop, Settings());
        await ReadBothAsync(cluster[0]);

        await cluster[1].PurgeCoordinator.PurgeAsync(cluster[1].At("other:/film"), Stop);

        Assert.Equal(0, cluster[0].Purges.GenerationOf(cluster[0].At("media:/film")));
        Assert.NotEqual(0, cluster[0].Purges.GenerationOf(cluster[0].At("other:/film")));
    }

    [Theory]
    [InlineData("/fi", false)] // of another member
    [InlineData("/fi", true)]
    [InlineData("former:/fi", true)]
    public async Task Purge_MadeUnderOtherNamesOfTheOrigins_IsForAllOfThem(string prefix, bool isOfAnEarlierRun)
    {
        await using var engine = Start();
        Purge[] purges = [Purge.OfSeveral(PurgeScope.Prefix, prefix, stamp: 7)!];

        if (isOfAnEarlierRun)
        {
            engine.Purges.Restore(purges, floor: 0);
        }
        else
        {
            engine.Purges.Add(purges);
        }

        Assert.Equal((7, 7, 0), (Stamp("media:/film"), Stamp("other:/film"), Stamp("media:/other")));

        long Stamp(string text) => engine.Purges.GenerationOf(engine.At(text));
    }

    private (string Key, string Value)[] Settings(params (string Key, string Value)[] more) =>
        [("Url", ""), ("Origins:media:Url", _media.BaseAddress.ToString()), ("Origins:other:Url", _other.BaseAddress.ToString()), .. more];

    private Engine Start(params (string Key, string Value)[] more) => new(_media, time: null, Settings(more));

    private static async Task ReadBothAsync(Engine engine)
    {
        await engine.ReadAsync(await FindAsync(engine, "media:/film"), ByteRange.Whole(Size), Stop, seed: 1);
        await engine.ReadAsync(await FindAsync(engine, "other:/film"), ByteRange.Whole(Size), Stop, seed: 2);
    }

    private static Task<ObjectVersion> FindAsync(Engine engine, string text) => engine.FindAsync(text, 0, Stop);
}
