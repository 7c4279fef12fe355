using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Status;

/// <summary>Asks every member how it is, and which chunks of an object it has.</summary>
internal sealed class ClusterStatusReader(ClusterView cluster, PeerQuestions peers, PeerBreakers breakers, ProcessFiguresReader figures, ProcessMapReader maps, TimeProvider time)
{
    // However many look at the page, the members are asked this often.
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(500);

    private readonly TotalsLedger _ledger = new(time.GetUtcNow());
    private readonly Lock _gate = new();
    private Task<IReadOnlyList<MemberStatus>>? _last; // under _gate
    private long _lastAt; // under _gate
    private Epoch? _lastEpoch; // under _gate

    /// <summary>This process: a member or not.</summary>
    public ProcessFigures Own => figures.Read();

    /// <summary>What all did together since this process started, as of when the others were last asked.</summary>
    public ClusterTotals Totals => figures.Totals + _ledger.Sum;

    /// <summary>The members, without asking them.</summary>
    public IReadOnlyList<MemberStatus> Members() => [.. Known().Select(known => known.IsSelf ? known.Answering(figures.Drain) : known)];

    /// <summary>The members with what the others say of themselves; a look at the same members that is less than half a second old serves others too.</summary>
    public Task<IReadOnlyList<MemberStatus>> AskAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var epoch = cluster.Owners.Epoch;
            if (_last is null || _lastEpoch != epoch || time.GetElapsedTime(_lastAt) >= Freshness)
            {
                _lastEpoch = epoch;
                _lastAt = time.GetTimestamp();
                _last = AskAllAsync();
            }

            return _last.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The maps of an object at this process and at every other member. Null: nobody knows the object.</summary>
    public async Task<ClusterMap?> ReadMapAsync(ObjectId id, CancellationToken cancellationToken)
    {
        var others = Known().Where(known => !known.IsSelf).Select(known => known.Member).ToList();
        var version = await maps.FindVersionAsync(id, cancellationToken).ConfigureAwait(false)
            ?? await AskForVersionAsync(others, id, cancellationToken).ConfigureAwait(false);
        return version is null
            ? null
            : new ClusterMap(maps.Read(version), await AskMapsAsync(others, id, version, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The maps of one version of an object at this process and at every other member.</summary>
    public async Task<ClusterMap> ReadMapAsync(ObjectVersion version, CancellationToken cancellationToken)
    {
        var others = Known().Where(known => !known.IsSelf).Select(known => known.Member).ToList();
        return new ClusterMap(maps.Read(version), await AskMapsAsync(others, version.Id, version, cancellationToken).ConfigureAwait(false));
    }

    // A member that owns some chunk of an object need not know the object: who asked it for the chunk knew the version.
    private async Task<ObjectVersion?> AskForVersionAsync(List<Member> others, ObjectId id, CancellationToken cancellationToken)
    {
        var maps = await AskMapsAsync(others, id, version: null, cancellationToken).ConfigureAwait(false);
        return maps.Select(answer => answer.Map).FirstOrDefault(map => map is not null) is { } known
            ? VersionToken.TryRead(known.Token, id, (int)known.ChunkSizeBytes)
            : null;
    }

    private async Task<IReadOnlyList<(Member Member, ProcessMap? Map)>> AskMapsAsync(
        List<Member> others, ObjectId id, ObjectVersion? version, CancellationToken cancellationToken) =>
        await Task.WhenAll(others.Select(async member => (member, await AskMapAsync(member, id, version, cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);

    private async Task<IReadOnlyList<MemberStatus>> AskAllAsync() => await Task.WhenAll(Known().Select(AskAsync)).ConfigureAwait(false);

    private async Task<MemberStatus> AskAsync(MemberStatus known)
    {
        if (known.IsSelf)
        {
            return known.Answering(figures.Drain);
        }

        var answer = await peers.AskAsync(known.Member, PoolProtocol.StatusPath, [], StatusJson.Default.ProcessFigures, CancellationToken.None).ConfigureAwait(false);
        if (answer is not null)
        {
            _ledger.Note(known.Member.Id, answer);
        }

        return known.State is MemberState.Avoided ? known
            : answer is null ? known with { State = MemberState.Silent }
            : known.Answered(answer);
    }

    private Task<ProcessMap?> AskMapAsync(Member member, ObjectId id, ObjectVersion? version, CancellationToken cancellationToken) =>
        peers.AskAsync(
            member,
            PoolProtocol.MapPath,
            version is null ? [(PoolProtocol.Object, id.PathAndQuery)] : [(PoolProtocol.Object, id.PathAndQuery), (PoolProtocol.Version, version.Token)],
            StatusJson.Default.ProcessMap,
            cancellationToken);

    private IEnumerable<MemberStatus> Known()
    {
        var members = cluster.Owners.Epoch.Members;
        var weights = members.Sum(member => member.Weight);
        foreach (var (member, isDrained) in members.Select(member => (member, false))
            .Concat(cluster.Drained.Where(member => members.All(it => it.Id != member.Id)).Select(member => (member, true)))
            .OrderBy(it => it.member.Id, StringComparer.Ordinal))
        {
            PeerReadOutcome? failure = breakers.Open.TryGetValue(member.Id, out var why) ? why : null;
            yield return new MemberStatus(
                member,
                member.Id == cluster.Self?.Id,
                isDrained ? 0 : member.Weight / weights,
                failure is not null ? MemberState.Avoided : isDrained ? MemberState.Drained : MemberState.Unasked,
                failure,
                Figures: null,
                isDrained);
        }
    }
}
