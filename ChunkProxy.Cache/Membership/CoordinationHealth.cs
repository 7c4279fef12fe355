using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Membership;

/// <summary>Keeps <see cref="MembershipHealth"/> up to date, and logs each outage of etcd once.</summary>
internal sealed class CoordinationHealth(TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private MembershipHealth _now =
        new(CoordinationState.NeverSeen, time.GetUtcNow(), Registered: false, Problem: "etcd has not answered yet"); // written under _gate

    private bool _away; // under _gate: this outage is logged
    private bool _taken; // under _gate

    private string? ProblemWhenConnected => _taken ? "another process runs with the same pool address" : null;

    public MembershipHealth Now => Volatile.Read(ref _now);

    /// <summary>Records that a session is established.</summary>
    public void NoteConnected(Uri endpoint)
    {
        lock (_gate)
        {
            _away = false;
            if (_now.State != CoordinationState.Connected)
            {
                Volatile.Write(ref _now, _now with { State = CoordinationState.Connected, Since = time.GetUtcNow(), Problem = ProblemWhenConnected });
                logger.EtcdAvailable(ShownSetting.Url(endpoint.OriginalString));
            }
        }
    }

    /// <summary>Records that no endpoint answers correctly.</summary>
    public void SetUnavailable(Uri endpoint, string reason)
    {
        lock (_gate)
        {
            var state = _now.State == CoordinationState.NeverSeen ? CoordinationState.NeverSeen : CoordinationState.Away;
            var since = _now.State == state ? _now.Since : time.GetUtcNow();
            Volatile.Write(ref _now, new MembershipHealth(state, since, Registered: false, $"etcd does not answer: {reason}"));
            if (!_away)
            {
                _away = true; // one line per outage, though the reasons of the endpoints may differ; health has the latest
                logger.EtcdUnavailable(ShownSetting.Url(endpoint.OriginalString), reason);
            }
        }
    }

    /// <summary>Records the state of this process's key, as last seen in etcd.</summary>
    public void NoteRegistration(bool registered, bool taken)
    {
        lock (_gate)
        {
            _taken = taken;
            var problem = _now.State == CoordinationState.Connected ? ProblemWhenConnected : _now.Problem;
            Volatile.Write(ref _now, _now with { Registered = registered, Problem = problem });
        }
    }
}
