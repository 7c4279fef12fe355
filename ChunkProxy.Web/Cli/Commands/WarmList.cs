namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Reads a list of objects: one path or URL on each line. Empty lines, and lines that begin with a number sign, are skipped.</summary>
internal static class WarmList
{
    /// <summary>The name of the standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>Most objects of a list.</summary>
    public const int MostObjects = 1_000_000;

    /// <exception cref="InvalidDataException">The list has too many objects.</exception>
    public static IReadOnlyList<string> Read(TextReader reader)
    {
        var objects = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Trim() is not ("" or ['#', ..]) and var name)
            {
                objects.Add(objects.Count < MostObjects ? name : throw new InvalidDataException($"more than {MostObjects} objects"));
            }
        }

        return objects;
    }
}
