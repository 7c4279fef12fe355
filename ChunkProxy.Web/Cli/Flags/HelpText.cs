using System.Text;

namespace ChunkProxy.Web.Cli.Flags;

/// <summary>Formats help pages.</summary>
internal static class HelpText
{
    private const int Width = 96;

    /// <summary>Appends a flag with its placeholder, its description and its default.</summary>
    public static StringBuilder AppendFlag(this StringBuilder page, Flag flag, int indent)
    {
        page.Append(' ', indent).Append(flag).Append(flag.Value is null ? "" : " " + flag.Value.Placeholder).Append('\n');
        return page.AppendWrapped(flag.Default is null ? flag.Help : $"{flag.Help} (default {flag.Default})", indent + 2);
    }

    /// <summary>Appends a command line. A long one continues on the next line after a backslash, as a shell reads it.</summary>
    public static StringBuilder AppendCommand(this StringBuilder page, string command, int indent)
    {
        var column = 0;
        foreach (var part in command.Split(" -").Select((part, i) => i == 0 ? part : "-" + part)) // a flag stays with its value
        {
            if (column == 0 || column + 1 + part.Length > Width - 2)
            {
                page.Append(column == 0 ? "" : " \\\n").Append(' ', column == 0 ? indent : indent + 2).Append(part);
                column = indent + part.Length;
            }
            else
            {
                page.Append(' ').Append(part);
                column += 1 + part.Length;
            }
        }

        return page.Append('\n');
    }

    public static StringBuilder AppendWrapped(this StringBuilder page, string text, int indent)
    {
        var column = 0;
        foreach (var word in text.Split(' '))
        {
            if (column == 0 || column + 1 + word.Length > Width)
            {
                page.Append(column == 0 ? "" : "\n").Append(' ', indent).Append(word);
                column = indent + word.Length;
            }
            else
            {
                page.Append(' ').Append(word);
                column += 1 + word.Length;
            }
        }

        return page.Append('\n');
    }
}
