using System.Collections.Concurrent;
using System.Net;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Pool;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Lookup;

/// <summary>What one client makes the origin send at one time has a bound; cached content and other clients do not feel it.</summary>
public sealed class ColdReadTests : IAsyncDisposable
{
    private const string Flooder = "10.0.0.1";
    private const string Other = "10.0.0.2";

    private static readonly (string Key, string Value) TwoChunks = ("Clients:ColdBytes", "2MiB");
    private static readonly (string Key, string Value) Refuse = ("Clients:ColdExcess", "Refuse");

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly Gate _gate = new();
    private readonly ConcurrentQueue<string> _asked = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _gate.Open();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task Flood_OfOneClient_AsksForAsMuchAsItMayAndHitsAndOthersGoOn()
    {
        await using var engine = new Engine(_origin, time: null, TwoChunks);
        _origin.Add("/cached", 3 * MiB);
        await engine.ReadAsync("/cached", ByteRange.Whole(3 * MiB), Stop);
        var flood = Enumerable.Range(0, 20).Select(i => FindAsync(engine, $"/film?{i}", Flooder)).ToList();
        await WhenAsync(() => engine.Cold.Waiting == 18 && _asked.Count == 2);

        await ReadAsync(engine, await FindVersionAsync(engine, "/cached", Flooder), 3, Flooder); // a hit
        var other = FindAsync(engine, "/other", Other);
        await WhenAsync(() => _asked.Contains("/other"));
        Assert.Equal(3, _asked.Count);

        _gate.Open();
        Assert.All(await Task.WhenAll([.. flood, other]), found => Assert.Equal(ProxyError.None, found.Error));
        Assert.Equal(21, _asked.Count);
        Assert.Equal(0, engine.Cold.Waiting);
    }

    [Fact]
    public async Task Flood_AnotherClientWantsWhatWaits_FetchesItAtOnce()
    {
        await using var engine = new Engine(_origin, time: null, TwoChunks);
        var flood = Enumerable.Range(0, 5).Select(i => FindAsync(engine, $"/film?{i}", Flooder)).ToList();
        await WhenAsync(() => engine.Cold.Waiting == 3);
        var waiting = Enumerable.Range(0, 5).First(i => !_asked.Contains($"/film?{i}"));

        var other = FindAsync(engine, $"/film?{waiting}", Other);
        await WhenAsync(() => _asked.Contains($"/film?{waiting}"));

        _gate.Open();
        await Task.WhenAll([.. flood, other]);
        Assert.Single(_asked, $"/film?{waiting}"); // for both
    }

    [Fact]
    public async Task Flood_Refused_IsToldSoUntilARequestEnds()
    {
        await using var engine = new Engine(_origin, time: null, TwoChunks, Refuse);
        var flood = Enumerable.Range(0, 2).Select(i => FindAsync(engine, $"/film?{i}", Flooder)).ToList();
        await WhenAsync(() => _asked.Count == 2);

        Assert.Equal(ProxyError.ClientLimited, (await FindAsync(engine, "/film?2", Flooder)).Error);
        var other = FindAsync(engine, "/film?2", Other);
        await WhenAsync(() => _asked.Contains("/film?2"));

        _gate.Open();
        await Task.WhenAll([.. flood, other]);
        await engine.WhenFilledAsync(Stop);
        Assert.Equal(ProxyError.None, (await FindAsync(engine, "/film?3", Flooder)).Error);
    }

    [Fact]
    public async Task Response_ThatCannotBeCached_CountsUntilItsEnd()
    {
        await using var engine = new Engine(_origin, time: null, TwoChunks, Refuse);
        var answers = new List<PassedThroughAnswer>();
        foreach (var path in new[] { "/live/1", "/live/2" })
        {
            _origin.Add(path, new OriginAnswer { Size = 2000, Stall = _gate, StallAfter = 1000 }.WithHeader("Cache-Control", "no-store"));
            var found = await engine.Reader.FindAsync(engine.At(path), RequestFields.None, firstByte: 0, IPAddress.Parse(Flooder), Stop);
            answers.Add(found.Reply!.TryOpen(hasRange: false, hasConditions: false)!);
        }

        Assert.Equal(0, engine.Origin.RequestsUnderWay);
        Assert.Equal(ProxyError.ClientLimited, (await FindAsync(engine, "/film", Flooder).WaitAsync(Patience.Limit, Stop)).Error);

        answers.ForEach(static answer => answer.Dispose());
        _gate.Open();
        Assert.Equal(ProxyError.None, (await FindAsync(engine, "/film", Flooder)).Error);
    }

    [Fact]
    public async Task Slices_OfOneClient_WaitForEachOtherAndEveryByteComes()
    {
        await using var engine = new Engine(_origin, time: null, TwoChunks);
        var film = await KnownFilmAsync(engine, 8 * MiB);
        var reads = Enumerable.Range(0, 8).Select(chunk => ReadChunkAsync(engine, film, chunk, Flooder)).ToList();
        await WhenAsync(() => engine.Cold.Waiting == 6 && _asked.Count == 2);
        var other = ReadChunkAsync(engine, film, 7, Other); // which waits for the flooder, and not for this client
        await WhenAsync(() => _asked.Count == 3);

        _gate.Open();
        await Task.WhenAll([.. reads, other]);
        Assert.Equal(8, _asked.Count); // each chunk once
    }

    [Fact]
    public async Task Slices_OfAKnownObject_WaitAlsoIfExcessIsRefused()
    {
        await using var engine = new Engine(_origin, time: null, TwoChunks, Refuse);
        var film = await KnownFilmAsync(engine, 4 * MiB);
        var reads = Enumerable.Range(0, 4).Select(chunk => ReadChunkAsync(engine, film, chunk, Flooder)).ToList();
        await WhenAsync(() => engine.Cold.Waiting == 2);

        _gate.Open();
        await Task.WhenAll(reads);
    }

    [Fact]
    public async Task Slices_WithoutRoomInMemory_AreBoundedToo()
    {
        await using var engine = new Engine(_origin, time: null, TwoChunks, ("MemorySize", "16MiB"));
        var film = await KnownFilmAsync(engine, 8 * MiB);
        var memory = new List<ChunkProxy.Cache.Tiers.Memory.ChunkBuffer>();
        while (engine.Memory.TryRent(MiB) is { } taken)
        {
            memory.Add(taken);
        }

        var reads = Enumerable.Range(0, 4).Select(chunk => ReadChunkAsync(engine, film, chunk, Flooder)).ToList();
        await WhenAsync(() => engine.Cold.Waiting == 2 && _asked.Count == 2);

        _gate.Open();
        await Task.WhenAll(reads);
        memory.ForEach(taken => taken.Release());
    }

    [Fact]
    public async Task FrontEnd_OwnerBoundsItsClients_AndTheFrontEndDoesNotAskTheOriginInstead()
    {
        await using var cluster = await TestCluster.StartAsync(_origin, nodes: 1, Stop, TwoChunks, Refuse);
        var (one, other) = (cluster.AddFrontEnd(), cluster.AddFrontEnd());
        var flood = Enumerable.Range(0, 2).Select(i => FindAsync(i == 0 ? one : other, $"/film?{i}", Flooder)).ToList();
        await WhenAsync(() => _asked.Count == 2);

        Assert.Equal(ProxyError.ClientLimited, (await FindAsync(one, "/film?2", Flooder)).Error);
        Assert.Equal(ProxyError.ClientLimited, (await FindAsync(other, "/film?3", Flooder)).Error);
        Assert.Equal(2, _asked.Count);
        var free = FindAsync(one, "/film?2", Other);
        await WhenAsync(() => _asked.Contains("/film?2"));

        _gate.Open();
        await Task.WhenAll([.. flood, free]);
    }

    [Fact]
    public async Task FrontEnd_SlicesOfOneClient_WaitAtTheOwnerAndEveryByteComes()
    {
        await using var cluster = await TestCluster.StartAsync(_origin, nodes: 1, Stop, TwoChunks);
        var frontEnd = cluster.AddFrontEnd();
        var film = await KnownFilmAsync(frontEnd, 6 * MiB);
        var reads = Enumerable.Range(0, 6).Select(chunk => ReadChunkAsync(frontEnd, film, chunk, Flooder)).ToList();
        await WhenAsync(() => cluster[0].Cold.Waiting == 4 && _asked.Count == 2);

        _gate.Open();
        await Task.WhenAll(reads);
        Assert.Equal(6, _asked.Count);
    }

    [Fact]
    public async Task FrontEnd_RouteHasALimit_TheOwnerBoundsItsClientsThereAndOtherRoutesGoOn()
    {
        await using var cluster = await TestCluster.StartAsync(_origin, nodes: 1, Stop);
        var (one, other) = (cluster.AddFrontEnd(), cluster.AddFrontEnd());
        var films = ColdLimit.Of("films", 2 * MiB, refuses: true);
        var flood = Enumerable.Range(0, 2).Select(i => FindInRouteAsync(i == 0 ? one : other, $"/film?{i}", Flooder, films)).ToList();
        await WhenAsync(() => _asked.Count == 2);

        Assert.Equal(ProxyError.ClientLimited, (await FindInRouteAsync(one, "/film?2", Flooder, films)).Error);
        Assert.Equal(ProxyError.ClientLimited, (await FindInRouteAsync(other, "/film?3", Flooder, films)).Error);
        Task<ObjectLookup>[] free = [FindInRouteAsync(one, "/film?2", Other, films), FindInRouteAsync(one, "/film?3", Flooder, route: null), FindInRouteAsync(one, "/film?4", Flooder, ColdLimit.Of("more", 2 * MiB, refuses: true))];
        await WhenAsync(() => _asked.Count == 5);

        _gate.Open();
        Assert.All(await Task.WhenAll([.. flood, .. free]), found => Assert.Equal(ProxyError.None, found.Error));
    }

    // The object's version is known, and none of its bytes. Answers wait for the gate from then on.
    private async Task<ObjectVersion> KnownFilmAsync(Engine engine, long size)
    {
        var answer = new OriginAnswer { Size = size };
        var film = _origin.Add("/known", answer);
        var version = await engine.FindAsync("/known", firstByte: null, Stop);
        film.Script = request =>
        {
            _asked.Enqueue(request.Path);
            return answer with { HoldAnswer = _gate };
        };
        return version;
    }

    private Task<ObjectLookup> FindAsync(Engine engine, string path, string client)
    {
        _origin.Add(path, 100).Script = request =>
        {
            _asked.Enqueue(request.Path);
            return new OriginAnswer { Size = 100, HoldAnswer = _gate };
        };
        return engine.Reader.FindAsync(engine.At(path), RequestFields.None, firstByte: 0, IPAddress.Parse(client), Stop).AsTask();
    }

    private async Task<ObjectLookup> FindInRouteAsync(Engine engine, string path, string client, ColdLimit? route)
    {
        ColdLimit.Current = route;
        return await FindAsync(engine, path, client);
    }

    private static async Task<ObjectVersion> FindVersionAsync(Engine engine, string path, string client) =>
        (await engine.Reader.FindAsync(engine.At(path), RequestFields.None, firstByte: 0, IPAddress.Parse(client), Stop)).Version!;

    private static async Task ReadAsync(Engine engine, ObjectVersion film, int chunks, string client)
    {
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            await ReadChunkAsync(engine, film, chunk, client);
        }
    }

    private static async Task ReadChunkAsync(Engine engine, ObjectVersion film, int chunk, string client)
    {
        var slice = new Slice(chunk, 0, film.Layout.LengthOf(chunk));
        using var lease = engine.Reader.TryOpen(film, slice, out var there)
            ? there
            : await engine.Reader.OpenAsync(film, slice, IPAddress.Parse(client), Stop).AsTask().WaitAsync(Patience.Limit, Stop);
        for (var offset = 0; offset < slice.End;)
        {
            var bytes = await lease.ReadAsync(offset, slice.End - offset, Stop).AsTask().WaitAsync(Patience.Limit, Stop);
            TestData.Verify(1, film.Layout.StartOf(chunk) + offset, bytes.Span);
            offset += bytes.Length;
        }
    }

    // Polls, because neither the line nor the origin announces changes.
    private static async Task WhenAsync(Func<bool> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(Patience.Limit);
        while (!holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }
}
