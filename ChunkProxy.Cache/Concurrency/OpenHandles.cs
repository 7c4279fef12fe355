using System.Diagnostics.CodeAnalysis;

namespace ChunkProxy.Cache.Concurrency;

/// <summary>Bounds the open files or connections of one kind. Reads that need further ones wait.</summary>
/// <remarks>
/// A handle may stay open while nothing is read from it: until its next read, or while a client is slow. That is decided while the handle is open, and
/// only if all open handles, itself included, are at most three quarters of the limit. So the handles that stay open are never more than that. All
/// others close as soon as their bytes are read. So a wait for a place is a wait for the disk or another member, and never for a client.
/// </remarks>
/// <param name="limit">Most open handles.</param>
/// <param name="mostWaiting">Most reads that wait for a place.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing.")]
internal sealed class OpenHandles(int limit, int mostWaiting)
{
    private readonly SemaphoreSlim _free = new(limit);
    private int _waiting;

    /// <summary>Most open handles.</summary>
    public int Limit => limit;

    /// <summary>Open handles, and those that are about to be opened.</summary>
    public int Count => limit - _free.CurrentCount;

    /// <summary>Whether a handle that is open now may stay open while nothing is read from it.</summary>
    public bool MayStay => Count <= (long)limit * 3 / 4;

    /// <summary>Takes a place for one handle, which <see cref="Leave"/> gives back. Returns false if none is free.</summary>
    public bool TryEnter() => _free.Wait(0, CancellationToken.None);

    /// <summary>The same, but waits for a place. Returns false if too many reads wait for one.</summary>
    public ValueTask<bool> TryEnterAsync(CancellationToken cancellationToken) => TryEnter() ? new(true) : WaitAsync(cancellationToken);

    public void Leave() => _free.Release();

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > mostWaiting)
            {
                return false;
            }

            await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
