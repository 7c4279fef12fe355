using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Origin;

/// <summary>The body of one origin response. Detects a broken or stalled body, and frees the origin slot when disposed.</summary>
internal sealed class OriginStream(HttpResponseMessage response, Stream stream, IDisposable place, TimeSpan stallTimeout, TimeProvider time) : Stream
{
    private readonly CancellationTokenSource _abort = new();
    private IDisposable? _other;
    private int _isClosed;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Frees another slot too when disposed.</summary>
    public void AlsoFree(IDisposable other) => _other = other;

    /// <exception cref="ChunkReadException">The body broke off or stalled. Bytes read so far are valid.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = stream.ReadAsync(buffer, _abort.Token);
            return read.IsCompletedSuccessfully ? read.Result : await Bounded(read, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is (IOException or HttpRequestException) and not ChunkReadException)
        {
            throw new ChunkReadException(ProxyError.OriginUnreachable, "the connection to the origin broke in the middle of an answer", error);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The origin is read asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            response.Dispose();
            place.Dispose();
            _other?.Dispose();
            _abort.Dispose();
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
