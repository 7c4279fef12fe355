using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Draining;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Status;

/// <summary>Combines the status that the members report with the local view of them.</summary>
internal sealed class ClusterStatusReader(
    ClusterView cluster, IMembershipSource membership, PeerRequests peers, PeerBreakers breakers, ProcessFiguresReader figures, RecentEvents events, TimeProvider time)
{
    /// <summary>Id of a process that is not a member.</summary>
    public const string Alone = "this process";

    private const int MostObjects = 20;

    // Shortest interval between requests to the members, regardless of the number of viewers.
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(500);

    private readonly TotalsLedger _ledger = new(time.GetUtcNow());
    private readonly Lock _gate = new();
    private Task<Answer[]>? _last; // under _gate
    private long _lastAt; // under _gate
    private Epoch? _lastEpoch; // under _gate

    /// <summary>Reads the local state. With <paramref name="askMembers"/> it also asks every member.</summary>
    public async Task<ClusterStatus> ReadAsync(bool askMembers, CancellationToken cancellationToken)
    {
        var own = figures.Read();
        var all = askMembers ? await AskAsync(cancellationToken).ConfigureAwait(false) : [.. Known()];
        var self = all.FirstOrDefault(it => it.Status.IsSelf)?.Status.Label;
        (string Id, ProcessFigures Figures)[] processes =
            [(self ?? Alone, own), .. all.Where(it => !it.Status.IsSelf && it.Figures is not null).Select(it => (it.Status.Label, it.Figures!))];
        IEnumerable<MemberStatus> members =
            all.Length > 0 ? all.Select(it => it.Status.IsSelf ? it.Status.With(own) : it.Status) : cluster.IsStandAlone ? [OfThisProcess(own)] : [];
        return new ClusterStatus(
            cluster.Self?.Id,
            own.Epoch,
            membership.Health.State,
            membership.Health.Registered,
            membership.Health.Problem,
            Totals.Shown,
            [.. members.Select(member => member.Judged(own.Epoch))],
            [.. processes.SelectMany(process => process.Figures.Fills.Select(fill => fill with { Member = process.Id }))],
            ObjectsOf(processes),
            HotFigures.AddUp(processes.SelectMany(process => process.Figures.Hottest ?? []), MostObjects),
            HotFigures.AddUp(processes.SelectMany(process => process.Figures.Prefixes ?? []), MostObjects),
            events.Read());
    }

    /// <summary>Asks every member and returns the totals only.</summary>
    public async Task<ClusterTotals> ReadTotalsAsync(CancellationToken cancellationToken)
    {
        if (!cluster.IsStandAlone)
        {
            await AskAsync(cancellationToken).ConfigureAwait(false);
        }

        return Totals;
    }

    // Includes the other members as of their last response.
    private ClusterTotals Totals => figures.Totals + _ledger.Sum;

    private static MemberStatus OfThisProcess(ProcessFigures own) =>
        new MemberStatus(Alone, Name: "", IsSelf: true, MemberRole.Node, ProductVersion.Number, Weight: 1, Share: 1, MemberState.Answers, Failure: null).With(own);

    // A chunk counts at its owner, and at members with near copies.
    private static IReadOnlyList<HeldObject> ObjectsOf(IEnumerable<(string Id, ProcessFigures Figures)> processes) =>
    [
        .. HeldObject.AddUp(processes.SelectMany(process => process.Figures.Objects))
            .OrderByDescending(held => held.CachedChunks)
            .Take(MostObjects),
    ];

    // Callers share a result for the same members that is less than half a second old.
    private Task<Answer[]> AskAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var epoch = cluster.Owners.Epoch;
            if (_last is null || _lastEpoch != epoch || time.GetElapsedTime(_lastAt) >= Freshness)
            {
                _lastEpoch = epoch;
                _lastAt = time.GetTimestamp();
                _last = Task.WhenAll(Known().Select(AskAsync));
            }

            return _last.WaitAsync(cancellationToken);
        }
    }

    private async Task<Answer> AskAsync(Answer unasked)
    {
        var (member, isDrained, known, _) = unasked;
        if (known.IsSelf)
        {
            return unasked;
        }

        var answer = await peers.AskAsync(member, PoolProtocol.StatusPath, [], StatusJson.Default.ProcessFigures, CancellationToken.None).ConfigureAwait(false);
        if (answer is not null)
        {
            _ledger.Note(member.Id, answer);
        }

        return known.State is MemberState.Avoided ? unasked
            : answer is null ? unasked with { Status = known with { State = MemberState.Silent } }
            : unasked with { Status = (known with { State = Answering(isDrained, answer.Drain) }).With(answer), Figures = answer };
    }

    private static MemberState Answering(bool isDrained, DrainState drain) =>
        !isDrained ? MemberState.Answers : drain is DrainState.Draining ? MemberState.Draining : MemberState.Drained;

    private IEnumerable<Answer> Known()
    {
        var members = cluster.Owners.Epoch.Members;
        var weights = members.Sum(member => member.Weight);
        foreach (var member in cluster.MembersAndDrained)
        {
            var isSelf = member.Id == cluster.Self?.Id;
            var isDrained = members.All(it => it.Id != member.Id);
            PeerReadOutcome? failure = breakers.Open.TryGetValue(member.Id, out var why) ? why : null;
            var state = isSelf ? Answering(isDrained, figures.Drain)
                : failure is not null ? MemberState.Avoided
                : isDrained ? MemberState.Drained
                : MemberState.Unasked;
            var status = new MemberStatus(
                member.Id, member.Name, isSelf, member.Role, member.Version, member.Weight, isDrained ? 0 : member.Weight / weights, state, failure, StartedAt: member.StartedAt);
            yield return new Answer(member, isDrained, status, Figures: null);
        }
    }

    private sealed record Answer(Member Member, bool IsDrained, MemberStatus Status, ProcessFigures? Figures);
}
