using System.Diagnostics;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Streaming;

/// <summary>A cold seek far into a large chunk waits neither for the whole chunk nor for the bytes before the position.</summary>
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
        using var client = new HttpClient { BaseAddress = one.Origin.BaseAddress };
        var (times, direct) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var i = 0; i < 5; i++)
        {
            // Each is a new object. The first request also includes the node's warm-up.
            var film = one.Origin.Add($"/film{i}.mp4", new OriginAnswer { Size = 4 * Chunk, Seed = i, BytesPerSecond = Rate });
            one.Origin.Add($"/direct{i}.mp4", film.Answer);
            direct.Add(await FirstByteAsync(client, $"/direct{i}.mp4", seed: i));

            times.Add(await FirstByteAsync(one.Node.Client, film.Path, seed: i));
            Assert.Equal(0, film.Requests.Where(request => request.BodyStart < Wanted).Sum(request => request.BodyBytesSent));
        }

        output.WriteLine($"first bytes after {Milliseconds(times)} ms, without the proxy after {Milliseconds(direct)} ms");

        // The fastest shows the product's latency, the slowest includes the machine's. The machine's minimum is measured without the proxy.
        var allowed = TimeSpan.FromMilliseconds(100) + (10 * direct.Min());
        Assert.True(times.Min() < allowed, $"fastest {times.Min().TotalMilliseconds} ms of {allowed.TotalMilliseconds}");
        Assert.True(times.Max() < TimeSpan.FromSeconds(3), $"slowest {times.Max().TotalMilliseconds} ms");
    }

    private static async Task<TimeSpan> FirstByteAsync(HttpClient client, string path, long seed)
    {
        var started = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Range = new(Wanted, null) } };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Now);
        var first = new byte[1];
        await (await response.Content.ReadAsStreamAsync(Now)).ReadExactlyAsync(first, Now);
        var took = Stopwatch.GetElapsedTime(started);
        TestData.Verify(seed, Wanted, first);
        return took;
    }

    private static string Milliseconds(IEnumerable<TimeSpan> times) => string.Join(", ", times.Select(time => $"{time.TotalMilliseconds:0.0}"));
}
