using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Membership;

/// <summary>A membership of the members that hold a key in etcd, including this process.</summary>
/// <remarks>
/// <para>
/// Works in sessions (<see cref="EtcdSession"/>), one after another (<see cref="EtcdSessions"/>). A session reads all members, then watches from
/// the revision of that read, keeps this process registered (<see cref="KeptRegistration"/>), and repeats the read at intervals. If any of these
/// fails, the session ends as a whole. The next one begins on a new connection to the next endpoint, with a new read. So there is one way to
/// recover, whether etcd was restarted, paused, wiped or partitioned.
/// </para>
/// <para>Between sessions the last membership stays in effect. A process that starts without etcd is its only member until etcd answers.</para>
/// </remarks>
public sealed class EtcdMembership : IMembershipSource, IDrainable
{
    /// <summary>After an outage, members on a busy machine need an attempt or two to register again.</summary>
    private static readonly TimeSpan LeastHold = TimeSpan.FromSeconds(5);

    /// <summary>Timers and timestamps use different clocks: a timer that fires a tick early would find the members still held.</summary>
    private static readonly TimeSpan TimerSlack = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time;
    private readonly CoordinationHealth _health;
    private readonly MembershipState _state;
    private readonly OwnerMapPublisher _publisher;
    private readonly EtcdSessions _sessions;
    private readonly KeptRegistration? _registration;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <param name="self">This process as a member; null if it owns nothing and only watches.</param>
    /// <param name="endpoints">etcd's client URLs, <c>http</c> or <c>https</c>. At least one.</param>
    /// <param name="cluster">Key prefix of the cluster; members are below <c>members/</c>.</param>
    /// <param name="keys">Authenticate registrations.</param>
    /// <param name="options">Settings for etcd.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Logs changes of the membership, and the state of etcd.</param>
    internal EtcdMembership(
        Member? self, IReadOnlyList<Uri> endpoints, string cluster, KeyRing keys, EtcdOptions options, TimeProvider time, ILogger<EtcdMembership> logger)
    {
        ArgumentOutOfRangeException.ThrowIfZero(endpoints.Count);
        Self = self;
        _time = time;

        var prefix = $"{cluster.TrimEnd('/')}/members/";
        var proof = new RegistrationProof(keys.KeysFor(KeyPurpose.Registration), prefix);
        var instance = Guid.NewGuid();
        var hold = options.LeaseTtl > LeastHold ? options.LeaseTtl : LeastHold;
        _health = new CoordinationHealth(time, logger);
        _state = new MembershipState(self, instance, proof, hold, _health, time, logger);
        _publisher = new OwnerMapPublisher(_state.ReadEpoch, options.ChangeDelay, options.DrainTime, time, logger);
        _state.Changed += _publisher.NoteChange;
        _state.WillChangeIn += delay => _publisher.NoteChangeIn(delay + TimerSlack);
        _sessions = new EtcdSessions(endpoints, prefix, options, _state, _health, time, logger);
        if (self is not null)
        {
            var lease = new MembershipLease(self, instance, prefix, proof, options.RenewInterval, time, _state.NoteOwnPut, logger);
            _state.OwnKeyMissing += lease.Restore;
            _state.OwnKeyTaken += lease.Yield;
            _registration = new KeptRegistration(lease, self.Id, endpoints, options, time, logger);
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

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.Run(() => _sessions.RunAsync(HoldAsync, _stop.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public IReadOnlyList<Member> Drained => _state.ReadLeaving();

    public Task<bool> DrainAsync(CancellationToken cancellationToken)
    {
        _state.Leave();
        _publisher.Publish(); // before etcd is informed, so that this process fills no more chunks that others will own
        return PublishAsync(leaving: true, cancellationToken);
    }

    public Task<bool> RejoinAsync(CancellationToken cancellationToken)
    {
        if (_registration is { HasLeft: true })
        {
            return Task.FromResult(false); // the process is stopping
        }

        _state.Rejoin();
        _publisher.Publish();
        return PublishAsync(leaving: false, cancellationToken);
    }

    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        if (_registration is null or { HasLeft: true } || _stop.IsCancellationRequested)
        {
            return;
        }

        await _registration.ReleaseAsync();
        _state.Leave();
        _publisher.Publish(); // before etcd is informed, so that this process fills no more chunks that others will own
        await _registration.EndAsync(cancellationToken);
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
        _registration?.Dispose();
        _stop.Dispose();
    }

    private Task<bool> PublishAsync(bool leaving, CancellationToken cancellationToken) =>
        (_registration ?? throw new InvalidOperationException("Only a member can give up ownership.")).PublishAsync(leaving, cancellationToken);

    /// <summary>Keeps the process registered until it leaves. Without a registration it only waits.</summary>
    private async Task HoldAsync(EtcdConnection etcd, Action held, CancellationToken session)
    {
        if (_registration is not null)
        {
            await _registration.HoldAsync(etcd, held, session);
        }

        held();
        await Task.Delay(Timeout.InfiniteTimeSpan, _time, session);
    }
}
