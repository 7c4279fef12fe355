namespace ChunkProxy.FunctionalTests.OriginFaults;

/// <summary>Short time limits, so that hanging origins cost the tests little.</summary>
public sealed class FaultServers : IAsyncLifetime
{
    internal OneNode One { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        One = await OneNode.StartAsync(
            "-size-c 1MiB", CancellationToken.None, ("Origin:FirstByteTimeout", "00:00:03"), ("Origin:StallTimeout", "00:00:03"), ("Origin:Backoff", "00:00:00.02"));

    public ValueTask DisposeAsync() => One.DisposeAsync();
}
