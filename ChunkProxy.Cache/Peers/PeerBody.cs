using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Peers;

/// <summary>The bytes of a peer's answer, read in order. A peer that falls silent is pinged: if it lives, its source is slow; if not, it is given up.</summary>
internal sealed class PeerBody(HttpResponseMessage response, Stream stream, long length, Member peer, PeerClient client, TimeSpan silence, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _abort = new();
    private long _left = length;

    /// <summary>Reads at least one byte of those that are left.</summary>
    /// <exception cref="PeerBrokeException">The peer broke off or is silent; the bytes so far are good.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            var read = stream.ReadAsync(destination[..(int)Math.Min(destination.Length, _left)], _abort.Token);
            var count = read.IsCompletedSuccessfully ? read.Result : await WatchedAsync(read, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                throw new PeerBrokeException(PeerReadOutcome.Unreachable);
            }

            _left -= count;
            return count;
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            throw new PeerBrokeException(PeerReadOutcome.Unreachable);
        }
    }

    public void Dispose()
    {
        response.Dispose();
        _abort.Dispose();
    }

    // As in OriginBody: a read under way is never left behind, it could write into memory that serves another chunk by then, or take
    // bytes away from the connection's next answer.
    private async ValueTask<int> WatchedAsync(ValueTask<int> read, CancellationToken cancellationToken)
    {
        var task = read.AsTask();
        try
        {
            while (true)
            {
                try
                {
                    return await task.WaitAsync(silence, time, cancellationToken).ConfigureAwait(false);
                }
                catch (TimeoutException)
                {
                    if (!await client.PingAsync(peer, cancellationToken).ConfigureAwait(false))
                    {
                        throw new PeerBrokeException(PeerReadOutcome.Silent);
                    }
                }
            }
        }
        catch when (!task.IsCompleted)
        {
            await _abort.CancelAsync().ConfigureAwait(false);
            await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }
}
