using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Status;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Web.CommandLine;

namespace ChunkProxy.Web.Status;

/// <summary>Puts together what the members say of themselves, and what this process thinks of them.</summary>
internal sealed class ClusterStatsReader(ClusterView cluster, IMembershipSource membership, ClusterStatusReader members, RecentEvents events)
{
    private const string Alone = "this process";
    private const int MostObjects = 20;

    /// <summary>Reads what is known here, and with <paramref name="askMembers"/> asks every member.</summary>
    public async Task<ClusterStats> ReadAsync(bool askMembers, CancellationToken cancellationToken)
    {
        var own = members.Own;
        var known = askMembers ? await members.AskAsync(cancellationToken) : members.Members();
        var processes = ProcessesOf(known, own);
        var health = membership.Health;
        return new ClusterStats(
            cluster.Self?.Id,
            own.Epoch,
            FieldName.Of(health.State),
            health.Registered,
            health.Problem,
            Of(members.Totals),
            known.Count > 0 ? [.. known.Select(member => Of(member, own))] : cluster.StandsAlone ? [OfThisAlone(own)] : [],
            [.. processes.SelectMany(it => it.Figures.Fills.Select(fill =>
                new FillUnderWayStats(it.Id, fill.Path, fill.Chunk, fill.FilledBytes, fill.LengthBytes, FieldName.Of(fill.Source))))],
            ObjectsOf(processes),
            [.. events.Read().Select(it => new EventStats(it.LastAt, FieldName.Of(it.Kind), it.Subject, it.Ending, it.Count))]);
    }

    /// <summary>Reads the totals alone, having asked every member.</summary>
    public async Task<TotalStats> ReadTotalsAsync(CancellationToken cancellationToken)
    {
        await members.AskAsync(cancellationToken);
        return Of(members.Totals);
    }

    private static List<(string Id, ProcessFigures Figures)> ProcessesOf(IReadOnlyList<MemberStatus> known, ProcessFigures own) =>
    [
        (known.FirstOrDefault(member => member.IsSelf)?.Member.Id ?? Alone, own),
        .. known.Where(member => !member.IsSelf && member.Figures is not null).Select(member => (member.Member.Id, member.Figures!)),
    ];

    private static TotalStats Of(ClusterTotals totals) => new(
        totals.ClientBytes,
        totals.OriginBytes,
        totals.SavedBytes,
        Enum.GetValues<ChunkSource>().Where(source => source is not (ChunkSource.Peer or ChunkSource.PeerOrigin)).ToDictionary(FieldName.Of, source => totals.Reads[(int)source]));

    // A chunk is counted at each member that has it: an owner, and whoever keeps a near copy.
    private static IReadOnlyList<ObjectStats> ObjectsOf(List<(string Id, ProcessFigures Figures)> processes) =>
    [
        .. processes
            .SelectMany(process => process.Figures.Objects)
            .GroupBy(held => (held.Path, held.SizeBytes))
            .Select(held => new ObjectStats(held.Key.Path, held.Key.SizeBytes, held.Sum(it => it.CachedChunks), held.Sum(it => it.Hits)))
            .OrderByDescending(held => held.CachedChunks)
            .Take(MostObjects),
    ];

    private static MemberStats Of(MemberStatus member, ProcessFigures own)
    {
        var figures = member.IsSelf ? own : member.Figures;
        return new MemberStats(
            member.Member.Id,
            member.IsSelf,
            FieldName.Of(member.Member.Role),
            member.Member.Version,
            member.Member.Weight,
            member.Share,
            FieldName.Of(member.State),
            member.Failure is { } failure ? FieldName.Of(failure) : null,
            figures?.Epoch,
            figures?.StartedAt ?? member.Member.StartedAt,
            Of(figures?.Memory),
            Of(figures?.Disk),
            figures?.DiskProblem,
            figures?.SuperHotProblem,
            figures?.FillsUnderWay,
            figures?.OriginBytes);
    }

    private static MemberStats OfThisAlone(ProcessFigures own) => new(
        Alone,
        IsSelf: true,
        Role: "node",
        ProductVersion.Number,
        Weight: 1,
        Share: 1,
        FieldName.Of(MemberState.Answers),
        Failure: null,
        own.Epoch,
        own.StartedAt,
        Of(own.Memory),
        Of(own.Disk),
        own.DiskProblem,
        own.SuperHotProblem,
        own.FillsUnderWay,
        own.OriginBytes);

    private static SpaceStats? Of(TierFigures? tier) => tier is null ? null : new SpaceStats(tier.BudgetBytes, tier.UsedBytes);
}
