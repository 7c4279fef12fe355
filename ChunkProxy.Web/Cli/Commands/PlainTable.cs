using ChunkProxy.Web.Exchanges;
using Spectre.Console;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>A table without borders, for people and for tools such as <c>awk</c>.</summary>
internal static class PlainTable
{
    private const int LongestCell = 120;

    public static Table Of(params IEnumerable<string> columns)
    {
        var table = new Table { Border = TableBorder.None, ShowRowSeparators = false };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Dim))) { Padding = new Padding(0, 0, 2, 0), NoWrap = true });
        }

        return table;
    }

    /// <summary>Adds a row. Cells are shown as plain text; markup in them has no effect.</summary>
    public static void Add(this Table table, Style style, params IEnumerable<string> cells) =>
        table.AddRow(cells.Select(cell => new Text(ShownText.Shorten(cell, LongestCell), style)));
}
