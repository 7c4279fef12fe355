using System.Globalization;
using System.Text.Json;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Purges.Exchange;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Cache.Tests.Peers;
using ChunkProxy.Cache.Tests.Pool;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using Microsoft.AspNetCore.Http;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Purges.Exchange;

/// <summary>An object's bytes change at the origin without a new entity tag. Only a purge can invalidate them, here in a cluster.</summary>
public sealed class ClusterPurgeTests : IAsyncLifetime
{
    private const long Size = (12 * MiB) + 12_345;

    private static readonly OriginAnswer Old = new() { Size = Size, Seed = 1 };
    private static readonly OriginAnswer New = Old with { Seed = 2 };

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedObject _film;

    public ClusterPurgeTests() => _film = _origin.Add("/film", Old);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _origin.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Purge_SomebodySendsAStampOfTheFuture_IsRefusedAndLaterPurgesWork()
    {
        await using var cluster = await TestCluster.StartAsync(_origin, 2, Stop);
        await cluster[0].ReadAsync("/film", ByteRange.Whole(Size), Stop);
        using var http = new HttpClient();
        using var order = new StringContent(JsonSerializer.Serialize(new PurgeRequest("/film", long.MaxValue), PurgeJson.Default.PurgeRequest));
        using var answer = await http.PostAsync(new Uri($"http://{cluster.IdOf(0)}{PoolProtocol.PurgesPath}"), order, Stop);
        using var garbage = new StringContent("no JSON");
        using var other = await http.PostAsync(new Uri($"http://{cluster.IdOf(0)}{PoolProtocol.PurgesPath}"), garbage, Stop);
        using var question = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{cluster.IdOf(0)}{PoolProtocol.ObjectPath}"));
        question.Headers.Add(PoolProtocol.Object, "/film");
        question.Headers.Add(PoolProtocol.Generation, long.MaxValue.ToString(CultureInfo.InvariantCulture));
        using var found = await http.SendAsync(question, Stop);
        _film.Answer = New;

        var report = await cluster[1].PurgeCoordinator.PurgeAsync(cluster[1].At("/film"), Stop);
        await cluster[0].ReadAsync("/film", ByteRange.Whole(Size), Stop, seed: 2);

        Assert.Equal((400, 400), ((int)answer.StatusCode, (int)other.StatusCode));
        Assert.True(report.Complete);
    }

    [Fact]
    public async Task Purge_AMemberAnswersWithAnotherGeneration_IsNotComplete()
    {
        await using var liar = await ScriptedPeer.StartAsync(
            context => context.Request.Path == PoolProtocol.PurgesPath && HttpMethods.IsPost(context.Request.Method)
                ? context.Response.WriteAsJsonAsync(new PurgeConfirmation(long.MaxValue, 3, 3000, []), PurgeJson.Default.PurgeConfirmation, cancellationToken: Stop)
                : Task.CompletedTask,
            Stop);
        await using var cluster = await TestCluster.StartAsync(_origin, 1, Stop, ("Purges:Lapse", "00:00:00.1"));
        cluster.Nodes[0].Membership.Set(cluster.IdOf(0), liar.Id);

        var report = await cluster[0].PurgeCoordinator.PurgeAsync(cluster[0].At("/film"), Stop);

        Assert.False(report.Complete);
        Assert.Equal(liar.Id, Assert.Single(report.Processes, process => process.Result is null).Process);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(-1)] // through the front end
    public async Task Purge_AskedOfAnyProcess_EveryByteAfterwardsIsTheNewOneEverywhere(int asked)
    {
        await using var cluster = await TestCluster.StartAsync(_origin, 3, Stop, ("NearCopies:Threshold", "2"));
        var front = cluster.AddFrontEnd();
        await front.Pool.StartAsync(Stop);
        var all = cluster.Nodes.Select(node => node.Engine).Append(front).ToList();
        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(all.Select(engine => engine.ReadAsync("/film", ByteRange.Whole(Size), Stop)));
        }

        await Task.WhenAll(all.Select(engine => engine.WhenFilledAsync(Stop))); // a reader may have its bytes before the chunk is in memory
        _film.Answer = New;
        var report = await (asked < 0 ? front : cluster[asked]).PurgeCoordinator.PurgeAsync(front.At("/film"), Stop);

        Assert.True(report.Complete, string.Join(", ", report.Processes));
        Assert.True(report.Processes.Sum(process => process.Result!.Value.Chunks) >= 13);
        Assert.All(all, engine => Assert.DoesNotContain(engine.Memory.Entries, entry => entry.Buffer.Version?.Generation == 0));
        await Task.WhenAll(all.Select(engine => engine.ReadAsync("/film", ByteRange.Whole(Size), Stop, seed: 2)));
        Assert.True(all.Sum(engine => engine.Metrics.ReadsFrom(ChunkSource.NearCopy)) > 0); // there were such, too
    }

    [Fact]
    public async Task Purge_ReaderInTheMiddleOfTheObject_GoesOnWithWhatItHoldsAndThenEndsVisibly()
    {
        await using var cluster = await TestCluster.StartAsync(_origin, 2, Stop, ("ChunkSize", "64KiB"));
        foreach (var (engine, _) in cluster.Nodes)
        {
            var old = await engine.FindAsync("/film", 0, Stop);
            await engine.ReadAsync(old, new ByteRange(0, 6 * MiB), Stop);
            var own = Enumerable.Range(0, 96).First(index => cluster[cluster.OwnerOf("/film", index)] == engine); // of so many each owns some
            using var held = await engine.OpenAsync(old, new Slice(own, 0, 64 * KiB), Stop);

            _film.Answer = New;
            Assert.True((await engine.PurgeCoordinator.PurgeAsync(engine.At("/film"), Stop)).Complete);

            TestData.Verify(1, own * 64L * KiB, (await held.ReadAsync(0, 64 * KiB, Stop)).Span);
            for (var index = 0; index < old.Layout.ChunkCount; index++)
            {
                var failure = await Assert.ThrowsAsync<ChunkReadException>(async () => await engine.OpenAsync(old, new Slice(index, 0, 1), Stop));
                Assert.Equal(ProxyError.VersionChanged, failure.Error);
            }

            await engine.ReadAsync("/film", ByteRange.Whole(Size), Stop, seed: 2);
            _film.Answer = Old; // for the other one
            await engine.PurgeCoordinator.PurgeAsync(engine.At("/film"), Stop);
        }
    }

    [Fact]
    public async Task Purge_OfAnObjectThatWasNotThere_ForgetsThatEverywhere()
    {
        await using var cluster = await TestCluster.StartAsync(_origin, 3, Stop, ("NotFoundLifetime", "01:00:00"));
        foreach (var (engine, _) in cluster.Nodes)
        {
            Assert.Equal(ProxyError.NotFound, (await engine.Reader.FindAsync(engine.At("/late"), 0, Stop)).Error);
        }

        _origin.Add("/late", MiB, seed: 7);
        await cluster[1].PurgeCoordinator.PurgeAsync(cluster[1].At("/late"), Stop);

        foreach (var (engine, _) in cluster.Nodes)
        {
            await engine.ReadAsync("/late", ByteRange.Whole(MiB), Stop, seed: 7);
        }
    }

    [Fact]
    public async Task Purge_MemberOffersChunksOfBefore_TheyAreNotTaken()
    {
        await using var cluster = await TestCluster.StartAsync(_origin, 2, Stop);
        var old = await cluster[0].FindAsync("/film", 0, Stop);
        await cluster[0].ReadAsync(old, ByteRange.Whole(Size), Stop);
        _film.Answer = New;
        await cluster[0].PurgeCoordinator.PurgeAsync(cluster[0].At("/film"), Stop);
        var requests = _film.Requests.Count;

        var lines = string.Concat(Enumerable.Range(0, 12).Select(index => string.Create(CultureInfo.InvariantCulture, $"{index} {old.Token} /film\n")));
        Assert.True(await cluster[0].Peers.OfferAsync(cluster.Nodes[1].Membership.Self!, lines, Stop));

        Assert.DoesNotContain(cluster[1].Memory.Entries, entry => entry.Key.Version == old.Hash);
        Assert.Equal(requests, _film.Requests.Count);
    }

    [Fact]
    public async Task Purge_MemberHasNotHeard_LearnsItFromTheRequestAndServesNothingOfBefore()
    {
        await using var cluster = await TestCluster.StartAsync(_origin, 2, Stop, ("Purges:Lapse", "00:00:01")); // how long a purge waits for it
        foreach (var (engine, _) in cluster.Nodes)
        {
            await engine.ReadAsync("/film", ByteRange.Whole(Size), Stop);
        }

        _film.Answer = New;
        cluster.Nodes[0].Membership.Set(cluster.IdOf(0)); // so that it notifies no member
        cluster.Nodes[1].Membership.Set(cluster.IdOf(1)); // and no member queries it
        await cluster[0].PurgeCoordinator.PurgeAsync(cluster[0].At("/film"), Stop);
        cluster.Nodes[0].Membership.Set(cluster.IdOf(0), cluster.IdOf(1));

        await cluster[0].ReadAsync("/film", ByteRange.Whole(Size), Stop, seed: 2);
        await cluster[1].ReadAsync("/film", ByteRange.Whole(Size), Stop, seed: 2);
    }

    [Fact]
    public async Task Purge_ByManyAtOnce_AllEndWithOneGenerationAndTheNewBytes()
    {
        await using var cluster = await TestCluster.StartAsync(_origin, 3, Stop);
        await Task.WhenAll(cluster.Nodes.Select(node => node.Engine.ReadAsync("/film", ByteRange.Whole(Size), Stop)));
        _film.Answer = New;

        var reports = await Task.WhenAll(cluster.Nodes.SelectMany(node => Enumerable.Range(0, 4).Select(_ => node.Engine.PurgeCoordinator.PurgeAsync(node.Engine.At("/film"), Stop))));

        Assert.All(reports, report => Assert.True(report.Complete));
        Assert.Single(cluster.Nodes.Select(node => node.Engine.Purges.GenerationOf(node.Engine.At("/film"))).Distinct());
        await Task.WhenAll(cluster.Nodes.Select(node => node.Engine.ReadAsync("/film", ByteRange.Whole(Size), Stop, seed: 2)));
    }

    [Fact]
    public async Task Purge_MemberDoesNotAnswer_SaysWho()
    {
        await using var cluster = await TestCluster.StartAsync(_origin, 3, Stop, ("Purges:Lapse", "00:00:00.300")); // the other one has the times of Peers beside that
        await cluster[2].Pool.StopAsync(Stop);

        var report = await cluster[0].PurgeCoordinator.PurgeAsync(cluster[0].At("/film"), Stop);

        Assert.False(report.Complete);
        Assert.Equal([cluster.IdOf(2)], report.Processes.Where(process => process.Result is null).Select(process => process.Process));
    }

    [Fact]
    public async Task Start_OthersHaveForgottenMoreThanThisProcessHasHeard_ForgetsAllThatIsCached()
    {
        (string, string)[] settings = [("DiskSize", "64MiB"), ("Dir", _folder.Path), ("Purges:Remembered", "16")];
        await using (var engine = new Engine(_origin, settings: settings))
        {
            await engine.ReadAsync("/film", ByteRange.Whole(Size), Stop);
        }

        _film.Answer = New;
        await using var cluster = await TestCluster.StartAsync(_origin, 1, Stop, ("Purges:Remembered", "16"));
        await cluster[0].PurgeCoordinator.PurgeAsync(cluster[0].At("/film"), Stop);
        for (var i = 0; i < 40; i++)
        {
            await cluster[0].PurgeCoordinator.PurgeAsync(cluster[0].At($"/other{i}"), Stop);
        }

        Assert.Equal(0, cluster[0].Purges.GenerationOf(cluster[0].At("/film"))); // no member remembers it
        var back = cluster.AddFrontEnd(settings);
        await back.Pool.StartAsync(Stop);

        await back.ReadAsync("/film", ByteRange.Whole(Size), Stop, seed: 2);
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder.Path, "*.chunk", SearchOption.AllDirectories), _ => true);
    }
}
