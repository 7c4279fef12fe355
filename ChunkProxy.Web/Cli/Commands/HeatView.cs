using ChunkProxy.Cache.Status;
using Spectre.Console;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Prints which parts of a film clients read most, as a row of bars below the chunk map.</summary>
internal static class HeatView
{
    public const string Title = "most replayed";

    private const string Bars = " ▁▂▃▄▅▆▇█";

    /// <param name="heat">The reads of each part.</param>
    /// <param name="sizeBytes">Size of the object; 0 for a film in segments.</param>
    /// <param name="names">Width of the names of strips.</param>
    /// <param name="width">Width of the strips.</param>
    /// <param name="output">Where it is printed.</param>
    public static void Show(HeatFigures heat, long sizeBytes, int names, int width, CommandOutput output)
    {
        var line = new Paragraph(Title.PadRight(names + 2)).Append(Draw(heat.Reads, width), new Style(Color.Red)).Append("\n");
        output.Show(line);
        var hottest = heat.Reads.Select((reads, part) => (reads, part)).MaxBy(it => it.reads).part;
        output.Line(heat.SegmentsInPart > 0
            ? $"Hottest: segments {hottest * heat.SegmentsInPart} to {((hottest + 1) * heat.SegmentsInPart) - 1}, of numbers up to {(heat.Reads.Count * heat.SegmentsInPart) - 1}."
            : $"Hottest: from {Amount.Bytes(sizeBytes * hottest / heat.Reads.Count)} to {Amount.Bytes(sizeBytes * (hottest + 1) / heat.Reads.Count)}.");
    }

    /// <summary>Returns a character for each cell: its height is the reads of the hottest part behind it, relative to the hottest of all.</summary>
    public static string Draw(IReadOnlyList<long> reads, int width)
    {
        var most = Math.Max(1, reads.Max());
        return string.Concat(Enumerable.Range(0, width).Select(cell =>
        {
            var first = cell * reads.Count / width;
            var end = Math.Max(first + 1, (cell + 1) * reads.Count / width);
            var hottest = Enumerable.Range(first, end - first).Max(part => reads[part]);
            return Bars[(int)Math.Ceiling((double)hottest * (Bars.Length - 1) / most)];
        }));
    }
}
