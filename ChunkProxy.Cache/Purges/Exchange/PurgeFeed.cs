using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>Receives purges from the other members for the lifetime of the process.</summary>
/// <remarks>
/// This process listens to one member, whose response waits for news (long polling). That also shows that this process is neither cut off nor just
/// resumed. It asks one other member from time to time, so that eventually all processes receive what any of them knows. After a start or a hang it
/// asks all members before it answers requests.
/// </remarks>
internal sealed class PurgeFeed : IAsyncDisposable
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(100);

    private readonly ClusterView _cluster;
    private readonly IMembershipSource _membership;
    private readonly PurgeSync _sync;
    private readonly PurgeFreshness _freshness;
    private readonly PurgeTimes _times;
    private readonly bool _hasDisk;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly AsyncSignal _membersChanged = new();
    private Task? _catchingUp; // under _gate
    private Task _loops = Task.CompletedTask;
    private readonly int _firstTurn = Random.Shared.Next(1000); // random, so that not all processes listen to the same member
    private volatile string? _source; // the member that this process listens to
    private volatile bool _hasSeenOthers;

    public PurgeFeed(
        ClusterView cluster,
        IMembershipSource membership,
        PurgeSync sync,
        PurgeFreshness freshness,
        PeerBreakers breakers,
        PurgeTimes times,
        ILogger<PurgeFeed> log,
        DiskTier? disk = null)
    {
        _cluster = cluster;
        _membership = membership;
        _sync = sync;
        _freshness = freshness;
        _times = times;
        _hasDisk = disk is not null;
        _log = log;
        breakers.CameBack += peer => _ = CheckMemberAsync(peer);
    }

    private List<Member> Others => [.. _cluster.Owners.Epoch.Members.Where(member => member.Id != _cluster.Self?.Id)];

    /// <summary>Starts listening. From now on the process answers requests only while it is current.</summary>
    public void Start()
    {
        _freshness.DependOn(CatchUpAsync);
        _membership.Changed += _ => OnMembersChanged();
        using (ExecutionContext.SuppressFlow())
        {
            _loops = Task.WhenAll(Task.Run(ListenAsync), Task.Run(CheckMembersAsync));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await _loops.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // not disposed: requests may still use its token
        }
    }

    // Concurrent requests share one round of questions to the members.
    private Task CatchUpAsync()
    {
        lock (_gate)
        {
            if (_catchingUp is null or { IsCompleted: true })
            {
                _catchingUp = Task.Run(AskAllAsync);
            }

            return _catchingUp;
        }
    }

    private async Task AskAllAsync()
    {
        var isFirst = !_hasSeenOthers;
        if (isFirst)
        {
            await WaitForMembersAsync().ConfigureAwait(false);
        }

        var begun = _times.Clock.GetUtcNow();
        var (others, answered) = await QueryEachAsync().ConfigureAwait(false);

        // All processes may have started at once, this one first. Content on its disk may have been purged while it was stopped.
        while (isFirst && _hasDisk && others.Count > 0 && !answered.Contains(true) && _times.Clock.GetUtcNow() - begun < _times.Lapse && !_stop.IsCancellationRequested)
        {
            await ((Task)Task.Delay(AskAgainAfter, _times.Clock, _stop.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            (others, answered) = await QueryEachAsync().ConfigureAwait(false);
        }

        // This process is current only while a member waits for it on purges. A purge that reaches the member before this process listens is in the
        // response; a later purge waits for this process.
        var asked = _times.Clock.GetUtcNow();
        _source = null;
        for (var i = 0; i < others.Count && _source is null; i++)
        {
            var turn = (_firstTurn + i) % others.Count;
            asked = _times.Clock.GetUtcNow();
            _source = answered[turn] && await QueryAsync(others[turn], PurgeQueryKind.Subscribe).ConfigureAwait(false) ? others[turn].Id : null;
        }

        _freshness.Renew(asked + _times.Lapse); // even without any answer: cut off from all others, it continues with what it has
        OnFirstMembers(); // members may have joined just before
    }

    private async Task<(List<Member> Others, bool[] Answered)> QueryEachAsync()
    {
        var others = Others;
        _hasSeenOthers |= others.Count > 0;
        return (others, await Task.WhenAll(others.Select(member => QueryAsync(member, PurgeQueryKind.Read))).ConfigureAwait(false));
    }

    private async Task<bool> QueryAsync(Member member, PurgeQueryKind asking)
    {
        using var limit = new TimeLimit(_times.QueryTimeout, _times.Clock, _stop.Token);
        return await _sync.AskAsync(member, asking, limit.Token).ConfigureAwait(false);
    }

    // Right after the start, etcd may not have listed the members yet, and the disk may hold content that was purged meanwhile.
    private async Task WaitForMembersAsync()
    {
        var changed = _membersChanged.Next; // before the look, so that members that join after it end the wait
        if (_hasDisk && Others is [] && _membership.Health.State is CoordinationState.NeverSeen)
        {
            await changed.WaitAsync(_times.Lapse, _times.Clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var asked = _times.Clock.GetUtcNow();
                var changed = _membersChanged.Next; // before the look, so that members that join during the questions end the wait
                if (Others.Find(member => member.Id == _source) is { } source && await _sync.AskAsync(source, PurgeQueryKind.LongPoll, _stop.Token).ConfigureAwait(false))
                {
                    _freshness.Renew(asked + _times.Lapse);
                    continue;
                }

                await CatchUpAsync().ConfigureAwait(false);
                if (_source is null)
                {
                    await ((Task)changed.WaitAsync(_times.LongPollTime, _times.Clock, _stop.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
            catch (Exception error) when (!_stop.IsCancellationRequested)
            {
                _log.PurgeFailedUnexpectedly(error);
                await ((Task)Task.Delay(_times.LongPollTime, _times.Clock, _stop.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task CheckMembersAsync()
    {
        for (var turn = 0; !_stop.IsCancellationRequested; turn++)
        {
            await ((Task)Task.Delay(_times.LongPollTime, _times.Clock, _stop.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (Others is { Count: > 0 } others && !_stop.IsCancellationRequested)
            {
                await CheckMemberAsync(others[turn % others.Count].Id).ConfigureAwait(false);
            }
        }
    }

    private async Task CheckMemberAsync(string id)
    {
        try
        {
            if (Others.Find(member => member.Id == id) is { } member)
            {
                await _sync.AskAsync(member, PurgeQueryKind.Read, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // The process ends.
        }
        catch (Exception error)
        {
            _log.PurgeFailedUnexpectedly(error);
        }
    }

    private void OnMembersChanged()
    {
        _membersChanged.Raise();
        OnFirstMembers();
    }

    // Called when there may be other members for the first time.
    private void OnFirstMembers()
    {
        if (!_hasSeenOthers && Others.Count > 0)
        {
            _freshness.DependOn(CatchUpAsync);
        }
    }
}
