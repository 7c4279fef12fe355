using ChunkProxy.Web.Exchanges;
using Spectre.Console;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>A table that fits the width of a terminal: long names are shortened, and then the least important columns are left out.</summary>
/// <remarks>A file or a pipe gets all columns, and each row in one line.</remarks>
internal sealed class FittedTable
{
    private const int Gap = 2; // blanks between columns
    private const int LeastName = 12;

    private readonly Column[] _columns;
    private readonly List<(Style Style, string[] Cells)> _rows = [];

    /// <param name="columns">The columns. Their cells are never wrapped.</param>
    public FittedTable(params Column[] columns) => _columns = columns;

    public void Add(Style style, params string[] cells) => _rows.Add((style, cells));

    public void Show(CommandOutput output)
    {
        int[] shown = [.. Enumerable.Range(0, _columns.Length)];
        if (output.IsTerminal)
        {
            while (shown.Length > 1 && LeastWidth(shown) > output.Console.Profile.Width)
            {
                var least = shown.MaxBy(i => _columns[i].Rank);
                shown = [.. shown.Where(i => i != least)];
            }
        }

        var widths = shown.Select(WidthOf).ToArray();
        for (var over = output.IsTerminal ? widths.Sum() + (Gap * (shown.Length - 1)) - output.Console.Profile.Width : 0; over > 0;)
        {
            var names = Enumerable.Range(0, shown.Length).Where(i => _columns[shown[i]].IsName).ToArray();
            if (names is [])
            {
                break; // the terminal breaks the lines
            }

            var longest = names.MaxBy(i => widths[i]);
            var cut = Math.Min(over, Math.Max(1, widths[longest] - LeastName));
            widths[longest] -= cut;
            over -= cut;
        }

        var table = PlainTable.Of(shown.Select(i => _columns[i].Title));
        foreach (var (style, cells) in _rows)
        {
            table.Add(style, shown.Select((column, i) => _columns[column].IsName ? ShownText.Shorten(cells[column], Math.Max(2, widths[i])) : cells[column]));
        }

        output.Show(table);
    }

    private int LeastWidth(int[] shown) => shown.Sum(i => _columns[i].IsName ? Math.Min(LeastName, WidthOf(i)) : WidthOf(i)) + (Gap * (shown.Length - 1));

    private int WidthOf(int column) => Math.Max(_columns[column].Title.Length, _rows.Select(row => row.Cells[column].Length).DefaultIfEmpty().Max());

    /// <param name="Title">Its title.</param>
    /// <param name="Rank">0 for the most important one. The column with the highest rank is left out first.</param>
    /// <param name="IsName">Whether its cells may be shortened.</param>
    internal readonly record struct Column(string Title, int Rank, bool IsName = false);
}
