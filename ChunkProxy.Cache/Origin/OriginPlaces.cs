using System.Diagnostics.CodeAnalysis;

namespace ChunkProxy.Cache.Origin;

/// <summary>Bounds how many requests are at the origin at once; others wait in line.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing unless its wait handle is asked for, and places come back after the client's end too.")]
internal sealed class OriginPlaces(int count, TimeSpan patience, TimeProvider time)
{
    private readonly SemaphoreSlim _free = new(count);
    private int _waiting;

    public int Count => count;

    public int InUse => count - _free.CurrentCount;

    /// <summary>How many wait in line.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Returns a place to be disposed of, or null when none became free within the patience.</summary>
    public async ValueTask<IDisposable?> TakeAsync(CancellationToken cancellationToken)
    {
        // The semaphore knows no TimeProvider; a token that the provider cancels stands in for it.
        if (!_free.Wait(0, CancellationToken.None))
        {
            using var impatience = new CancellationTokenSource(patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(impatience.Token, cancellationToken);
            Interlocked.Increment(ref _waiting);
            try
            {
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

    /// <summary>Returns a place, or null where none is free at this moment.</summary>
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
