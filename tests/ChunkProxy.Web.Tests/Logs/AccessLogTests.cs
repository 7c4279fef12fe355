using System.Text.Json;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.Web.Tests.Logs;

/// <summary>The access log of a real process.</summary>
public sealed class AccessLogTests : IAsyncDisposable
{
    private const int Size = 100_000;

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return _origin.DisposeAsync();
    }

    [Fact]
    public async Task Stop_AfterRequests_EachHasItsLineWithoutTheQuery()
    {
        _origin.Add("/film.mp4?token=secret", Size);
        var log = _folder.Combine("access.log");
        await using var node = await Node.StartAsync(
            ["-url", _origin.BaseAddress.ToString(), "-size-c", "64KiB", "-size-m", "8MiB", "-size-d", "0", "-accesslog", log, "-accesslog-format", "json"], Cancellation);

        using (var part = await node.GetAsync("film.mp4?token=secret", Cancellation, 0, 99))
        {
            await part.Content.ReadAsByteArrayAsync(Cancellation);
        }

        using (var none = await node.GetAsync("nosuch", Cancellation, null, null))
        {
            await none.Content.ReadAsByteArrayAsync(Cancellation);
        }

        Assert.Equal(0, await node.StopAsync(Cancellation));

        var text = await File.ReadAllTextAsync(log, Cancellation);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(
            [(ShownPath.Of("/film.mp4?token=secret"), 206, 100L), ("/nosuch", 404, 13L)],
            lines.Select(line => (line.GetProperty("target").GetString()!, line.GetProperty("status").GetInt32(), line.GetProperty("bytes").GetInt64())));
        Assert.Equal("ChunkProxy; fwd=uri-miss; stored; detail=origin", lines[0].GetProperty("cache").GetString());
        Assert.Equal("bytes=0-99", lines[0].GetProperty("range").GetString());
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }
}
