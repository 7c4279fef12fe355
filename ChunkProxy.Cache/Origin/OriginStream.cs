using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Origin;

/// <summary>The body of one origin response. Detects a broken or stalled body, and frees the origin slot when disposed.</summary>
internal sealed class OriginStream(HttpResponseMessage response, Stream stream, IDisposable place, TimeSpan stallTimeout, TimeProvider time) : AsyncReadStream
{
    private const int Idle = 0;
    private const int Reading = 1;
    private const int Revoked = 2;

    private readonly CancellationTokenSource _abort = new();
    private IDisposable? _other;
    private int _isClosed;
    private int _state;
    private long _bytesRead;
    private Action<OriginStream>? _whenClosed;

    public long BytesRead => Volatile.Read(ref _bytesRead);

    /// <summary>Frees another slot too when disposed.</summary>
    public void AlsoFree(IDisposable other) => _other = other;

    /// <summary>Sets what is called once when the body is closed, or at once if it is closed already.</summary>
    public void WhenClosed(Action<OriginStream> called)
    {
        _whenClosed = called;
        if (Volatile.Read(ref _isClosed) != 0)
        {
            called(this);
        }
    }

    /// <summary>Closes the body unless a read of it is in progress, so unless the origin is the slow side. The next read fails.</summary>
    public bool TryRevoke()
    {
        if (Interlocked.CompareExchange(ref _state, Revoked, Idle) != Idle)
        {
            return false;
        }

        Dispose();
        return true;
    }

    /// <exception cref="ChunkReadException">The body broke off or stalled, or was revoked. Bytes read so far are valid.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Interlocked.CompareExchange(ref _state, Reading, Idle) == Revoked)
        {
            throw new ChunkReadException(ProxyError.Overloaded, "the client reads too slowly, and other requests wait for the origin");
        }

        try
        {
            var read = stream.ReadAsync(buffer, _abort.Token);
            var count = read.IsCompletedSuccessfully ? read.Result : await Bounded(read, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _bytesRead, _bytesRead + count);
            return count;
        }
        catch (Exception error) when (error is (IOException or HttpRequestException) and not ChunkReadException)
        {
            throw new ChunkReadException(ProxyError.OriginUnreachable, "the connection to the origin broke during a response", error);
        }
        finally
        {
            Interlocked.CompareExchange(ref _state, Idle, Reading);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            response.Dispose();
            place.Dispose();
            _other?.Dispose();
            _abort.Dispose();
            _whenClosed?.Invoke(this);
        }

        base.Dispose(disposing);
    }

    // A pending read cannot be abandoned: it would write into its buffer later. Timeout and cancellation therefore break the connection through the
    // read's own token, and then wait for the read to complete. Disposing the response would not break the connection: the handler drains the body
    // and reuses the connection, while the pending read takes bytes from the next response on it.
    private async ValueTask<int> Bounded(ValueTask<int> read, CancellationToken cancellationToken)
    {
        var task = read.AsTask();
        try
        {
            return await task.WaitAsync(stallTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            await _abort.CancelAsync().ConfigureAwait(false);
            await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (error is TimeoutException)
            {
                throw new ChunkReadException(ProxyError.OriginTimedOut, $"the origin sent nothing for {stallTimeout.TotalSeconds:0.#} s", error);
            }

            throw;
        }
    }
}
