using System.Runtime.CompilerServices;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Peers;

/// <summary>Reads the body of a peer's response in order. A silent peer is given up, unless it answers pings and waits for a slow source.</summary>
internal sealed class PeerBytes : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly Stream _stream;
    private readonly Member _peer;
    private readonly PeerHealth _health;
    private readonly ProgressWatch _watch;

    public PeerBytes(HttpResponseMessage response, Stream stream, PeerSubject subject, Member peer, PeerHealth health, PeerOptions options, TimeProvider time)
    {
        _response = response;
        _stream = stream;
        _peer = peer;
        _health = health;
        Subject = subject;
        _watch = new ProgressWatch(options, time, stop => _health.ProbeAsync(_peer, Subject, stop), () => _health.LeastRateOf(_peer));
    }

    /// <summary>The chunk and byte that the next read waits for.</summary>
    public PeerSubject Subject { get; set; }

    /// <summary>Reads at least one byte.</summary>
    /// <remarks>
    /// As in OriginBody, a pending read is never abandoned: it could write into memory that by then serves another chunk, or take bytes from the
    /// connection's next response. Giving up breaks the connection, and then awaits the read.
    /// </remarks>
    /// <exception cref="PeerBrokeException">
    /// The peer broke off, was silent or stalled, and is avoided from then on. Bytes read so far are valid.
    /// </exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            var read = _stream.ReadAsync(destination, _watch.Abandoned);
            var count = read.IsCompletedSuccessfully ? Arrived(read.Result) : await WatchedAsync(read, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                throw Broken(PeerReadOutcome.Unreachable);
            }

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
        _health.NoteDelivery(_peer, _watch.Received, _watch.Waiting);
    }

    private int Arrived(int count)
    {
        _watch.Arrived(count);
        return count;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WatchedAsync(ValueTask<int> read, CancellationToken cancellationToken)
    {
        using var gone = cancellationToken.UnsafeRegister(static watch => ((ProgressWatch)watch!).Abandon(), _watch);
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

    /// <summary>Records that the peer failed.</summary>
    public PeerBrokeException Broken(PeerReadOutcome why)
    {
        _health.Trip(_peer, why, Subject);
        return new PeerBrokeException(why);
    }
}
