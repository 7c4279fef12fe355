using System.Globalization;
using ChunkProxy.Testing.Processes;
using Xunit;

namespace ChunkProxy.Testing.Redis;

/// <summary>Debian's redis-server as a child process; all in memory, so a stop is a wipe too.</summary>
public sealed class RedisServer : ServerProcess, IAsyncLifetime
{
    private int _prefixes;

    /// <summary>As StackExchange.Redis takes it.</summary>
    public string Endpoint => $"127.0.0.1:{Port}";

    public static async Task<RedisServer> StartAsync(CancellationToken cancellationToken)
    {
        var server = new RedisServer();
        await server.StartOnFreePortAsync(cancellationToken);
        return server;
    }

    /// <summary>For use as an xunit fixture; <see cref="StartAsync"/> does it too.</summary>
    public async ValueTask InitializeAsync() => await StartOnFreePortAsync(CancellationToken.None);

    /// <summary>Returns a key prefix that nobody else uses.</summary>
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
