using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Membership;

/// <summary>
/// What a process knows about its cluster, shared by the reads and the watch of etcd:
/// a <see cref="MembershipView"/> behind a lock, and the effects of its changes.
/// </summary>
/// <remarks>Code under the lock is quick and never waits: the watch delivers its changes under it.</remarks>
internal sealed class MembershipState
{
    // Members named in one warning.
    private const int MostNamed = 10;

    private readonly Lock _gate = new();
    private readonly MembershipView _view; // under _gate
    private readonly HashSet<(string Id, string Reason)> _ignored = []; // logged already; under _gate
    private readonly string? _self;
    private readonly TimeSpan _hold;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly CoordinationHealth _health;
    private readonly ILogger _logger;
    private bool _hadSession; // under _gate
    private bool _taken; // under _gate: the last known state of this process's key
    private bool _left; // under _gate

    /// <param name="self">This process as a member; null if it owns nothing.</param>
    /// <param name="instance">Identifies this process.</param>
    /// <param name="proof">Reads registrations.</param>
    /// <param name="hold">How long members that are missing after an outage have to register again.</param>
    /// <param name="health">Receives the state of this process's key.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Logs events for operators.</param>
    public MembershipState(Member? self, Guid instance, RegistrationProof proof, TimeSpan hold, CoordinationHealth health, TimeProvider time, ILogger logger)
    {
        _view = new MembershipView(self, instance, proof);
        _self = self?.Id;
        _hold = hold;
        _health = health;
        _time = time;
        _started = time.GetTimestamp();
        _logger = logger;
    }

    /// <summary>The members may have changed; see <see cref="ReadEpoch"/>.</summary>
    public event Action? Changed;

    /// <summary>The members may change after this time, without a change in etcd.</summary>
    public event Action<TimeSpan>? WillChangeIn;

    /// <summary>This process's key is missing.</summary>
    public event Action? OwnKeyMissing;

    /// <summary>Another process has put this process's key.</summary>
    public event Action? OwnKeyTaken;

    private TimeSpan Now => _time.GetElapsedTime(_started);

    public Epoch ReadEpoch()
    {
        lock (_gate)
        {
            return _view.EpochAt(Now);
        }
    }

    /// <summary>Returns the members that have given up ownership and are still registered.</summary>
    public IReadOnlyList<Member> ReadLeaving()
    {
        lock (_gate)
        {
            return _view.LeavingAt(Now);
        }
    }

    /// <summary>Begins a session with a read of all keys.</summary>
    public void Begin(long revision, IReadOnlyList<MembershipChange> members)
    {
        lock (_gate)
        {
            // Before the first session there was no outage, so no member has to register again.
            var hold = _hadSession ? _hold : TimeSpan.Zero;
            _hadSession = true;
            if (_view.Begin(revision, members, Now, Now + hold))
            {
                _logger.EtcdRevisionDecreased(hold);
            }

            WillChangeIn?.Invoke(hold);
            NoteChange();
        }
    }

    /// <summary>Applies another read of all keys. Returns true if a change had been missed.</summary>
    public bool Reconcile(long revision, IReadOnlyList<MembershipChange> members)
    {
        lock (_gate)
        {
            var missed = _view.Reconcile(revision, members, Now);
            NoteChange();
            return missed;
        }
    }

    /// <summary>Applies a change that the watch has seen.</summary>
    public void Apply(MembershipChange change)
    {
        lock (_gate)
        {
            _view.Apply(change, Now);
            NoteChange();
        }
    }

    /// <summary>Records that this process's key was put.</summary>
    public void NoteOwnPut(long revision)
    {
        lock (_gate)
        {
            _view.NoteOwnPut(revision);
            _health.NoteRegistration(registered: !_left, taken: false);
        }
    }

    /// <summary>Records that this process is no longer a member.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _left = true;
            _view.Leave();
            _health.NoteRegistration(registered: false, taken: false);
        }
    }

    /// <summary>Records that this process is a member again.</summary>
    public void Rejoin()
    {
        lock (_gate)
        {
            _left = false;
            _view.Rejoin();
        }
    }

    private void NoteChange()
    {
        Changed?.Invoke();
        LogIgnored();
        if (_self is null || _left)
        {
            return;
        }

        var own = _view.Own;
        if (own == OwnRegistration.Missing)
        {
            OwnKeyMissing?.Invoke();
        }
        else if (own == OwnRegistration.TakenByAnother && !_taken)
        {
            OwnKeyTaken?.Invoke();
            _logger.AddressTaken(_self);
        }

        _taken = own == OwnRegistration.TakenByAnother;
        _health.NoteRegistration(own is OwnRegistration.Present or OwnRegistration.Pending, _taken);
    }

    private void LogIgnored()
    {
        _ignored.RemoveWhere(key => !_view.Ignored.ContainsKey(key.Id));
        foreach (var keys in _view.Ignored.Where(key => _ignored.Add((key.Key, key.Value))).GroupBy(key => key.Value, key => key.Key))
        {
            var named = keys.Take(MostNamed).ToList();
            var others = keys.Count() - named.Count;
            _logger.KeyIgnored(string.Join(", ", named) + (others > 0 ? $" and {others} more" : ""), keys.Key);
        }
    }
}
