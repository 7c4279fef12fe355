using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Membership;

/// <summary>What a process knows of its cluster, shared by everything that reads etcd, watches it and asks: a <see cref="MembershipView"/> behind a lock, and what follows from each change of it.</summary>
/// <remarks>All that is done under the lock is quick and waits for nothing: a watch delivers under it.</remarks>
internal sealed class MembershipState
{
    // In one warning.
    private const int MostNamed = 10;

    private readonly Lock _gate = new();
    private readonly MembershipView _view; // under _gate
    private readonly HashSet<(string Id, string Reason)> _ignored = []; // in the log already; under _gate
    private readonly string? _self;
    private readonly TimeSpan _hold;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly CoordinationHealth _health;
    private readonly ILogger _logger;
    private bool _hadSession; // under _gate
    private bool _taken; // under _gate: the last that is known of our own key
    private bool _left; // under _gate

    /// <param name="self">This process as a member; null if it owns nothing.</param>
    /// <param name="instance">This process.</param>
    /// <param name="proof">Reads registrations.</param>
    /// <param name="hold">How long members that are missing after an outage have to register again.</param>
    /// <param name="health">Told how it stands with our own key.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told what an operator should know.</param>
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

    /// <summary>The members may have changed; <see cref="ReadEpoch"/> tells.</summary>
    public event Action? Changed;

    /// <summary>The members may change by themselves after this time.</summary>
    public event Action<TimeSpan>? WillChangeIn;

    /// <summary>Our own key is not there.</summary>
    public event Action? OwnKeyMissing;

    /// <summary>Our own key is another process's now.</summary>
    public event Action? OwnKeyTaken;

    private TimeSpan Now => _time.GetElapsedTime(_started);

    public Epoch ReadEpoch()
    {
        lock (_gate)
        {
            return _view.EpochAt(Now);
        }
    }

    /// <summary>Those that have given up ownership and are still there.</summary>
    public IReadOnlyList<Member> ReadLeaving()
    {
        lock (_gate)
        {
            return _view.LeavingAt(Now);
        }
    }

    /// <summary>A session begins with this read of all keys.</summary>
    public void Begin(long revision, IReadOnlyList<MembershipChange> members)
    {
        lock (_gate)
        {
            // Before the first session there was no outage: nobody has to find the way back.
            var hold = _hadSession ? _hold : TimeSpan.Zero;
            _hadSession = true;
            if (_view.Begin(revision, members, Now, Now + hold))
            {
                _logger.EtcdWentBack(hold);
            }

            WillChangeIn?.Invoke(hold);
            NoteChange();
        }
    }

    /// <summary>All keys were read again. True if a change had been missed.</summary>
    public bool Reconcile(long revision, IReadOnlyList<MembershipChange> members)
    {
        lock (_gate)
        {
            var missed = _view.Reconcile(revision, members, Now);
            NoteChange();
            return missed;
        }
    }

    /// <summary>The watch has seen a change.</summary>
    public void Apply(MembershipChange change)
    {
        lock (_gate)
        {
            _view.Apply(change, Now);
            NoteChange();
        }
    }

    /// <summary>Our own key was put.</summary>
    public void NoteOwnPut(long revision)
    {
        lock (_gate)
        {
            _view.NoteOwnPut(revision);
            _health.NoteRegistration(registered: !_left, taken: false);
        }
    }

    /// <summary>We are no member any more.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _left = true;
            _view.Leave();
            _health.NoteRegistration(registered: false, taken: false);
        }
    }

    /// <summary>We are a member again.</summary>
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
