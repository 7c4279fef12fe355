using System.Text.RegularExpressions;

namespace ChunkProxy.Testing.Documents;

/// <summary>A block of shell commands (<c>```sh</c>) in a document.</summary>
/// <param name="Line">The number of its first line in the document.</param>
/// <param name="NotRun">Why a test cannot run it, from the comment <c>&lt;!-- not run: why --&gt;</c> above it; null if it can.</param>
/// <param name="Commands">Its commands, without comments, each on one line.</param>
public sealed partial record ShellBlock(int Line, string? NotRun, IReadOnlyList<string> Commands)
{
    /// <summary>Returns the blocks of a document, in their order.</summary>
    public static IReadOnlyList<ShellBlock> Of(string markdown) =>
    [
        .. Block().Matches(markdown).Select(block => new ShellBlock(
            markdown.AsSpan(0, block.Index).Count('\n') + 1,
            block.Groups[1].Success ? block.Groups[1].Value : null,
            [
                .. Continued().Replace(block.Groups[2].Value, " ").Split('\n')
                    .Select(line => Comment().Replace(line, "").Trim())
                    .Where(line => line.Length > 0),
            ])),
    ];

    [GeneratedRegex(@"(?:<!-- not run: ([^>]*) -->\n)?^```sh\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\s*\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex(@"(^|\s)#.*$")]
    private static partial Regex Comment();
}
