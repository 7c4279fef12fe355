using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.Tls;

/// <summary>Many streams on few connections, as h2load sends them.</summary>
[Collection(TlsCollection.Name)]
public sealed class Http2LoadTests(TlsNode shared)
{
    private const int Requests = 2000;
    private const int Length = 65_536;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("-w 30 -W 30")]
    [InlineData("-w 10 -W 16")] // windows of 1 KiB for a stream, 64 KiB for a connection
    public async Task H2load_RangesOnFourConnections_AllSucceedAndNothingIsHeldAfterwards(string windows)
    {
        var film = shared.One.Origin.Add(SharedNodes.FreshPath(), 4 * OneNode.MiB);

        var h2load = await ChildProcess.RunAsync(
            "h2load",
            ["-n", $"{Requests}", "-c", "4", "-m", "50", .. windows.Split(' '), "-H", $"range: bytes=1000000-{1_000_000 + Length - 1}", new Uri(shared.Node.Address, film.Path).ToString()],
            Now);

        var said = string.Join('\n', h2load.Lines);
        Assert.Contains("Application protocol: h2", said, StringComparison.Ordinal);
        Assert.Contains($"requests: {Requests} total, {Requests} started, {Requests} done, {Requests} succeeded, 0 failed, 0 errored, 0 timeout", said, StringComparison.Ordinal);
        Assert.Contains($"({(long)Requests * Length}) data", said, StringComparison.Ordinal);
        await shared.Node.WhenFilledAsync(Now);
    }
}
