using System.Text;

namespace ChunkProxy.Packaging;

/// <summary>The file THIRD-PARTY-NOTICES: the packages that are shipped, by licence, with the text of each licence.</summary>
/// <remarks>It has no version numbers, so that it changes with what is shipped and not with each update. The bill of materials has them.</remarks>
internal static class Notices
{
    private const string Rule = "--------------------------------------------------------------------------------";

    public static string Of(IReadOnlyCollection<ShippedPackage> packages)
    {
        var text = new StringBuilder("ChunkProxy is shipped with the packages below. Their licences follow.\n");
        foreach (var licence in packages.GroupBy(it => it.Licence).OrderBy(it => it.Key, StringComparer.Ordinal))
        {
            text.Append('\n').Append(Rule).Append('\n').Append(licence.Key).Append('\n').Append(Rule).Append("\n\n");
            foreach (var package in licence)
            {
                text.Append(package.Id).Append('\n').Append("    ").Append(package.Copyright).Append('\n');
                if (package.ProjectUrl is { } url)
                {
                    text.Append("    ").Append(url).Append('\n');
                }
            }

            text.Append('\n').Append(TextOf(licence.Key)).Append('\n');
        }

        foreach (var notice in packages.SelectMany(it => it.Notices.Select(notice => (it.Id, Text: notice))).GroupBy(it => it.Text))
        {
            text.Append('\n').Append(Rule).Append('\n').Append("Notices in ").AppendJoin(", ", notice.Select(it => it.Id)).Append('\n').Append(Rule).Append("\n\n");
            text.Append(notice.Key).Append('\n');
        }

        return text.ToString();
    }

    private static string TextOf(string licence)
    {
        using var stream = typeof(Notices).Assembly.GetManifestResourceStream(licence)
            ?? throw new InvalidDataException($"The text of the licence {licence} is missing: add eng/ChunkProxy.Packaging/Licences/{licence}.txt");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Trim('\n');
    }
}
