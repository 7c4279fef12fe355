using System.Runtime.CompilerServices;
using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Peers;

/// <summary>The bytes of a peer's answer, read in order. A peer that falls silent is given up, unless it lives and its source is slow.</summary>
internal sealed class PeerBody(HttpResponseMessage response, Stream stream, long length, Member peer, PeerTransport transport, TimeSpan silence, TimeProvider time) : IDisposable
{
    private readonly SilenceWatch _watch = new(silence, time, stop => transport.PingAsync(peer, stop));
    private long _left = length;

    /// <summary>Reads at least one byte of those that are left.</summary>
    /// <remarks>
    /// As in OriginBody, a read under way is never left behind: it could write into memory that serves another chunk by then, or take bytes
    /// away from the connection's next answer. Whoever gives it up breaks the connection and awaits it.
    /// </remarks>
    /// <exception cref="PeerBrokeException">The peer broke off or is silent; the bytes so far are good.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            var read = stream.ReadAsync(destination[..(int)Math.Min(destination.Length, _left)], _watch.GivenUp);
            var count = read.IsCompletedSuccessfully ? read.Result : await WatchedAsync(read, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                throw new PeerBrokeException(PeerReadOutcome.Unreachable);
            }

            _left -= count;
            return count;
        }
        catch (Exception error) when (error is IOException or HttpRequestException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new PeerBrokeException(_watch.GivenUp.IsCancellationRequested ? PeerReadOutcome.Silent : PeerReadOutcome.Unreachable);
        }
    }

    public void Dispose()
    {
        response.Dispose();
        _watch.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WatchedAsync(ValueTask<int> read, CancellationToken cancellationToken)
    {
        using var gone = cancellationToken.UnsafeRegister(static watch => ((SilenceWatch)watch!).GiveUp(), _watch);
        _watch.Begin();
        try
        {
            return await read.ConfigureAwait(false);
        }
        finally
        {
            _watch.End();
        }
    }
}
