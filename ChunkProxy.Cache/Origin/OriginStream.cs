using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Origin;

/// <summary>The body of one origin response. Detects a broken or stalled body, and frees the origin slot at its end at the latest, or when disposed.</summary>
internal sealed class OriginStream(HttpResponseMessage response, Stream stream, IDisposable slot, TimeSpan stallTimeout, TimeProvider time) : AsyncReadStream
{
    private const int Idle = 0;
    private const int Reading = 1;
    private const int Revoked = 2;

    private readonly CancellationTokenSource _abort = new();
    private readonly long? _length = response.Content.Headers.ContentLength;
    private int _isClosed;
    private int _hasEnded;
    private int _slotsAreFree;
    private IDisposable? _other;
    private int _state;
    private long _bytesRead;
    private Action<OriginStream>? _whenEnded;

    public long BytesRead => Volatile.Read(ref _bytesRead);

    /// <summary>Frees another slot too.</summary>
    public void AlsoFree(IDisposable other) => _other = other;

    /// <summary>Adds what is called when the body has been read to its end or is closed, or at once if it is. It may be called twice.</summary>
    public void WhenEnded(Action<OriginStream> called)
    {
        _whenEnded += called;
        if (Volatile.Read(ref _hasEnded) != 0)
        {
            called(this);
        }
    }

    /// <summary>Frees the slots before the end: something else limits the number of such bodies.</summary>
    public void FreeSlots()
    {
        if (Interlocked.Exchange(ref _slotsAreFree, 1) == 0)
        {
            slot.Dispose();
            _other?.Dispose();
        }
    }

    /// <summary>
    /// Closes the body unless a read of it is in progress, so unless the origin is the slow side, or it has been read to its end. The next read fails.
    /// </summary>
    public bool TryRevoke()
    {
        if (Interlocked.CompareExchange(ref _state, Revoked, Idle) != Idle)
        {
            return false;
        }

        if (Volatile.Read(ref _hasEnded) != 0)
        {
            Volatile.Write(ref _state, Idle);
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
            if (count == 0 || _bytesRead == _length)
            {
                End(); // the client may take long for the last bytes
            }

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
            End();
            _abort.Dispose();
        }

        base.Dispose(disposing);
    }

    private void End()
    {
        FreeSlots();
        if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
        {
            _whenEnded?.Invoke(this);
        }
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
