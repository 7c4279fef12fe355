using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.Web.Tests.Exchanges;

/// <summary>The request log of a real process.</summary>
public sealed class RequestLogTests : IAsyncDisposable
{
    private const int Size = 100_000;

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _origin.DisposeAsync();

    [Fact]
    public async Task Log_IsOn_HasOneLineForEachRequestWithItsOutcome()
    {
        _origin.Add("/film.mp4", Size);
        await using var node = await StartAsync("-requestlog");

        foreach (var (path, from, to) in new (string, long?, long?)[] { ("film.mp4?a=1", 0, 99), ("film.mp4", 0, 99), ("film.mp4", 0, 9), ("nosuch.mp4", null, null) })
        {
            using var answer = await node.GetAsync(path, Cancellation, from, to);
            await answer.Content.ReadAsByteArrayAsync(Cancellation);
            await node.WhenFilledAsync(Cancellation); // the next one finds the chunk in memory, and not on its way
        }

        await WhenLoggedAsync(node, "GET /film.mp4 bytes=0-99 206 100 B ", "\"ChunkProxy; fwd=uri-miss; stored; detail=origin\" Completed");
        await WhenLoggedAsync(node, "GET /film.mp4 bytes=0-9 206 10 B ", "\"ChunkProxy; hit; detail=memory\" Completed");
        await WhenLoggedAsync(node, "GET /film.mp4?…#a8d929 bytes=0-99 404 13 B ", "not-found\" Completed");
        await WhenLoggedAsync(node, "GET /nosuch.mp4 - 404 13 B ", "not-found\" Completed");
        Assert.Equal(4, node.Output.Split('\n').Count(line => line.Contains("RequestLog", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Log_NotAskedFor_IsSilent()
    {
        _origin.Add("/film.mp4", Size);
        await using var node = await StartAsync();

        await node.Client.GetByteArrayAsync("film.mp4", Cancellation);

        Assert.Equal(0, await node.StopAsync(Cancellation));
        Assert.DoesNotContain("film.mp4", node.Output, StringComparison.Ordinal);
    }

    private static Task<string> WhenLoggedAsync(Node node, string start, string end) => node.WhenLineAsync(
        line => line.Contains(start, StringComparison.Ordinal) && line.EndsWith(end, StringComparison.Ordinal), start + end, Cancellation);

    private Task<Node> StartAsync(params IEnumerable<string> more) =>
        Node.StartAsync(["-url", _origin.BaseAddress.ToString(), "-size-c", "64KiB", "-size-m", "8MiB", "-size-d", "0", .. more], Cancellation);
}
