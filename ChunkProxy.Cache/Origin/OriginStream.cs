using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Origin;

/// <summary>The body of one response of the origin. Notices that it breaks off, or does not go on; frees the response's place at the origin at the end.</summary>
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

    /// <summary>Frees another place too at the end.</summary>
    public void AlsoFree(IDisposable other) => _other = other;

    /// <exception cref="ChunkReadException">The body broke off or stalled; what came before is good.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = stream.ReadAsync(buffer, _abort.Token);
            return read.IsCompletedSuccessfully ? read.Result : await Bounded(read, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is (IOException or HttpRequestException) and not ChunkReadException)
        {
            throw new ChunkReadException(ProxyError.OriginUnreachable, "the origin broke off its answer", error);
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

    // A read that is under way cannot be taken back without its buffer being written later, so both time-out and cancellation
    // break the connection, by the read's own token, and then wait for the read to come home. To dispose of the response would
    // not break it: the handler drains what is left and keeps the connection, while the read takes bytes away from whatever is
    // answered on it next.
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
