using System.Text.RegularExpressions;

namespace ChunkProxy.Packaging;

/// <summary>The copyright file of the Debian package: the licence and all notices. Debian has the text of the Apache License, and the file refers to it.</summary>
internal static partial class DebianCopyright
{
    private const string Reference = "On Debian systems, the text of the Apache License, Version 2.0, is in /usr/share/common-licenses/Apache-2.0.";

    public static string Of(IEnumerable<string> texts) => Apache().Replace(string.Join("\n\n", texts).ReplaceLineEndings("\n"), Reference);

    [GeneratedRegex(@"^ *Apache License\n *Version 2\.0, January 2004\n *http\S+\n\s*TERMS AND CONDITIONS.*?END OF TERMS AND CONDITIONS$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Apache();
}
