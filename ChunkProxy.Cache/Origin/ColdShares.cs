using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>Bounds what each client makes the origin send at one time: the chunks that this process fetches for it.</summary>
/// <remarks>
/// A read takes its share before it begins a search or a fill, and not inside of it: others that join the search or fill do not wait for this client.
/// A read that joins, or that finds its bytes in memory or on disk, takes none. Where the route of the client has a limit too, the read takes its share there first:
/// a read that waits for its route must not keep a share from reads for other routes.
/// </remarks>
internal sealed class ColdShares(
    IOptions<ColdReadOptions> options, IOptions<OriginOptions> origin, UpstreamWaits waits, CacheMetrics metrics, TimeProvider time)
{
    // The bound of the queue for the origin, for all clients together. One client takes half of it at most.
    private const int MostWaiting = OriginSlots.MostWaiting;

    private readonly long _limit = options.Value.ColdBytes;
    private readonly bool _refuses = options.Value.ColdExcess is ColdExcess.Refuse;
    private readonly TimeSpan _patience = origin.Value.FirstByteTimeout;
    private readonly Lock _gate = new();
    private readonly Dictionary<(ClientKey Client, ulong Route), Account> _accounts = []; // under _gate; with something in use. Route 0: of the client in all routes
    private int _waiting; // under _gate

    /// <summary>Whether the current read has a limit. If not, it needs no share.</summary>
    public bool AreLimited => _limit > 0 || ColdLimit.Current is not null;

    /// <summary>Reads that wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Takes the current client's share for a chunk, after a wait if necessary. Null: no limit.</summary>
    /// <exception cref="ChunkReadException">The client's other reads use all that it may use.</exception>
    public async ValueTask<ColdShare?> ForChunkAsync(Chunk chunk, int bytes, CancellationToken cancellationToken)
    {
        using var wait = waits.ForChunk(chunk);
        return await TakeAsync(bytes, isSearch: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Does the same for a search for an object.</summary>
    /// <inheritdoc cref="ForChunkAsync"/>
    public async ValueTask<ColdShare?> ForObjectAsync(ObjectId id, long bytes, CancellationToken cancellationToken)
    {
        using var wait = waits.ForObject(id);
        return await TakeAsync(bytes, isSearch: true, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ColdShare?> TakeAsync(long bytes, bool isSearch, CancellationToken cancellationToken)
    {
        var client = ClientKey.Current;
        if (client == default)
        {
            return null;
        }

        var begun = time.GetTimestamp();
        var ofRoute = ColdLimit.Current is { } route
            ? await TakeAsync((client, route.Route), bytes, route.Bytes, isSearch && route.Refuses, begun, cancellationToken).ConfigureAwait(false)
            : null;
        try
        {
            var ofClient = _limit > 0
                ? await TakeAsync((client, 0), bytes, _limit, isSearch && _refuses, begun, cancellationToken).ConfigureAwait(false)
                : null;
            return ofRoute is null ? ofClient : ofClient is null ? ofRoute : ColdShare.Of(ofRoute, ofClient);
        }
        catch
        {
            ofRoute?.Dispose();
            throw;
        }
    }

    private async ValueTask<ColdShare> TakeAsync(
        (ClientKey Client, ulong Route) client, long bytes, long limit, bool mayRefuse, long begun, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Account? account;
        LinkedListNode<Turn> turn;
        lock (_gate)
        {
            if (!_accounts.TryGetValue(client, out account))
            {
                _accounts.Add(client, account = new Account());
            }

            if (account.Turns.Count == 0 && account.HasRoomFor(bytes, limit))
            {
                account.Bytes += bytes;
                return ShareOf(client, bytes);
            }

            if (mayRefuse || account.Turns.Count >= MostWaiting - _waiting)
            {
                throw Refused();
            }

            turn = account.Turns.AddLast(new Turn(bytes, limit));
            _waiting++;
        }

        var waitingSince = time.GetTimestamp();
        using var patience = new TimeLimit(AtLeastZero(_patience - time.GetElapsedTime(begun)), time, cancellationToken); // of both waits together
        bool isGiven;
        using (patience.Token.UnsafeRegister(_ => GiveUp(client, account, turn), null))
        {
            isGiven = await turn.Value.Given.Task.ConfigureAwait(false);
        }

        metrics.ColdReadDelayed(time.GetElapsedTime(waitingSince));
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

    private static TimeSpan AtLeastZero(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;

    private ColdShare ShareOf((ClientKey Client, ulong Route) client, long bytes) => new(() => Enter(client, bytes), () => Leave(client, bytes));

    private ChunkReadException Refused()
    {
        metrics.ColdReadRefused();
        return new ChunkReadException(ProxyError.ClientLimited, "other requests of this client fetch as much from the origin as it may fetch at one time");
    }

    private void Enter((ClientKey Client, ulong Route) client, long bytes)
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

    private void Leave((ClientKey Client, ulong Route) client, long bytes)
    {
        lock (_gate)
        {
            var account = _accounts[client];
            account.Bytes -= bytes;
            GiveTurns(client, account);
        }
    }

    private void GiveUp((ClientKey Client, ulong Route) client, Account account, LinkedListNode<Turn> turn)
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
    private void GiveTurns((ClientKey Client, ulong Route) client, Account account)
    {
        while (account.Turns.First is { Value: var next } && account.HasRoomFor(next.Bytes, next.Limit))
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

    private sealed class Turn(long bytes, long limit)
    {
        public long Bytes => bytes;

        public long Limit => limit;

        public TaskCompletionSource<bool> Given { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
