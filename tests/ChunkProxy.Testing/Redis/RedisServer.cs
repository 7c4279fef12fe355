using System.Globalization;
using ChunkProxy.Testing.Processes;
using Xunit;

namespace ChunkProxy.Testing.Redis;

/// <summary>Debian's redis-server as a child process, without persistence: a stop deletes the data.</summary>
public sealed class RedisServer : ServerProcess, IAsyncLifetime
{
    private int _prefixes;

    /// <summary>The endpoint, as StackExchange.Redis parses it.</summary>
    public string Endpoint => $"127.0.0.1:{Port}";

    public static async Task<RedisServer> StartAsync(CancellationToken cancellationToken)
    {
        var server = new RedisServer();
        await server.StartOnFreePortAsync(cancellationToken);
        return server;
    }

    /// <summary>For use as an xunit fixture; <see cref="StartAsync"/> calls it too.</summary>
    public async ValueTask InitializeAsync() => await StartOnFreePortAsync(CancellationToken.None);

    /// <summary>Returns a unique key prefix.</summary>
    public string FreshPrefix() => $"test-{Interlocked.Increment(ref _prefixes).ToString(CultureInfo.InvariantCulture)}:";

    public async Task WipeAsync(CancellationToken cancellationToken)
    {
        await StopAsync();
        await StartAgainAsync(cancellationToken);
    }

    protected override ChildProcess Launch() => ChildProcess.Start(
        "redis-server",
        [
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1",
            "--dir", Folder.Path, "--save", "", "--appendonly", "no",
        ]);

    protected override bool IsReadyLine(string line) => line.Contains("Ready to accept connections", StringComparison.Ordinal);
}
