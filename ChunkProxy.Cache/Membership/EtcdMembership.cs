using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Membership;

/// <summary>The members that hold a key in etcd, and this process among them.</summary>
/// <remarks>
/// <para>
/// Works in sessions (<see cref="EtcdSession"/>). A session reads all members, then watches from the revision of that read, keeps this process
/// registered, and reads everything again from time to time. When any of these fails the session ends as a whole, and the next begins on a new
/// connection at the next endpoint, from a new read. So there is one way to mend, whether etcd was restarted, paused, wiped or cut off.
/// </para>
/// <para>Between sessions the last membership stays in force. A process that starts without etcd is alone in its membership until etcd comes.</para>
/// </remarks>
public sealed class EtcdMembership : IMembershipSource, IDrainable
{
    /// <summary>Tries while etcd is away follow each other after 100 ms, 200 ms, 400 ms … up to this.</summary>
    private static readonly TimeSpan MostBackoff = TimeSpan.FromSeconds(2);

    /// <summary>Members need a try or two after an outage to register again, on a busy machine.</summary>
    private static readonly TimeSpan LeastHold = TimeSpan.FromSeconds(5);

    /// <summary>Timers and timestamps come of different clocks: a timer that fires early by a tick would find the members still held.</summary>
    private static readonly TimeSpan TimerSlack = TimeSpan.FromMilliseconds(100);

    private readonly IReadOnlyList<Uri> _endpoints;
    private readonly string _prefix;
    private readonly EtcdOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CoordinationHealth _health;
    private readonly MembershipState _state;
    private readonly OwnerMapPublisher _publisher;
    private readonly MembershipLease? _lease;
    private readonly SemaphoreSlim _leaseIsFree = new(1, 1); // taken while a session holds the lease, and for good once it is to end
    private readonly CancellationTokenSource _leave = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <param name="self">This process as a member; null if it owns nothing and only watches.</param>
    /// <param name="endpoints">etcd's client URLs, <c>http</c> or <c>https</c>. At least one.</param>
    /// <param name="cluster">Key prefix of the cluster; members are below <c>members/</c>.</param>
    /// <param name="options">How etcd is spoken to.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of members and of etcd.</param>
    public EtcdMembership(
        Member? self, IReadOnlyList<Uri> endpoints, string cluster, EtcdOptions options, TimeProvider time, ILogger<EtcdMembership> logger)
    {
        ArgumentOutOfRangeException.ThrowIfZero(endpoints.Count);
        Self = self;
        _endpoints = endpoints;
        _prefix = $"{cluster.TrimEnd('/')}/members/";
        _options = options;
        _time = time;
        _logger = logger;

        var instance = Guid.NewGuid();
        var hold = options.LeaseTtl > LeastHold ? options.LeaseTtl : LeastHold;
        _health = new CoordinationHealth(time, logger);
        _state = new MembershipState(self, instance, hold, _health, time, logger);
        _publisher = new OwnerMapPublisher(_state.ReadEpoch, options.ChangeDelay, options.DrainTime, time, logger);
        _state.Changed += _publisher.NoteChange;
        _state.WillChangeIn += delay => _publisher.NoteChangeIn(delay + TimerSlack);
        if (self is not null)
        {
            _lease = new MembershipLease(self, instance, _prefix, Beat, time, _state.NoteOwnPut, logger);
            _state.OwnKeyMissing += _lease.Restore;
            _state.OwnKeyTaken += _lease.Yield;
        }
    }

    public event Action<OwnerMap>? Changed
    {
        add => _publisher.Changed += value;
        remove => _publisher.Changed -= value;
    }

    public Member? Self { get; }

    public OwnerMap Owners => _publisher.Owners;

    public MembershipHealth Health => _health.Now;

    /// <summary>A third of the lease: two renewals may be lost before the others give this process up, and an outage of etcd is noticed before any lease ends.</summary>
    private TimeSpan Beat => _options.LeaseTtl / 3;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.Run(() => RunAsync(_stop.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public IReadOnlyList<Member> Drained => _state.ReadLeaving();

    public Task<bool> DrainAsync(CancellationToken cancellationToken)
    {
        _state.Leave();
        _publisher.Publish(); // before etcd is told, so that nothing more is filled here that others will own
        return TellAsync(leaving: true, cancellationToken);
    }

    public Task<bool> RejoinAsync(CancellationToken cancellationToken)
    {
        if (_leave.IsCancellationRequested)
        {
            return Task.FromResult(false); // the process ends
        }

        _state.Rejoin();
        _publisher.Publish();
        return TellAsync(leaving: false, cancellationToken);
    }

    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        if (_lease is null || _leave.IsCancellationRequested || _stop.IsCancellationRequested)
        {
            return;
        }

        await _leave.CancelAsync();
        _state.Leave();
        _publisher.Publish(); // before etcd is told, so that nothing more is filled here that others will own
        using var limit = new CancellationTokenSource(_options.LeaseTtl, _time); // by then the lease has ended without us
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _leaseIsFree.WaitAsync(either.Token);
            await EndLeaseAsync(_lease, either.Token);
        }
        catch (OperationCanceledException e)
        {
            _logger.LeaveNotTold(Self!.Id, _options.LeaseTtl, e);
        }
    }

    private async Task<bool> TellAsync(bool leaving, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.LeaseTtl, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await (_lease ?? throw new InvalidOperationException("A process that is no member has nothing to give up.")).TellAsync(leaving).WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        await _running;
        _publisher.Dispose();
        _lease?.Dispose();
        _leaseIsFree.Dispose();
        _leave.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        var failures = 0;
        for (var turn = Random.Shared.Next(_endpoints.Count); !stop.IsCancellationRequested; turn = (turn + 1) % _endpoints.Count)
        {
            var (stood, failure) = await RunSessionAsync(_endpoints[turn], stop);
            if (failure is null)
            {
                continue;
            }

            // A session that stood for a while wipes the slate; one that ends at once, for lack of a permission say, does not.
            failures = stood > Beat ? 1 : failures + 1;
            _logger.SessionEnded(failure, _endpoints[turn]);

            // All endpoints are tried once more at once: a token that expired or an etcd member that restarts is no outage.
            if (failures > _endpoints.Count)
            {
                _health.NoteAway(_endpoints[turn], ReasonOf(failure));
                await BackOffAsync(failures - _endpoints.Count, stop);
            }
        }
    }

    /// <summary>Runs one session, and returns how long it stood and what ended it; null if that was us.</summary>
    private async Task<(TimeSpan Stood, Exception? Failure)> RunSessionAsync(Uri endpoint, CancellationToken stop)
    {
        EtcdSession? session = null;
        try
        {
            using var etcd = await EtcdConnection.OpenAsync(endpoint, _options, _time, stop);
            session = new EtcdSession(etcd, _prefix, Beat, _options.ReconcileInterval, _state, _time, _logger);
            await session.RunAsync(HoldLeaseAsync, () => _health.NoteConnected(endpoint), stop);
            return (session.Stood, null);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return (TimeSpan.Zero, null);
        }
        catch (Exception e)
        {
            // Whatever it was, serving must go on, and membership with it.
            return (session?.Stood ?? TimeSpan.Zero, e);
        }
    }

    /// <summary>Keeps the process registered until it leaves; without a registration to keep, just waits.</summary>
    private async Task HoldLeaseAsync(EtcdConnection etcd, Action held, CancellationToken session)
    {
        using var untilLeft = CancellationTokenSource.CreateLinkedTokenSource(session, _leave.Token);
        if (_lease is not null)
        {
            try
            {
                await _leaseIsFree.WaitAsync(untilLeft.Token);
                try
                {
                    await _lease.HoldAsync(etcd, held, untilLeft.Token);
                }
                finally
                {
                    _leaseIsFree.Release();
                }
            }
            catch (OperationCanceledException) when (_leave.IsCancellationRequested)
            {
                // The rest of the session goes on.
            }
        }

        held();
        await Task.Delay(Timeout.InfiniteTimeSpan, _time, session);
    }

    /// <summary>Takes the registration away on a connection of its own, at the first endpoint that answers.</summary>
    private async Task EndLeaseAsync(MembershipLease lease, CancellationToken cancellationToken)
    {
        Exception? last = null;
        foreach (var endpoint in _endpoints)
        {
            try
            {
                using var etcd = await EtcdConnection.OpenAsync(endpoint, _options, _time, cancellationToken);
                await lease.EndAsync(etcd, cancellationToken);
                _logger.LeftCluster(Self!.Id);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                last = e;
            }
        }

        _logger.LeaveNotTold(Self!.Id, _options.LeaseTtl, last);
    }

    private async Task BackOffAsync(int failures, CancellationToken stop)
    {
        var most = TimeSpan.FromMilliseconds(100) * Math.Pow(2, Math.Min(failures - 1, 10));
        most = most < MostBackoff ? most : MostBackoff;
        var spread = most * (0.75 + (Random.Shared.NextDouble() / 4)); // or all members come at once
        await Task.Delay(spread, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the loop looks at stop itself
    }

    private static string ReasonOf(Exception e) => e is Grpc.Core.RpcException rpc ? $"{rpc.StatusCode}: {rpc.Status.Detail}" : e.Message;
}
