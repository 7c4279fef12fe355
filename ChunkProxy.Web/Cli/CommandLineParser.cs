using ChunkProxy.Web.Cli.Commands;
using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Web.Cli;

/// <summary>Tells what a command line asks for: the server with these flags, or, if its first word is the name of a command, that.</summary>
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
