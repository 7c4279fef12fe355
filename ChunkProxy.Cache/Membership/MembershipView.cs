using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Membership;

/// <summary>Decides which processes are members, from the keys that are read and watched. Does no I/O; not thread-safe.</summary>
/// <remarks>
/// <para>
/// Full reads and watched changes arrive independently, so an older read may come after a newer change. Each carries etcd's revision, and
/// those older than the view are ignored.
/// </para>
/// <para>
/// After an outage of etcd a healthy member may be missing: etcd was wiped, or was paused for longer than a lease lasts. Such members are
/// held for a while, in which they can register again. Otherwise every member would for a moment see a cluster of its own.
/// </para>
/// <para>Times count from a fixed moment, so setting the clock has no effect.</para>
/// </remarks>
/// <param name="self">This process as a member; null if it owns nothing.</param>
/// <param name="instance">Identifies this process.</param>
/// <param name="proof">Reads registrations.</param>
internal sealed class MembershipView(Member? self, Guid instance, RegistrationProof proof)
{
    private const long NotPut = long.MaxValue;

    // A client of etcd may put any number of keys.
    private const int MostIgnored = 1000;
    private const int LongestIgnored = 300; // characters of a key; an address has at most 260

    private readonly Dictionary<string, (MemberRegistration Registration, long Revision)> _present = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Member> _held = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _ignored = new(StringComparer.Ordinal);
    private readonly RegistrationHistory _history = new();
    private TimeSpan _holdUntil;
    private long _revision;
    private long _ownPut = NotPut;
    private bool _left;

    /// <summary>Keys that are not registrations, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Ignored => _ignored;

    /// <summary>State of this process's own key.</summary>
    /// <remarks>A key from before this process put its own is a predecessor's, which had the same address and no time to remove its key.</remarks>
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
                : own.Revision > _ownPut && !IsOfPredecessor(own.Registration) ? OwnRegistration.TakenByAnother
                : OwnRegistration.Missing;
        }
    }

    // With a key, the start times are proven: an earlier process cannot have taken the address from this one. Its old value was written again.
    private bool IsOfPredecessor(MemberRegistration registration) => proof.IsRequired && registration.Member.StartedAt < self!.StartedAt;

    /// <summary>Records the revision at which this process's own key was put.</summary>
    public void NoteOwnPut(long revision) => _ownPut = revision;

    /// <summary>Applies the read at the start of a connection, whatever revision was known before: etcd may be another one, or wiped.</summary>
    /// <param name="revision">etcd's revision of the read.</param>
    /// <param name="members">All keys.</param>
    /// <param name="now">The time.</param>
    /// <param name="holdUntil">Until when missing members are held.</param>
    /// <returns>True if etcd's revision is lower than before: etcd was wiped, or restored from a backup.</returns>
    public bool Begin(long revision, IReadOnlyList<MembershipChange> members, TimeSpan now, TimeSpan holdUntil)
    {
        var wentBack = revision < _revision;
        if (wentBack)
        {
            _ownPut = NotPut;
        }

        if (now >= _holdUntil)
        {
            _held.Clear(); // from an earlier outage: those members have left since
        }

        _holdUntil = holdUntil;
        Replace(revision, members, now);
        return wentBack;
    }

    /// <summary>Applies a read of all keys, unless a newer state is known.</summary>
    /// <returns>True if anything differed: a change had been missed.</returns>
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

    /// <summary>Applies one watched change, unless a newer state is known.</summary>
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

    /// <summary>Returns the members that have given up ownership and not removed their key, by id, as of <paramref name="now"/>.</summary>
    public IReadOnlyList<Member> LeavingAt(TimeSpan now)
    {
        if (!_left && !_present.Values.Any(static member => member.Registration.Leaving))
        {
            return []; // the usual case, and called at each fill
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

    /// <summary>Returns the members as of <paramref name="now"/>. This process is one from the start, even before etcd knows it.</summary>
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
            // The last member keeps ownership until its end: there is no other to take it.
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
            RemoveOrHold(change.Id, now);
        }
        else if (TryRead(change, out var registration, out var reason))
        {
            Remove(change.Id);
            _present[change.Id] = (registration, change.Revision);
            _history.Begin(registration);
            _held.Remove(change.Id);
        }
        else
        {
            RemoveOrHold(change.Id, now); // a restored backup of etcd has an old value: the member registers again
            if (_ignored.Count < MostIgnored && change.Id.Length <= LongestIgnored)
            {
                _ignored[change.Id] = reason;
            }
        }
    }

    // Without a key anybody may write any registration, so an old one needs no detection.
    private bool TryRead(MembershipChange change, [NotNullWhen(true)] out MemberRegistration? registration, [NotNullWhen(false)] out string? reason)
    {
        if (!proof.TryRead(change.Id, change.Json, out registration, out reason))
        {
            return false;
        }

        if (!proof.IsRequired || !_history.IsOld(registration))
        {
            return true;
        }

        reason = "the registration was replaced or removed before";
        return false;
    }

    private void RemoveOrHold(string id, TimeSpan now)
    {
        if (Remove(id) is { Leaving: false } gone && now < _holdUntil)
        {
            _held[id] = gone.Member;
        }
    }

    private MemberRegistration? Remove(string id)
    {
        if (!_present.Remove(id, out var gone))
        {
            return null;
        }

        _history.End(gone.Registration);
        return gone.Registration;
    }
}
