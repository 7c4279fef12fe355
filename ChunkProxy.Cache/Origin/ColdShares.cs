using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>Bounds what each client makes the origin send at one time: the chunks that this process fetches for it.</summary>
/// <remarks>
/// A read takes its share before it begins a search or a fill, and not inside of it: others that join the search or fill do not wait for this client.
/// A read that joins, or that finds its bytes in memory or on disk, takes none.
/// </remarks>
internal sealed class ColdShares(
    IOptions<ColdReadOptions> options, IOptions<OriginOptions> origin, UpstreamWaits waits, CacheMetrics metrics, TimeProvider time)
{
    // As of the line to the origin itself: with all clients together, and a client takes half of it at most.
    private const int MostWaiting = OriginPlaces.MostWaiting;

    private readonly long _limit = options.Value.ColdBytes;
    private readonly bool _refuses = options.Value.ColdExcess is ColdExcess.Refuse;
    private readonly TimeSpan _patience = origin.Value.FirstByteTimeout;
    private readonly Lock _gate = new();
    private readonly Dictionary<ClientKey, Account> _accounts = []; // under _gate; of clients with something in use
    private int _waiting; // under _gate

    /// <summary>Whether there is a limit. If not, nothing needs a share.</summary>
    public bool AreLimited => _limit > 0;

    /// <summary>Reads that wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Takes the current client's share for a chunk, after a wait if necessary. Null: no limit.</summary>
    /// <exception cref="ChunkReadException">The client's other reads use all that it may use.</exception>
    public async ValueTask<ColdShare?> ForChunkAsync(Chunk chunk, int bytes, CancellationToken cancellationToken)
    {
        using var wait = waits.ForChunk(chunk);
        return await TakeAsync(bytes, mayRefuse: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Does the same for a search for an object.</summary>
    /// <inheritdoc cref="ForChunkAsync"/>
    public async ValueTask<ColdShare?> ForObjectAsync(ObjectId id, long bytes, CancellationToken cancellationToken)
    {
        using var wait = waits.ForObject(id);
        return await TakeAsync(bytes, _refuses, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ColdShare?> TakeAsync(long bytes, bool mayRefuse, CancellationToken cancellationToken)
    {
        var client = ClientKey.Current;
        if (!AreLimited || client == default)
        {
            return null;
        }

        cancellationToken.ThrowIfCancellationRequested();
        Account? account;
        LinkedListNode<Turn> turn;
        lock (_gate)
        {
            if (!_accounts.TryGetValue(client, out account))
            {
                _accounts.Add(client, account = new Account());
            }

            if (account.Turns.Count == 0 && account.HasRoomFor(bytes, _limit))
            {
                account.Bytes += bytes;
                return ShareOf(client, bytes);
            }

            if (mayRefuse || account.Turns.Count >= MostWaiting - _waiting)
            {
                throw Refused();
            }

            turn = account.Turns.AddLast(new Turn(bytes));
            _waiting++;
        }

        var begun = time.GetTimestamp();
        using var impatience = new CancellationTokenSource(_patience, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(impatience.Token, cancellationToken);
        bool isGiven;
        using (any.Token.UnsafeRegister(_ => GiveUp(client, account, turn), null))
        {
            isGiven = await turn.Value.Given.Task.ConfigureAwait(false);
        }

        metrics.ColdReadDelayed(time.GetElapsedTime(begun));
        if (isGiven && !cancellationToken.IsCancellationRequested)
        {
            return ShareOf(client, bytes);
        }

        if (isGiven)
        {
            Leave(client, bytes); // the turn came at the moment of the cancellation
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw Refused();
    }

    private ColdShare ShareOf(ClientKey client, long bytes) => new(() => Enter(client, bytes), () => Leave(client, bytes));

    private ChunkReadException Refused()
    {
        metrics.ColdReadRefused();
        return new ChunkReadException(ProxyError.ClientLimited, "this client's other requests use all that it may fetch from the origin at one time");
    }

    private void Enter(ClientKey client, long bytes)
    {
        lock (_gate)
        {
            if (!_accounts.TryGetValue(client, out var account))
            {
                _accounts.Add(client, account = new Account());
            }

            account.Bytes += bytes;
        }
    }

    private void Leave(ClientKey client, long bytes)
    {
        lock (_gate)
        {
            var account = _accounts[client];
            account.Bytes -= bytes;
            GiveTurns(client, account);
        }
    }

    private void GiveUp(ClientKey client, Account account, LinkedListNode<Turn> turn)
    {
        lock (_gate)
        {
            if (turn.List is null)
            {
                return; // its turn has come
            }

            account.Turns.Remove(turn);
            _waiting--;
            GiveTurns(client, account); // a smaller one behind it may have room
        }

        turn.Value.Given.SetResult(false);
    }

    // Under the lock.
    private void GiveTurns(ClientKey client, Account account)
    {
        while (account.Turns.First is { Value: var next } && account.HasRoomFor(next.Bytes, _limit))
        {
            account.Turns.RemoveFirst();
            _waiting--;
            account.Bytes += next.Bytes;
            next.Given.SetResult(true);
        }

        if (account is { Bytes: 0, Turns.Count: 0 })
        {
            _accounts.Remove(client);
        }
    }

    /// <summary>What one client uses, and its reads that wait, in the order of their arrival.</summary>
    private sealed class Account
    {
        public long Bytes { get; set; }

        public LinkedList<Turn> Turns { get; } = [];

        /// <summary>A client may always have one read, however large its chunk is.</summary>
        public bool HasRoomFor(long bytes, long limit) => Bytes == 0 || Bytes + bytes <= limit;
    }

    private sealed class Turn(long bytes)
    {
        public long Bytes => bytes;

        public TaskCompletionSource<bool> Given { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
