using ChunkProxy.Web.Cli.Commands;
using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Web.Cli;

/// <summary>Parses a command line: a command if the first word is a command's name, otherwise flags of the server.</summary>
internal static class CommandLineParser
{
    public static ParsedCommandLine Parse(IReadOnlyList<string> args)
    {
        if (args is [[not '-', ..] name, ..])
        {
            return NodeCommands.Find(name) is { } command
                ? new ParsedCommandLine.Ask(command, [.. args.Skip(1)])
                : new ParsedCommandLine.Refused($"'{name}' is no flag and no command (chunkproxy -help lists them)");
        }

        return FlagReader.Read(args, FlagTable.Find) switch
        {
            { Reason: { } reason } => new ParsedCommandLine.Refused(reason),
            { Ends: { } flag } => flag == FlagTable.Help ? new ParsedCommandLine.Help() : new ParsedCommandLine.Version(),
            var read => new ParsedCommandLine.Serve(read.Settings),
        };
    }
}
