using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Membership;

/// <summary>The members that hold a key in etcd, and this process among them.</summary>
/// <remarks>
/// <para>
/// Works in sessions. A session reads all members, then watches from the revision of that read, keeps this process registered, and reads everything
/// again from time to time. When any of these fails the session ends as a whole, and the next begins on a new connection at the next endpoint, from a
/// new read. So there is one way to mend, whether etcd was restarted, paused, wiped or cut off.
/// </para>
/// <para>Between sessions the last membership stays in force. A process that starts without etcd is alone in its membership until etcd comes.</para>
/// </remarks>
public sealed class EtcdMembership : IMembershipSource
{
    /// <summary>Tries while etcd is away follow each other after 100 ms, 200 ms, 400 ms … up to this.</summary>
    private static readonly TimeSpan MostBackoff = TimeSpan.FromSeconds(2);

    /// <summary>Members need a try and a half after an outage to register again, on a busy machine.</summary>
    private static readonly TimeSpan LeastHold = TimeSpan.FromSeconds(5);

    /// <summary>Timers and timestamps come of different clocks: a timer that fires early by a tick would find the members still held.</summary>
    private static readonly TimeSpan TimerSlack = TimeSpan.FromMilliseconds(100);

    private readonly IReadOnlyList<Uri> _endpoints;
    private readonly string _prefix;
    private readonly EtcdOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly MembershipLease? _lease;
    private readonly OwnerMapPublisher _publisher;
    private readonly long _started;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _leave = new();
    private readonly SemaphoreSlim _leaseIsFree = new(1, 1); // held while the lease is being held, and while it ends
    private readonly HashSet<(string Id, string Reason)> _ignored = []; // logged already; under _viewGate
    private readonly Lock _viewGate = new();
    private readonly MembershipView _view; // under _viewGate
    private bool _hadSession; // under _viewGate
    private bool _away; // under _viewGate: this outage is in the log
    private bool _taken; // under _viewGate: the last that is known of our own key
    private MembershipHealth _health;
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
        var instance = Guid.NewGuid();
        Self = self;
        _endpoints = endpoints;
        _prefix = $"{cluster.TrimEnd('/')}/members/";
        _options = options;
        _time = time;
        _started = time.GetTimestamp();
        _logger = logger;
        _view = new MembershipView(self, instance);
        _lease = self is null ? null : new MembershipLease(self, instance, _prefix, Beat, time, NoteOwnPut, logger);
        _publisher = new OwnerMapPublisher(ReadView, options.ChangeDelay, options.DrainTime, time, logger);
        _health = new MembershipHealth(CoordinationState.NeverSeen, time.GetUtcNow(), Registered: false, Problem: "etcd has not answered yet");
    }

    public event Action<OwnerMap>? Changed
    {
        add => _publisher.Changed += value;
        remove => _publisher.Changed -= value;
    }

    public Member? Self { get; }

    public OwnerMap Owners => _publisher.Owners;

    public MembershipHealth Health => Volatile.Read(ref _health);

    private TimeSpan Now => _time.GetElapsedTime(_started);

    /// <summary>A third of the lease: two renewals may be lost before the others give this process up, and an outage of etcd is noticed before any lease ends.</summary>
    private TimeSpan Beat => _options.LeaseTtl / 3;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.Run(() => RunAsync(_stop.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        if (Self is null || _leave.IsCancellationRequested || _stop.IsCancellationRequested)
        {
            return;
        }

        await _leave.CancelAsync();
        lock (_viewGate)
        {
            _view.Leave();
        }

        // Told before etcd is, so that this process stops to fill chunks for itself that others will own.
        _publisher.Publish();
        try
        {
            await _leaseIsFree.WaitAsync(cancellationToken);
            await EndLeaseAsync(cancellationToken);
        }
        catch (OperationCanceledException e)
        {
            _logger.LeaveNotTold(Self.Id, _options.LeaseTtl, e);
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
            var endpoint = _endpoints[turn];
            var connected = TimeSpan.MaxValue;
            try
            {
                using var etcd = await EtcdConnection.OpenAsync(endpoint, _options, _time, stop);
                await RunSessionAsync(etcd, endpoint, () => connected = connected < Now ? connected : Now, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it was, serving must go on, and membership with it.
                failures = connected < Now - Beat ? 1 : failures + 1; // a session that held wipes the slate; one that ends at once does not
                _logger.SessionEnded(e, endpoint);
                if (failures > _endpoints.Count)
                {
                    // A connection that ends is nothing to speak of (a token that expired, an etcd member that restarts): all endpoints were tried again at once.
                    NoteAway(endpoint, ReasonOf(e));
                }
            }

            await BackOffAsync(failures - _endpoints.Count, stop);
        }
    }

    private async Task RunSessionAsync(EtcdConnection etcd, Uri endpoint, Action connected, CancellationToken stop)
    {
        var (revision, members) = await etcd.ReadAsync(_prefix, stop);
        Begin(revision, members);

        using var session = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] parts =
        [
            WatchAsync(etcd, revision + 1, session.Token),
            ReconcileAsync(etcd, session.Token),
            ProbeAsync(etcd, session.Token),
            HoldLeaseAsync(etcd, Connected, session.Token),
        ];
        var first = await Task.WhenAny(parts);
        await session.CancelAsync();
        await Task.WhenAll(parts).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await first;

        void Connected()
        {
            connected();
            NoteConnected(endpoint);
        }
    }

    private async Task WatchAsync(EtcdConnection etcd, long fromRevision, CancellationToken session)
    {
        while (true)
        {
            var ending = await etcd.WatchAsync(_prefix, fromRevision, Apply, session);
            if (ending != WatchEnding.Compacted)
            {
                throw new IOException($"etcd ended the watch ({ending})");
            }

            _logger.WatchCompacted();
            var (revision, members) = await etcd.ReadAsync(_prefix, session);
            Reconcile(revision, members);
            fromRevision = revision + 1;
        }
    }

    private async Task ReconcileAsync(EtcdConnection etcd, CancellationToken session)
    {
        while (true)
        {
            await Task.Delay(_options.ReconcileInterval, _time, session);
            var (revision, members) = await etcd.ReadAsync(_prefix, session);
            if (Reconcile(revision, members))
            {
                _logger.ChangeHadBeenMissed();
            }
        }
    }

    private async Task ProbeAsync(EtcdConnection etcd, CancellationToken session)
    {
        while (true)
        {
            await Task.Delay(Beat, _time, session);
            await etcd.ProbeAsync(_prefix, Beat, session);
        }
    }

    private async Task HoldLeaseAsync(EtcdConnection etcd, Action held, CancellationToken session)
    {
        if (_lease is null)
        {
            held();
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, session);
            return;
        }

        using var untilLeft = CancellationTokenSource.CreateLinkedTokenSource(session, _leave.Token);
        try
        {
            // Not free any more once LeaveAsync has it.
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
            held();
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, session); // the rest of the session goes on
        }
    }

    /// <summary>Takes the registration away on a connection of its own, at the first endpoint that answers.</summary>
    private async Task EndLeaseAsync(CancellationToken cancellationToken)
    {
        Exception? last = null;
        foreach (var endpoint in _endpoints)
        {
            try
            {
                using var etcd = await EtcdConnection.OpenAsync(endpoint, _options, _time, cancellationToken);
                await _lease!.EndAsync(etcd, cancellationToken);
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

    private void Begin(long revision, IReadOnlyList<MembershipChange> members)
    {
        var now = Now;
        var hold = _options.LeaseTtl > LeastHold ? _options.LeaseTtl : LeastHold;
        lock (_viewGate)
        {
            // Before the first session there was no outage: nobody has to find the way back.
            if (_view.Begin(revision, members, now, _hadSession ? now + hold : now))
            {
                _logger.EtcdWentBack(hold);
            }

            _hadSession = true;
            NoteView();
        }

        _publisher.NoteChangeIn(hold + TimerSlack);
    }

    private bool Reconcile(long revision, IReadOnlyList<MembershipChange> members)
    {
        lock (_viewGate)
        {
            var missed = _view.Reconcile(revision, members, Now);
            NoteView();
            return missed;
        }
    }

    private void Apply(MembershipChange change)
    {
        lock (_viewGate)
        {
            _view.Apply(change, Now);
            NoteView();
        }
    }

    private void NoteOwnPut(long revision)
    {
        lock (_viewGate)
        {
            _view.NoteOwnPut(revision);
            Volatile.Write(ref _health, _health with { Registered = true });
        }
    }

    private Epoch ReadView()
    {
        lock (_viewGate)
        {
            return _view.EpochAt(Now);
        }
    }

    /// <summary>Acts on what the view says now. Under _viewGate.</summary>
    private void NoteView()
    {
        _publisher.NoteChange();
        foreach (var (id, reason) in _view.Ignored)
        {
            if (_ignored.Add((id, reason)))
            {
                _logger.KeyIgnored(id, reason);
            }
        }

        _ignored.RemoveWhere(key => !_view.Ignored.ContainsKey(key.Id));
        if (_lease is null || _leave.IsCancellationRequested)
        {
            return;
        }

        var own = _view.Own;
        if (own == OwnRegistration.Missing)
        {
            _lease.Restore();
        }
        else if (own == OwnRegistration.TakenByAnother && !_taken)
        {
            _lease.Yield();
            _logger.AddressTaken(Self!.Id);
        }

        _taken = own == OwnRegistration.TakenByAnother;
        var problem = _taken ? "another process runs with the same pool address" : null;
        Volatile.Write(ref _health, _health with { Registered = own is OwnRegistration.Present or OwnRegistration.Pending, Problem = problem });
    }

    private void NoteConnected(Uri endpoint)
    {
        lock (_viewGate)
        {
            _away = false;
            if (_health.State != CoordinationState.Connected)
            {
                Volatile.Write(ref _health, _health with { State = CoordinationState.Connected, Since = _time.GetUtcNow(), Problem = null });
                _logger.EtcdBack(endpoint);
            }
        }
    }

    private void NoteAway(Uri endpoint, string reason)
    {
        lock (_viewGate)
        {
            var state = _health.State == CoordinationState.NeverSeen ? CoordinationState.NeverSeen : CoordinationState.Away;
            var since = _health.State == state ? _health.Since : _time.GetUtcNow();
            Volatile.Write(ref _health, new MembershipHealth(state, since, Registered: false, $"etcd does not answer: {reason}"));
            if (!_away)
            {
                _away = true; // one line for an outage, however the reasons of single endpoints differ; health has the latest
                _logger.EtcdAway(endpoint, reason);
            }
        }
    }

    private async Task BackOffAsync(int failures, CancellationToken stop)
    {
        if (failures > 0)
        {
            var most = TimeSpan.FromMilliseconds(100) * Math.Pow(2, Math.Min(failures - 1, 10));
            most = most < MostBackoff ? most : MostBackoff;
            var spread = most * (0.75 + (Random.Shared.NextDouble() / 4)); // or all members come at once
            await Task.Delay(spread, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the loop looks at stop itself
        }
    }

    private static string ReasonOf(Exception e) => e is Grpc.Core.RpcException rpc ? $"{rpc.StatusCode}: {rpc.Status.Detail}" : e.Message;
}
