using System.Net;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Testing.Scripted;
using Microsoft.Extensions.Time.Testing;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Lookup;

/// <summary>Lifetimes that the operator sets by path and by status.</summary>
public sealed class SiteFreshnessTests : IAsyncLifetime
{
    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _origin.DisposeAsync();

    [Theory]
    [InlineData("max-age=600")]
    [InlineData("no-cache")]
    public async Task Find_Override_ReplacesWhatTheOriginSays(string directive)
    {
        _origin.Add("/live.m3u8", new OriginAnswer { Size = 1000 }.WithHeader("Cache-Control", directive).WithHeader("Age", "500"));
        await using var engine = new Engine(_origin, _time, ("Freshness:Override", "*.m3u8=2s"));

        Assert.Equal((1, 1, 2), (await AskedAsync(engine, "/live.m3u8", 0), await AskedAsync(engine, "/live.m3u8", 1.9), await AskedAsync(engine, "/live.m3u8", 0.2)));
    }

    [Fact]
    public async Task Find_OverrideAndRevalidation_IsFreshAgain()
    {
        _origin.Add("/live.m3u8", new OriginAnswer { Size = 1000 }.WithHeader("Cache-Control", "max-age=0"));
        await using var engine = new Engine(_origin, _time, ("Freshness:Override", "*.m3u8=2s"));
        await AskedAsync(engine, "/live.m3u8", 0);

        Assert.Equal((2, 2, 3), (await AskedAsync(engine, "/live.m3u8", 3), await AskedAsync(engine, "/live.m3u8", 1), await AskedAsync(engine, "/live.m3u8", 2)));
    }

    [Theory]
    [InlineData("no-store")]
    [InlineData("private")]
    public async Task Find_OverrideAndNotToBeStored_IsNotStored(string directive)
    {
        _origin.Add("/a.ts", new OriginAnswer { Size = 1000 }.WithHeader("Cache-Control", directive));
        await using var engine = new Engine(_origin, _time, ("Freshness:Override", "*.ts=365d"));

        Assert.True((await engine.Reader.FindAsync(engine.At("/a.ts"), 0, Stop)).IsPassThrough);
    }

    [Fact]
    public async Task Find_Default_IsUsedOnlyIfTheOriginStatesNothing()
    {
        _origin.Add("/a.ts", new OriginAnswer { Size = 1000, LastModified = null });
        _origin.Add("/b.ts", new OriginAnswer { Size = 1000 }.WithHeader("Cache-Control", "max-age=1"));
        await using var engine = new Engine(_origin, _time, ("Freshness:Default", "*=30d"));
        await AskedAsync(engine, "/a.ts", 0);
        await AskedAsync(engine, "/b.ts", 0);

        Assert.Equal((1, 2), (await AskedAsync(engine, "/a.ts", 86_400), await AskedAsync(engine, "/b.ts", 0)));
    }

    [Theory]
    [InlineData("404=30s", 404, 20, 1)]
    [InlineData("404=30s", 404, 40, 2)]
    [InlineData("404=0s", 404, 0, 2)]
    [InlineData("403=30s", 403, 20, 1)]
    [InlineData("", 404, 4, 1)]
    [InlineData("403=30s", 404, 6, 2)]
    [InlineData("", 403, 0, 2)]
    public async Task Find_Status_IsRememberedForItsTime(string statuses, int status, double seconds, int requests)
    {
        _origin.Add("/film", new OriginAnswer { Status = (HttpStatusCode)status });
        await using var engine = new Engine(_origin, _time, ("Freshness:Statuses", statuses));
        await AskedAsync(engine, "/film", 0);

        Assert.Equal(requests, await AskedAsync(engine, "/film", seconds));
    }

    // Requests at the origin for the object, after a look-up some seconds later.
    private async Task<int> AskedAsync(Engine engine, string path, double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        await engine.Reader.FindAsync(engine.At(path), firstByte: null, Stop);
        return _origin.Requests.Count(request => request.Path == path);
    }
}
