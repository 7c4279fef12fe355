using ChunkProxy.Web.Exchanges;
using Spectre.Console;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>A table of columns and blanks, which tools can cut as well as people can read it.</summary>
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

    /// <summary>Adds a row; texts of others are shown as text, whatever is in them.</summary>
    public static void Add(this Table table, Style style, params IEnumerable<string> cells) =>
        table.AddRow(cells.Select(cell => new Text(ShownText.Shorten(cell, LongestCell), style)));
}
