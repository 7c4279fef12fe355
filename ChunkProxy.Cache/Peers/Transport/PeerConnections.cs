using System.Net.Sockets;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>The connections of this process to other members. Bounds those for reads, because each is one of the process's open files.</summary>
/// <remarks>
/// A third of the bound is for reads in progress. A request that is sent while more connections than that are open closes its own with its response. So
/// those that stay open are at most two thirds: a third that is open, and a third in requests that were sent at the same moment. The last third is for the
/// reads in progress that close theirs. Requests other than reads are few, and have a reserve.
/// </remarks>
internal sealed class PeerConnections(OpenFileShares openFiles, IOptions<PeerOptions> options, TimeProvider time)
{
    // Reads beyond the limit take turns, which is no reason to burden the origin.
    private readonly TimeSpan _longestWait = options.Value.StallTimeoutFor(PeerPatience.ForWork);
    private int _open; // connections, and those that are being made

    /// <summary>Reads in progress: a response that waits for a slow client too.</summary>
    public OpenHandles Reads { get; } = new(Math.Max(openFiles.ToMembers / 3, 1), mostWaiting: int.MaxValue);

    /// <summary>Whether a connection may stay open after its response.</summary>
    public bool MayStay => Volatile.Read(ref _open) <= Reads.Limit;

    /// <summary>
    /// Takes a place for a read, which waits for one if it may, but not without a limit: the other reads may wait for an origin that does not answer.
    /// Returns null if none became free.
    /// </summary>
    /// <param name="mayWait">
    /// False for what is cached at the member: reads of other members may wait for such a read here, and must not wait for each other in a circle.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async ValueTask<IDisposable?> EnterAsync(bool mayWait, CancellationToken cancellationToken) =>
        Reads.TryEnter() || (mayWait && await WaitAsync(cancellationToken).ConfigureAwait(false)) ? new Place(Reads) : null;

    /// <summary>Connects to a member, as the library does by default.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _open);
        Socket? socket = null;
        try
        {
            socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            return new Connection(this, socket);
        }
        catch
        {
            socket?.Dispose();
            Interlocked.Decrement(ref _open);
            throw;
        }
    }

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(_longestWait, time, cancellationToken);
        try
        {
            return await Reads.TryEnterAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private sealed class Place(OpenHandles reads) : IDisposable
    {
        private int _isFree;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isFree, 1) == 0)
            {
                reads.Leave();
            }
        }
    }

    private sealed class Connection(PeerConnections all, Socket socket) : NetworkStream(socket, ownsSocket: true)
    {
        private int _isClosed;

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            {
                Interlocked.Decrement(ref all._open);
            }
        }
    }
}
