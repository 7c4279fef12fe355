using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Testing.Scripted;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Lookup;

/// <summary>Reads from an origin that ignores Range and sends the whole object.</summary>
public sealed class OriginWithoutRangesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_OriginIgnoresRange_IsCutInOnePass()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Size = 10 * MiB, IgnoresRange = true });
        await using var engine = new Engine(origin);

        await engine.ReadAsync("/film", new ByteRange((5 * MiB) + 77, 10 * MiB), Stop);
        await engine.ReadAsync("/film", ByteRange.Whole(10 * MiB), Stop);

        Assert.Single(film.Requests);
    }

    [Fact]
    public async Task Read_ManyAtOnceFromAnOriginThatIgnoresRange_AllBytesAreRight()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Size = (6 * MiB) + 123, IgnoresRange = true });
        await using var engine = new Engine(origin);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => engine.ReadAsync("/film", new ByteRange(i * 500_000, (6 * MiB) + 123), Stop)));

        Assert.InRange(film.Requests.Count, 1, 12);
    }

    [Fact]
    public async Task Read_ObjectChangesAndOriginIgnoresConditions_IsNoticedByTheAnswersETag()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Size = 4 * MiB, Seed = 1, ETag = "\"one\"", IgnoresConditions = true });
        await using var engine = new Engine(origin);
        var old = await engine.FindAsync("/film", 0, Stop);

        film.Answer = film.Answer with { Seed = 2, ETag = "\"two\"" };
        var failure = await Assert.ThrowsAsync<ChunkReadException>(() => engine.ReadAsync(old, new ByteRange(MiB, 4 * MiB), Stop));

        Assert.Equal(ProxyError.VersionChanged, failure.Error);
    }
}
