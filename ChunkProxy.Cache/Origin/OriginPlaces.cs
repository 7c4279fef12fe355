using System.Diagnostics.CodeAnalysis;

namespace ChunkProxy.Cache.Origin;

/// <summary>Limits the number of concurrent origin requests to a number of slots; further requests queue.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Its wait handle is never used, and slots are freed even after the client is disposed.")]
internal sealed class OriginPlaces(int count, TimeSpan patience, TimeProvider time)
{
    /// <summary>Most requests in the queue. A search stays in it after its client has left, so clients that come and go could make it grow.</summary>
    public const int MostWaiting = 8192;

    private readonly SemaphoreSlim _free = new(count);
    private int _waiting;

    public int Count => count;

    public int InUse => count - _free.CurrentCount;

    /// <summary>Requests in the queue.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>
    /// Waits for a slot. Dispose the result to free the slot; null if none became free in time, the queue is full, or the wait was given up.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <param name="giveUp">Ends the wait without a slot.</param>
    public async ValueTask<IDisposable?> TakeAsync(CancellationToken cancellationToken, CancellationToken giveUp = default)
    {
        // SemaphoreSlim takes no TimeProvider, so a token that the provider cancels serves as the timeout.
        if (!_free.Wait(0, CancellationToken.None))
        {
            using var impatience = new CancellationTokenSource(patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(impatience.Token, giveUp, cancellationToken);
            try
            {
                if (Interlocked.Increment(ref _waiting) > MostWaiting)
                {
                    return null;
                }

                await _free.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return null;
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }

        return new Place(_free);
    }

    /// <summary>Returns a slot, or null if none is free now.</summary>
    public IDisposable? TryTake() => _free.Wait(0, CancellationToken.None) ? new Place(_free) : null;

    private sealed class Place(SemaphoreSlim free) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                free.Release();
            }
        }
    }
}
