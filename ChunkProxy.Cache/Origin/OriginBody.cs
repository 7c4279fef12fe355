using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Origin;

/// <summary>The bytes of one answer, read in order. Knows where it stands in the object and notices a body that ends early or does not go on.</summary>
internal sealed class OriginBody(
    HttpResponseMessage response, Stream stream, ByteRange bytes, bool isWhole, IDisposable place, TimeSpan stallTimeout, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _abort = new();

    /// <summary>Offset in the object of the next byte that <see cref="ReadAsync"/> returns.</summary>
    public long Position { get; private set; } = bytes.Start;

    /// <summary>One past the last byte of this body, as an offset in the object.</summary>
    public long End { get; } = bytes.End;

    /// <summary>All of the object comes, asked for or not.</summary>
    public bool IsWhole { get; } = isWhole;

    /// <summary>Reads at least one byte of those that are left.</summary>
    /// <exception cref="ChunkReadException">The body broke off or stalled; what came before is good, and a new request may resume at <see cref="Position"/>.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        var left = (int)Math.Min(destination.Length, End - Position);
        var read = stream.ReadAsync(destination[..left], _abort.Token);
        int count;
        try
        {
            count = read.IsCompletedSuccessfully ? read.Result : await Bounded(read, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is (IOException or HttpRequestException) and not ChunkReadException)
        {
            throw new ChunkReadException(ProxyError.OriginUnreachable, $"the origin broke off at byte {Position}", error);
        }

        if (count == 0)
        {
            throw new ChunkReadException(ProxyError.OriginUnreachable, $"the origin's answer ended at byte {Position} of {End}");
        }

        Position += count;
        return count;
    }

    public void Dispose()
    {
        response.Dispose();
        place.Dispose();
        _abort.Dispose();
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
                throw new ChunkReadException(ProxyError.OriginTimedOut, $"the origin sent nothing for {stallTimeout.TotalSeconds:0.#} s at byte {Position}", error);
            }

            throw;
        }
    }
}
