using ChunkProxy.Cache.Status;
using ChunkProxy.Web.Exchanges;
using Spectre.Console;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Prints a chunk map: one strip for the cluster, and one for each member.</summary>
internal static class MapView
{
    private const string Anywhere = "anywhere";
    private const int LongestPath = 200;
    private const int LongestMember = 40;
    private const int LeastStrip = 20;
    private const int Beside = 10; // blanks and the share
    private const int Marks = 4;

    private static readonly (MapCell Cell, char Letter, Color Color, string Says)[] Legend =
    [
        (MapCell.Memory, '█', Color.Green, "in memory"),
        (MapCell.Disk, '▓', Color.Blue, "on disk"),
        (MapCell.Part, '░', Color.Yellow, "part of it"),
        (MapCell.Filling, '»', Color.Fuchsia, "being filled"),
        (MapCell.Nothing, '·', Color.Grey, "not cached"),
    ];

    public static void Show(ClusterMap map, CommandOutput output)
    {
        if (map is { Members: [], Heat: { } ofFolder })
        {
            output.Line($"{ShownText.Shorten(map.Path, LongestPath)}: a film in segments; 'map' of a segment shows its chunks");
            output.Blank();
            HeatView.Show(ofFolder, sizeBytes: 0, Math.Max(HeatView.Title.Length, Anywhere.Length), Math.Max(LeastStrip, output.PictureWidth - HeatView.Title.Length - Beside), output);
            return;
        }

        var everywhere = map.Members.SelectMany(member => member.Runs ?? []).ToList();
        output.Line(
            $"{ShownText.Shorten(map.Path, LongestPath)}: {Amount.Bytes(map.SizeBytes)}, {Amount.Of(map.Chunks, "chunk", "chunks")} of {Amount.Bytes(map.ChunkSizeBytes)}, version {map.Validator}");
        output.Line(
            $"{Amount.Percent(Share(map.CachedChunks, map.Chunks))} cached: {map.CachedChunks} of {map.Chunks}, {ChunkRun.CountChunks(everywhere, run => run.Memory is MemoryPresence.Whole)} in memory, "
            + $"{ChunkRun.CountChunks(everywhere, run => run.Disk)} on disk, {ChunkRun.CountChunks(everywhere, run => run.Filling)} being filled");
        if (map.Chunks == 0)
        {
            return;
        }

        var names = Math.Clamp(map.Members.Max(member => member.Member.Length), map.Heat is null ? Anywhere.Length : HeatView.Title.Length, LongestMember);
        var width = Math.Max(LeastStrip, output.PictureWidth - names - Beside);
        output.Blank();
        ShowStrip(Anywhere, names, everywhere, map, width, output);
        if (map.Members.Count > 1)
        {
            foreach (var member in map.Members)
            {
                ShowStrip(member.Member, names, member.Runs, map, width, output);
            }
        }

        output.Page(Ruler(map.SizeBytes, names + 2, width));
        output.Show(LegendLine());
        output.Blank();
        if (map.Heat is { } heat)
        {
            HeatView.Show(heat, map.SizeBytes, names, width, output);
        }
    }

    private static void ShowStrip(string name, int names, IReadOnlyList<ChunkRun>? runs, ClusterMap map, int width, CommandOutput output)
    {
        var line = new Paragraph(ShownText.Shorten(name, names).PadRight(names + 2));
        if (runs is null)
        {
            output.Show(line.Append("did not answer\n", new Style(Color.Red)));
            return;
        }

        var cells = MapStrip.Draw(runs, map.Chunks, width);
        for (var i = 0; i < cells.Length;)
        {
            var length = cells.AsSpan(i).IndexOfAnyExcept(cells[i]) is >= 0 and var next ? next : cells.Length - i;
            var (_, letter, color, _) = Legend.First(it => it.Cell == cells[i]);
            line.Append(new string(letter, length), new Style(color));
            i += length;
        }

        var cached = ChunkRun.CountChunks(runs, run => run.IsWhole);
        output.Show(line.Append($"  {Amount.Percent(Share(cached, map.Chunks))}\n"));
    }

    // Draws sizes at equal distances below the strip. The last one is right-aligned to its end.
    private static string Ruler(long size, int indent, int width)
    {
        var line = new string(' ', indent + width).ToCharArray();
        for (var i = 0; i <= Marks; i++)
        {
            var mark = i == 0 ? "0" : Amount.Bytes(size * i / Marks);
            mark.CopyTo(line.AsSpan(indent + Math.Max(0, (width * i / Marks) - (i == 0 ? 0 : i == Marks ? mark.Length : mark.Length / 2))));
        }

        return new string(line);
    }

    private static Paragraph LegendLine()
    {
        var line = new Paragraph();
        foreach (var (_, letter, color, says) in Legend)
        {
            line.Append($"{letter}", new Style(color)).Append($" {says}  ");
        }

        return line.Append("\n");
    }

    private static double Share(long part, long all) => all == 0 ? 1 : (double)part / all;
}
