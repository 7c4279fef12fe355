using System.Collections.Concurrent;
using ChunkProxy.Cache.Telemetry;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Peers;

/// <summary>Remembers which peers failed, so that the next requests do not wait for them again, and finds out when they are back.</summary>
/// <remarks>One failure opens a peer's breaker. From then on a probe pings it; the first answer closes the breaker. So no client's request is ever the guinea pig.</remarks>
internal sealed class PeerBreakers(IOptions<PeerOptions> options, TimeProvider time, ILogger<PeerBreakers> log) : IDisposable
{
    private readonly ConcurrentDictionary<string, PeerReadOutcome> _open = new();
    private readonly CancellationTokenSource _stop = new();

    public bool IsOpen(string peer) => _open.ContainsKey(peer);

    /// <summary>The peers that are avoided, and what they did.</summary>
    public IReadOnlyDictionary<string, PeerReadOutcome> Open => _open;

    /// <summary>Opens the peer's breaker until a ping gets through.</summary>
    /// <param name="peer">The peer's id.</param>
    /// <param name="why">What it did.</param>
    /// <param name="ping">Says whether the peer answers.</param>
    public void Trip(string peer, PeerReadOutcome why, Func<CancellationToken, Task<bool>> ping)
    {
        if (_open.TryAdd(peer, why))
        {
            log.PeerFailed(peer, why);
            _ = Task.Run(() => ProbeAsync(peer, ping));
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task ProbeAsync(string peer, Func<CancellationToken, Task<bool>> ping)
    {
        try
        {
            var stop = _stop.Token;
            do
            {
                await Task.Delay(options.Value.ProbeInterval, time, stop).ConfigureAwait(false);
            }
            while (!await ping(stop).ConfigureAwait(false));

            _open.TryRemove(peer, out _);
            log.PeerIsBack(peer);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // The process ends.
        }
    }
}
