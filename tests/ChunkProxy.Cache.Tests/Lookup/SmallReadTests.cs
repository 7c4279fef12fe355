using ChunkProxy.Cache.Chunks;
using ChunkProxy.Testing.Scripted;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Lookup;

/// <summary>What small reads cost the origin.</summary>
public sealed class SmallReadTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_OneByteOfEveryChunk_AsksTheOriginForNoMoreThanTheFactorSays()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", 8 * MiB);
        await using var engine = new Engine(origin, time: null, ("FinishFactor", "64"));
        await engine.FindAsync("/film", 0, Stop);
        await film.WhenIdleAsync(Stop);
        var before = film.Requests.Count;

        for (var chunk = 1; chunk < 8; chunk++)
        {
            await engine.ReadAsync("/film", new ByteRange((chunk * MiB) + 500, (chunk * MiB) + 501), Stop);
        }

        Assert.Equal(
            Enumerable.Range(1, 7).Select(chunk => $"bytes={(chunk * MiB) + 500}-{(chunk * MiB) + 564}"),
            film.Requests.Skip(before).Select(request => request.Range));
    }

    [Fact]
    public async Task Read_SmallReadsInSequence_FewRequestsBringTheChunkAndEveryByteIsRight()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", 2 * MiB);
        await using var engine = new Engine(origin, time: null, ("FinishFactor", "64"));
        await engine.FindAsync("/film", 0, Stop);
        await film.WhenIdleAsync(Stop);
        var before = film.Requests.Count;

        for (var start = MiB; start < 2 * MiB; start += 4096)
        {
            await engine.ReadAsync("/film", new ByteRange(start, start + 4096), Stop);
        }

        Assert.InRange(film.Requests.Count - before, 1, 4); // 260 KiB each
    }

    [Fact]
    public async Task Read_AnotherReaderWantsMoreOfTheChunk_GetsIt()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", 2 * MiB);
        await using var engine = new Engine(origin, time: null, ("FinishFactor", "0"));
        await engine.FindAsync("/film", 0, Stop);

        await Task.WhenAll(
            engine.ReadAsync("/film", new ByteRange(MiB + 500, MiB + 501), Stop),
            engine.ReadAsync("/film", new ByteRange(MiB, 2 * MiB), Stop),
            engine.ReadAsync("/film", new ByteRange(MiB + 700_000, MiB + 700_100), Stop));
    }
}
