using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Membership;

/// <summary>What one process makes of the keys that it reads and watches: who is a member. Decides, and does no I/O; not thread-safe.</summary>
/// <remarks>
/// <para>
/// Reads of all keys and watched changes arrive by different ways, so an older read may come after a newer change. Each carries etcd's revision, and
/// whatever is older than the view is passed over.
/// </para>
/// <para>
/// After an outage of etcd a member may be missing though it is well: etcd was wiped, or was paused for longer than a lease lasts. Such members are
/// held for a while, which is their time to register again; without that, every member would for a moment see a cluster of its own.
/// </para>
/// <para>Times are those since a moment that stays the same; a clock that is set must not matter.</para>
/// </remarks>
/// <param name="self">This process as a member; null if it owns nothing.</param>
/// <param name="instance">This process.</param>
/// <param name="proof">Reads registrations.</param>
internal sealed class MembershipView(Member? self, Guid instance, RegistrationProof proof)
{
    private const long NotPut = long.MaxValue;

    // Who may write to etcd may put any number of keys.
    private const int MostIgnored = 1000;

    private readonly Dictionary<string, (MemberRegistration Registration, long Revision)> _present = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Member> _held = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _ignored = new(StringComparer.Ordinal);
    private TimeSpan _holdUntil;
    private long _revision;
    private long _ownPut = NotPut;
    private bool _left;

    /// <summary>Keys that are no registrations, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Ignored => _ignored;

    /// <summary>How it stands with this process's own key.</summary>
    /// <remarks>What was there before this process put its own is a predecessor's, which had the same address and no time to take its key away.</remarks>
    public OwnRegistration Own
    {
        get
        {
            if (_ownPut != NotPut && _revision < _ownPut)
            {
                return OwnRegistration.Pending;
            }

            if (self is null || !_present.TryGetValue(self.Id, out var own))
            {
                return OwnRegistration.Missing;
            }

            return own.Registration.Instance == instance ? OwnRegistration.Present
                : own.Revision > _ownPut ? OwnRegistration.TakenByAnother
                : OwnRegistration.Missing;
        }
    }

    /// <summary>This process's own key was put at this revision.</summary>
    public void NoteOwnPut(long revision) => _ownPut = revision;

    /// <summary>Takes over what etcd has at the start of a connection, whatever was known of revisions: it may be another etcd, or a wiped one.</summary>
    /// <param name="revision">etcd's revision of the read.</param>
    /// <param name="members">All keys.</param>
    /// <param name="now">The time.</param>
    /// <param name="holdUntil">Until when members that go missing are held.</param>
    /// <returns>True if etcd has gone back in time: it was wiped, or restored from a backup.</returns>
    public bool Begin(long revision, IReadOnlyList<MembershipChange> members, TimeSpan now, TimeSpan holdUntil)
    {
        var wentBack = revision < _revision;
        if (wentBack)
        {
            _ownPut = NotPut;
        }

        if (now >= _holdUntil)
        {
            _held.Clear(); // from an earlier outage: those have left in the meantime
        }

        _holdUntil = holdUntil;
        Replace(revision, members, now);
        return wentBack;
    }

    /// <summary>Takes over a read of all keys, unless something newer is known already.</summary>
    /// <returns>True if anything was different: a change had been missed.</returns>
    public bool Reconcile(long revision, IReadOnlyList<MembershipChange> members, TimeSpan now)
    {
        if (revision < _revision)
        {
            return false;
        }

        var before = _present.Values.Select(member => member.Registration).ToHashSet();
        Replace(revision, members, now);
        return !before.SetEquals(_present.Values.Select(member => member.Registration));
    }

    /// <summary>Takes over one watched change, unless something newer is known already.</summary>
    public void Apply(MembershipChange change, TimeSpan now)
    {
        if (change.Revision < _revision)
        {
            return;
        }

        _revision = change.Revision;
        Set(change, now);
    }

    /// <summary>From now on this process is no member.</summary>
    public void Leave() => _left = true;

    /// <summary>From now on this process is a member again.</summary>
    public void Rejoin() => _left = false;

    /// <summary>Returns those that have given up ownership and have not taken their key away, by id, as of <paramref name="now"/>.</summary>
    public IReadOnlyList<Member> LeavingAt(TimeSpan now)
    {
        if (!_left && !_present.Values.Any(static member => member.Registration.Leaving))
        {
            return []; // nearly always, and asked at each fill
        }

        var members = EpochAt(now);
        return
        [
            .. _present.Values
                .Where(member => member.Registration.Leaving)
                .Select(member => member.Registration.Member)
                .Concat(_left && self is not null ? [self] : [])
                .Where(member => members.Find(member.Id) is null)
                .DistinctBy(member => member.Id)
                .OrderBy(member => member.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>Returns the members as of <paramref name="now"/>. This process counts itself in from the start, even before etcd knows of it.</summary>
    public Epoch EpochAt(TimeSpan now)
    {
        var members = _present.Values.Select(member => member.Registration)
            .Where(registration => !registration.Leaving)
            .ToDictionary(registration => registration.Member.Id, registration => registration.Member);
        if (now < _holdUntil)
        {
            foreach (var member in _held.Values)
            {
                members.TryAdd(member.Id, member);
            }
        }

        if (self is not null)
        {
            // The last member keeps the chunks to itself until its end: nobody else will have them.
            if (_left && members.Keys.Any(id => id != self.Id))
            {
                members.Remove(self.Id);
            }
            else
            {
                members[self.Id] = self;
            }
        }

        return new Epoch(members.Values);
    }

    private void Replace(long revision, IReadOnlyList<MembershipChange> members, TimeSpan now)
    {
        _revision = revision;
        var there = members.Select(member => member.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var id in _present.Keys.Concat(_ignored.Keys).Where(id => !there.Contains(id)).ToArray())
        {
            Set(new MembershipChange(id, null, revision), now);
        }

        foreach (var member in members)
        {
            Set(member, now);
        }
    }

    private void Set(MembershipChange change, TimeSpan now)
    {
        _ignored.Remove(change.Id);
        if (change.Json is null)
        {
            if (_present.Remove(change.Id, out var gone) && !gone.Registration.Leaving && now < _holdUntil)
            {
                _held[change.Id] = gone.Registration.Member;
            }
        }
        else if (proof.TryRead(change.Id, change.Json, out var registration, out var reason))
        {
            _present[change.Id] = (registration, change.Revision);
            _held.Remove(change.Id);
        }
        else
        {
            _present.Remove(change.Id);
            if (_ignored.Count < MostIgnored)
            {
                _ignored[change.Id] = reason;
            }
        }
    }
}
