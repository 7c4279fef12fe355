using System.Diagnostics;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Streaming;

/// <summary>A cold seek far into a large chunk waits for neither the chunk nor the part of it in front of the wanted byte.</summary>
[Collection(MeasuredAlone.Name)]
public sealed class ColdSeekTests(ITestOutputHelper output)
{
    private const int Chunk = 16 * OneNode.MiB;
    private const long Wanted = Chunk + (12 * OneNode.MiB) + 345; // 6 s into its chunk at the origin's rate
    private const int Rate = 2 * OneNode.MiB;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_IntoALargeChunkOfASlowOrigin_FirstByteComesBeforeTheChunksFront()
    {
        await using var one = await OneNode.StartAsync("-size-c 16MiB", Now);
        var times = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            // Each an object that nobody has asked for yet; the first also pays for the node's warming up.
            var film = one.Origin.Add($"/film{i}.mp4", new OriginAnswer { Size = 4 * Chunk, Seed = i, BytesPerSecond = Rate });
            var started = Stopwatch.GetTimestamp();

            using var response = await one.Node.GetAsync(film.Path, Now, Wanted);
            var first = new byte[1];
            await (await response.Content.ReadAsStreamAsync(Now)).ReadExactlyAsync(first, Now);

            times.Add(Stopwatch.GetElapsedTime(started));
            TestData.Verify(i, Wanted, first);
            Assert.Equal(0, film.Requests.Where(request => request.BodyStart < Wanted).Sum(request => request.BodyBytesSent));
        }

        output.WriteLine($"first bytes after {string.Join(", ", times.Select(time => $"{time.TotalMilliseconds:0.0}"))} ms");

        // The fastest is what the product takes, the slowest what the machine adds.
        Assert.True(times.Min() < TimeSpan.FromMilliseconds(100), $"fastest {times.Min().TotalMilliseconds} ms");
        Assert.True(times.Max() < TimeSpan.FromSeconds(3), $"slowest {times.Max().TotalMilliseconds} ms");
    }

    [Fact]
    public async Task Get_FrontOfAChunkThatWasReadFromItsMiddle_FetchesTheFrontAlone()
    {
        await using var one = await OneNode.StartAsync("-size-c 4MiB", Now, ("FrontEnd:LookAheadLimit", "0"));
        var film = one.Origin.Add("/film.mp4", 8 * OneNode.MiB);

        await one.VerifyAsync(film, 3 * OneNode.MiB, OneNode.MiB, Now);
        await one.VerifyAsync(film, 0, 4 * OneNode.MiB, Now);
        await film.WhenIdleAsync(Now);

        // What was on its way when the first reader left may have been sent in vain, but nothing that had arrived is asked for again.
        Assert.Equal(OneNode.MiB, film.BytesSentWithin(3 * OneNode.MiB, 4 * OneNode.MiB));
        Assert.Equal(0, film.BytesSentWithin(4 * OneNode.MiB, 8 * OneNode.MiB));
    }
}
