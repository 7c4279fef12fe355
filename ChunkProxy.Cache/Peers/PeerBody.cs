using System.Runtime.CompilerServices;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Peers;

/// <summary>The bytes of a peer's answer, read in order. A peer that falls silent is given up, unless it lives and its source is slow.</summary>
internal sealed class PeerBody : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly Stream _stream;
    private readonly Member _peer;
    private readonly PeerVitals _vitals;
    private readonly ProgressWatch _watch;
    private readonly Chunk _chunk;
    private readonly int _end; // of the slice, in the chunk
    private int _position;

    public PeerBody(HttpResponseMessage response, Stream stream, Chunk chunk, Slice slice, Member peer, PeerVitals vitals, PeerOptions options, TimeProvider time)
    {
        _response = response;
        _stream = stream;
        _peer = peer;
        _vitals = vitals;
        _chunk = chunk;
        _position = slice.Offset;
        _end = slice.End;
        _watch = new ProgressWatch(options, time, stop => _vitals.FeelPulseAsync(_peer, Subject, stop));
    }

    private PeerSubject Subject => PeerSubject.Of(_chunk, _position);

    /// <summary>Reads at least one byte of those that are left.</summary>
    /// <remarks>
    /// As in OriginBody, a read under way is never left behind: it could write into memory that serves another chunk by then, or take bytes
    /// away from the connection's next answer. Whoever gives it up breaks the connection and awaits it.
    /// </remarks>
    /// <exception cref="PeerBrokeException">The peer broke off, is silent or stuck, and is avoided from now on; the bytes so far are good.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            var read = _stream.ReadAsync(destination[..Math.Min(destination.Length, _end - _position)], _watch.GivenUp);
            var count = read.IsCompletedSuccessfully ? read.Result : await WatchedAsync(read, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                throw Broken(PeerReadOutcome.Unreachable);
            }

            _position += count;
            return count;
        }
        catch (Exception error) when (error is IOException or HttpRequestException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Broken(_watch.Verdict ?? PeerReadOutcome.Unreachable);
        }
    }

    public void Dispose()
    {
        _response.Dispose();
        _watch.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WatchedAsync(ValueTask<int> read, CancellationToken cancellationToken)
    {
        using var gone = cancellationToken.UnsafeRegister(static watch => ((ProgressWatch)watch!).GiveUp(), _watch);
        var count = 0;
        _watch.Begin();
        try
        {
            return count = await read.ConfigureAwait(false);
        }
        finally
        {
            _watch.End(count);
        }
    }

    private PeerBrokeException Broken(PeerReadOutcome why)
    {
        _vitals.Trip(_peer, why, Subject);
        return new PeerBrokeException(why);
    }
}
