using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Peers;

/// <summary>Asks members one after the other: a chunk's owner, then its stand-ins; or its former owners. All reads, fills and look-ups at members use it.</summary>
/// <param name="members">The members, in the order in which they are asked.</param>
/// <param name="askedLater">The members that the read asks after these. They are pinged with them.</param>
/// <param name="health">Checks the members.</param>
/// <param name="origin">The circuit breaker of the chunk's origin.</param>
/// <param name="time">The clock.</param>
internal sealed class MemberWalk(
    IReadOnlyList<Member> members, IEnumerable<Member> askedLater, PeerHealth health, OriginBreaker origin, TimeProvider time)
{
    // How long a member that has answered its ping waits for one before it. If two processes asked different stand-ins, both would ask the origin.
    private static readonly TimeSpan Precedence = TimeSpan.FromMilliseconds(50);

    private IReadOnlyList<Member> _members = members; // those before _next have been asked
    private int _next;
    private Dictionary<string, Task>? _pings; // by member
    private long _askedAt; // when the last member was asked

    /// <summary>Returns the next member to ask; null if none is left and this process must continue on its own.</summary>
    public Member? Next()
    {
        _askedAt = origin.Now;
        return _next < _members.Count ? _members[_next++] : null;
    }

    /// <summary>Returns the last member once more, which has sent the part that it was asked for.</summary>
    public Member Again()
    {
        _askedAt = origin.Now;
        return _members[_next - 1];
    }

    /// <summary>Returns whether an error that the last member reports is final for the read: asking the origin from here would not help.</summary>
    /// <param name="error">The error.</param>
    /// <param name="cancellationToken">Cancels the wait for a probe of the origin.</param>
    public ValueTask<bool> IsFinalAsync(ProxyError error, CancellationToken cancellationToken) => origin.IsFinalAsync(error, _askedAt, cancellationToken);

    /// <summary>Records that the last member returned nothing, or not everything.</summary>
    /// <param name="outcome">
    /// The outcome of the request. After a silent member, all members that the read may still ask are pinged at once, and the first that answers is asked:
    /// any number of hung members costs one wait. If this process has no place for a further read, no other member is asked.
    /// </param>
    /// <param name="error">
    /// The origin error that the member reported, and that is not final. No other member is asked then: this process asks the origin.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait for answers to pings.</param>
    public Task PassAsync(PeerReadOutcome outcome, ProxyError error, CancellationToken cancellationToken)
    {
        if (error is not (ProxyError.None or ProxyError.Overloaded) || outcome is PeerReadOutcome.NoPlace)
        {
            _next = _members.Count;
        }

        if (outcome is PeerReadOutcome.Silent)
        {
            _pings ??= Ping(_members.Skip(_next).Concat(askedLater));
        }

        return _pings is { } pings && _next < _members.Count ? ChooseNextAsync(pings, cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Pings the members after the next one while that one is asked, because they are suspected already.</summary>
    public void PingAhead() => _pings = Ping(_members.Skip(_next + 1));

    private Dictionary<string, Task> Ping(IEnumerable<Member> suspects) =>
        suspects.DistinctBy(member => member.Id).ToDictionary(member => member.Id, health.CheckAsync);

    // Waits for the ping of the next member. If a member after it answers first, that one becomes the next.
    private async Task ChooseNextAsync(Dictionary<string, Task> pings, CancellationToken cancellationToken)
    {
        var next = pings[_members[_next].Id];
        var others = _members.Skip(_next + 1).ToArray();
        while (!next.IsCompleted)
        {
            if (others.FirstOrDefault(member => pings[member.Id].IsCompleted && !health.IsAvoided(member)) is { } answered)
            {
                await Task.WhenAny(next, Task.Delay(Precedence, time, CancellationToken.None)).WaitAsync(cancellationToken).ConfigureAwait(false);
                if (!next.IsCompleted)
                {
                    _members = [.. _members.Take(_next), answered, .. _members.Skip(_next).Where(member => member != answered)];
                }

                return;
            }

            await Task.WhenAny(others.Select(member => pings[member.Id]).Where(static ping => !ping.IsCompleted).Append(next))
                .WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
