using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Origin;

/// <summary>Limits the number of concurrent origin requests to a number of slots. Further requests queue, and their clients take turns.</summary>
/// <remarks>While requests wait, no slot is free: a slot that is given back passes directly to the request whose turn it is.</remarks>
internal sealed class OriginSlots(int count, TimeSpan patience, TimeProvider time)
{
    /// <summary>Most requests in the queue, of all clients. See <see cref="TurnQueue{TKey, TItem}"/> for the share of one client.</summary>
    public const int MostWaiting = 8192;

    private readonly Lock _gate = new();
    private readonly TurnQueue<ClientKey, TaskCompletionSource<bool>> _queue = new(MostWaiting); // under _gate
    private int _inUse; // written under _gate

    public int Count => count;

    public int InUse => Volatile.Read(ref _inUse);

    /// <summary>Requests in the queue.</summary>
    public int Waiting => _queue.Count;

    /// <summary>
    /// Waits for a slot. Dispose the result to free the slot; null if none became free in time, the client's share of the queue is full, or the
    /// wait was given up.
    /// </summary>
    /// <param name="client">The client for whom the request is.</param>
    /// <param name="cancellationToken">Cancels the wait. A cancelled caller never gets a slot.</param>
    /// <param name="giveUp">Ends the wait without a slot.</param>
    public async ValueTask<IDisposable?> TakeAsync(ClientKey client, CancellationToken cancellationToken, CancellationToken giveUp = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var turn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        TurnQueue<ClientKey, TaskCompletionSource<bool>>.Ticket? ticket;
        lock (_gate)
        {
            if (_inUse < count)
            {
                _inUse++;
                return new Slot(this);
            }

            if (!_queue.TryAdd(client, turn, out ticket))
            {
                return null;
            }
        }

        using var limit = new TimeLimit(patience, time, cancellationToken);
        using (limit.Token.UnsafeRegister(_ => Leave(ticket, turn), null))
        using (giveUp.UnsafeRegister(_ => Leave(ticket, turn), null))
        {
            if (!await turn.Task.ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                return null;
            }
        }

        var slot = new Slot(this);
        if (cancellationToken.IsCancellationRequested)
        {
            slot.Dispose(); // the turn came at the moment of the cancellation
            cancellationToken.ThrowIfCancellationRequested();
        }

        return slot;
    }

    /// <summary>Returns a slot, or null if none is free now.</summary>
    public IDisposable? TryTake()
    {
        lock (_gate)
        {
            if (_inUse == count)
            {
                return null;
            }

            _inUse++;
            return new Slot(this);
        }
    }

    private void Leave(TurnQueue<ClientKey, TaskCompletionSource<bool>>.Ticket ticket, TaskCompletionSource<bool> turn)
    {
        lock (_gate)
        {
            if (!_queue.Remove(ticket))
            {
                return; // its turn has come
            }
        }

        turn.SetResult(false);
    }

    private void Free()
    {
        lock (_gate)
        {
            if (_queue.TryTake(out var next))
            {
                next.SetResult(true);
                return;
            }

            _inUse--;
        }
    }

    private sealed class Slot(OriginSlots slots) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                slots.Free();
            }
        }
    }
}
