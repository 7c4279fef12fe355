using System.Globalization;
using ChunkProxy.Cache.Status;
using ChunkProxy.Web.Operations.Status;
using Spectre.Console;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Prints the hottest objects and paths of the cluster. Fits a terminal of 24 lines.</summary>
internal static class TopView
{
    private const int MostObjects = 10;
    private const int MostPrefixes = 5;

    public static void Show(StatsAnswer stats, string node, DateTimeOffset now, CommandOutput output)
    {
        var (objects, prefixes) = (stats.Cluster.Hottest ?? [], stats.Cluster.Prefixes ?? []); // older versions of the node omit them
        output.Line(string.Create(CultureInfo.InvariantCulture, $"{node} at {now:HH:mm:ss} UTC, {Amount.Of(stats.Clients.Connections, "client connection", "client connections")}, last 30 to 60 s"));
        output.Blank();
        if (objects is [])
        {
            output.Line("No reads of clients yet.");
            return;
        }

        ShowTable("OBJECT", objects.Take(MostObjects), output);
        output.Blank();
        ShowTable("PATHS", prefixes.Take(MostPrefixes), output);
    }

    private static void ShowTable(string title, IEnumerable<HotFigures> figures, CommandOutput output)
    {
        var table = new FittedTable(new("VIEWERS", 1), new("READS/S", 4), new("HITS", 2), new("RATE", 3), new("SENT", 5), new(title, 0, IsName: true));
        foreach (var it in figures)
        {
            table.Add(
                Style.Plain,
                it.Viewers.ToString(CultureInfo.InvariantCulture),
                it.ReadsPerSecond.ToString(it.ReadsPerSecond < 10 ? "F1" : "F0", CultureInfo.InvariantCulture),
                it.ReadsPerSecond > 0 ? Amount.Percent(it.HitRatio) : "-",
                Amount.Bytes((long)it.BytesPerSecond) + "/s",
                Amount.Bytes(it.Bytes),
                it.IsOfSegments ? it.Path + "*" : it.Path);
        }

        table.Show(output);
    }
}
