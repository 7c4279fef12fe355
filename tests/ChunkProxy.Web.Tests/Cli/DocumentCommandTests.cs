using System.Text.RegularExpressions;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Web.Cli;
using ChunkProxy.Web.Cli.Commands;
using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Web.Tests.Cli;

/// <summary>Command lines in the documents are ones that the program takes.</summary>
public sealed partial class DocumentCommandTests
{
    public static TheoryData<string> Documents =>
    [
        .. Directory.EnumerateFiles(Path.Combine(ProductBuild.Root, "docs"), "*.md").Append(Path.Combine(ProductBuild.Root, "README.md"))
            .Where(file => CommandsOf(file).Any())
            .Select(file => Path.GetRelativePath(ProductBuild.Root, file)),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Commands_OfADocument_AreTaken(string document) =>
        Assert.All(CommandsOf(Path.Combine(ProductBuild.Root, document)), line => Assert.Null(FaultOf(line)));

    [Theory]
    [InlineData("chunkproxy -url http://origin.example/ -nosuch 1")]
    [InlineData("chunkproxy look /film.mp4")]
    [InlineData("chunkproxy map -nosuch /film.mp4")]
    [InlineData("chunkproxy map /film.mp4 /other.mp4")]
    public void FaultOf_ACommandThatIsNotTaken_IsFound(string line) => Assert.NotNull(FaultOf(line));

    private static string? FaultOf(string line)
    {
        var words = Word().Matches(line).Select(word => word.Value.Trim('\'')).Skip(1).Where(word => word != "…").ToList();
        return CommandLineParser.Parse(words) switch
        {
            ParsedCommandLine.Refused refused => $"{line}: {refused.Reason}",
            ParsedCommandLine.Ask ask when FlagReader.Read(ask.Arguments, name => CommandFlags.Find(ask.Command, name), CommandFlags.Of(ask.Command), ask.Command.MostArguments).Reason is { } reason =>
                $"{line}: {reason}",
            _ => null,
        };
    }

    // In fenced blocks, and in code within a sentence or a table: "`chunkproxy map /film.mp4`".
    private static IEnumerable<string> CommandsOf(string file)
    {
        var text = Continued().Replace(File.ReadAllText(file), " ");
        return Command().Matches(text).Select(match => match.Groups[1].Value)
            .Select(line => Comment().Replace(line, "").Trim())
            .Where(line => line != "chunkproxy");
    }

    // In single quotes, or without blanks.
    [GeneratedRegex(@"'[^']*'|\S+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex(@"(?:^|`)(chunkproxy(?: [^`\n]*)?)(?=`|$)", RegexOptions.Multiline)]
    private static partial Regex Command();

    // A comment, a redirection, or what follows a command in a shell.
    [GeneratedRegex(@"\s+[#>|&;].*$")]
    private static partial Regex Comment();
}
