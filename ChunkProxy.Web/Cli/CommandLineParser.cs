using ChunkProxy.Web.Cli.Commands;
using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Web.Cli;

/// <summary>Tells what a command line asks for: the server with these flags, or the command that its first word names.</summary>
internal static class CommandLineParser
{
    /// <summary>The command that serves the sample films: the flags of a node, but for its origin.</summary>
    public const string Sample = "sample";

    private static readonly string Url = FlagTable.Find("url")!.Setting!;

    public static ParsedCommandLine Parse(IReadOnlyList<string> args)
    {
        if (args is [Sample, ..])
        {
            return ParseFlags([.. args.Skip(1)]) switch
            {
                ParsedCommandLine.Serve serve when serve.Settings.ContainsKey(Url) => new ParsedCommandLine.Refused("-url: chunkproxy sample has an origin of its own"),
                ParsedCommandLine.Serve serve => new ParsedCommandLine.Sample(serve.Settings),
                var other => other,
            };
        }

        if (args is [[not '-', ..] name, ..])
        {
            return NodeCommands.Find(name) is { } command
                ? new ParsedCommandLine.Ask(command, [.. args.Skip(1)])
                : new ParsedCommandLine.Refused($"'{name}' is no flag and no command (chunkproxy -help lists them)");
        }

        return ParseFlags(args);
    }

    private static ParsedCommandLine ParseFlags(IReadOnlyList<string> args) => FlagReader.Read(args, FlagTable.Find) switch
    {
        { Reason: { } reason } => new ParsedCommandLine.Refused(reason),
        { Ends: { } flag } => flag == FlagTable.Help ? new ParsedCommandLine.Help() : new ParsedCommandLine.Version(),
        var read => new ParsedCommandLine.Serve(read.Settings),
    };
}
