using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Status;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Operations.Status;
using Spectre.Console;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Prints the statistics: origin traffic saved, then members with problems, then current activity.</summary>
internal static class StatusView
{
    private const int MostFills = 10;
    private const int MostSlowReads = 5;
    private const int MostEvents = 5;

    private static readonly Style Bad = new(Color.Red);
    private static readonly Style Warning = new(Color.Yellow);

    public static void Show(StatsAnswer stats, string node, CommandOutput output)
    {
        var cluster = stats.Cluster;
        output.Line($"ChunkProxy {(output.IsTerminal ? stats.Version.Split('+')[0] : stats.Version)} at {node}, up {Amount.Age(TimeSpan.FromSeconds(stats.UptimeSeconds))}, chunks of {Amount.Bytes(stats.ChunkSizeBytes)}");
        output.Line(Saved(cluster.Totals));
        output.Line(Reads(cluster.Totals.ByTier));
        if (cluster.Problem is { } problem)
        {
            output.Line($"Problem: {problem}");
        }

        if (stats.Origin.DegradedReason is { } reason)
        {
            output.Line($"Origin: {reason}");
        }

        output.Blank();
        output.Line($"Members: {cluster.Members.Count}, epoch {cluster.Epoch}{(cluster.Coordination is CoordinationState.NotUsed ? "" : $", etcd: {NameWords.Of(cluster.Coordination)}")}");
        ShowMembers(cluster, output);
        ShowDisks(cluster, output);
        ShowFills(cluster.Fills, output);
        ShowSlowest(stats.Slowest ?? [], output); // older versions of the node omit it
        ShowEvents(cluster.Events, output);
    }

    private static string Saved(TotalFigures totals) => totals.ClientBytes == 0
        ? "Origin traffic saved: no reads yet"
        : $"Origin traffic saved: {Amount.Percent(1 - ((double)totals.OriginBytes / totals.ClientBytes))} ({Amount.Bytes(totals.ClientBytes)} to clients, {Amount.Bytes(totals.OriginBytes)} from the origin)";

    private static string Reads(IReadOnlyDictionary<ChunkSource, long> byTier)
    {
        var all = byTier.Values.Sum();
        return all == 0
            ? "Reads: none yet"
            : "Reads: " + string.Join(", ", byTier.Where(tier => tier.Value > 0).Select(tier => $"{NameWords.Of(tier.Key)} {Amount.Percent((double)tier.Value / all)}"));
    }

    private static void ShowMembers(ClusterStatus cluster, CommandOutput output)
    {
        var table = new FittedTable(
            new("MEMBER", 0, IsName: true), new("STATE", 1, IsName: true), new("SHARE", 5), new("MEMORY", 3), new("DISK", 4), new("FROM ORIGIN", 2), new("FILLS", 7), new("UP", 6));
        foreach (var member in cluster.Members)
        {
            table.Add(
                StyleOf(member.Verdict),
                member.IsSelf && cluster.Members.Count > 1 ? member.Label + " (asked)" : member.Label,
                member.VerdictText is { Length: > 0 } text ? text : NameWords.Of(member.State), // older versions of the node omit the verdict
                Amount.Percent(member.Share),
                Of(member.Memory),
                Of(member.Disk),
                member.OriginBytes is { } bytes ? Amount.Bytes(bytes) : "-",
                member.FillsUnderWay?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-",
                member.StartedAt is { } start ? Amount.Age(TimeProvider.System.GetUtcNow() - start) : "-");
        }

        table.Show(output);
    }

    private static Style StyleOf(MemberVerdict verdict) =>
        verdict >= MemberVerdict.Silent ? Bad : verdict >= MemberVerdict.OtherMembership ? Warning : Style.Plain;

    private static void ShowDisks(ClusterStatus cluster, CommandOutput output)
    {
        var disks = cluster.Members.SelectMany(member => member.Disks ?? [], static (member, disk) => (member, disk)).ToList();
        if (disks is [])
        {
            return;
        }

        output.Blank();
        output.Line("Directories of the disk cache");
        var table = PlainTable.Of("MEMBER", "DIRECTORY", "STATE", "DISK", "FILES");
        foreach (var (member, disk) in disks)
        {
            table.Add(
                disk.DegradedReason is null ? Style.Plain : Warning,
                member.Label,
                disk.Directory,
                disk.DegradedReason is { } reason ? $"unavailable: {reason}" : disk.IsScanFinished ? "healthy" : "being scanned",
                Of(new TierFigures(disk.BudgetBytes, disk.UsedBytes)),
                $"{disk.Files}");
        }

        output.Show(table);
    }

    private static string Of(TierFigures? space) => space is null ? "-" : $"{Amount.Bytes(space.UsedBytes)} of {Amount.Bytes(space.BudgetBytes)}";

    private static void ShowFills(IReadOnlyList<FillFigures> fills, CommandOutput output)
    {
        if (fills is [])
        {
            return;
        }

        output.Blank();
        output.Line($"Fills in progress: {fills.Count}");
        var table = new FittedTable(new("PATH", 0, IsName: true), new("CHUNK", 3), new("FILLED", 1), new("FROM", 2), new("AT", 4, IsName: true));
        foreach (var fill in fills.Take(MostFills))
        {
            table.Add(Style.Plain, fill.Path, $"{fill.Chunk}", Amount.Percent((double)fill.FilledBytes / fill.LengthBytes), NameWords.Of(fill.Source), fill.Member ?? "-");
        }

        table.Show(output);
    }

    private static void ShowSlowest(IReadOnlyList<SlowRead> reads, CommandOutput output)
    {
        if (reads is [])
        {
            return;
        }

        output.Blank();
        output.Line("Slowest reads of this process, last 15 minutes");
        var table = new FittedTable(
            new("WAITED", 0), new("FIRST BYTE", 6), new("TOTAL", 4), new("SENT", 5), new("STATUS", 2, IsName: true), new("FROM", 3, IsName: true), new("PATH", 1, IsName: true), new("RANGE", 7, IsName: true));
        foreach (var read in reads.Take(MostSlowReads))
        {
            table.Add(
                read.Status >= 500 || read.Ending is ResponseEnding.ReadFailed or ResponseEnding.Faulted ? Bad : Style.Plain,
                Seconds(read.WaitedSeconds),
                read.FirstByteSeconds is { } first ? Seconds(first) : "never",
                Seconds(read.TotalSeconds),
                Amount.Bytes(read.SentBytes),
                read.Ending is ResponseEnding.Completed ? $"{read.Status}" : $"{read.Status} {NameWords.Of(read.Ending)}",
                read.Sources is [] ? "-" : string.Join('+', read.Sources.Select(NameWords.Of)),
                read.Path,
                read.Range ?? "-");
        }

        table.Show(output);
    }

    private static void ShowEvents(IReadOnlyList<RecentEvent> events, CommandOutput output)
    {
        if (events is [])
        {
            return;
        }

        output.Blank();
        output.Line("Recent events");
        var table = new FittedTable(new("AGO", 2), new("EVENT", 0), new("SUBJECT", 1, IsName: true), new("OUTCOME", 3, IsName: true), new("COUNT", 4));
        foreach (var it in events.Take(MostEvents))
        {
            table.Add(Style.Plain, Amount.Age(TimeProvider.System.GetUtcNow() - it.LastAt), NameWords.Of(it.Kind), it.Subject, it.Ending, $"{it.Count}");
        }

        table.Show(output);
    }

    private static string Seconds(double seconds) => Amount.Time(TimeSpan.FromSeconds(seconds));
}
