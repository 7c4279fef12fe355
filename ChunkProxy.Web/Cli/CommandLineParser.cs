using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Cli.Commands;
using ChunkProxy.Web.Cli.Completion;
using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Web.Cli;

/// <summary>Parses a command line: a command if the first word is a command's name, otherwise flags of the server.</summary>
internal static class CommandLineParser
{
    private static readonly string Url = FlagTable.Find("url")!.Setting!;

    public static ParsedCommandLine Parse(IReadOnlyList<string> args)
    {
        if (args is [CommandNames.Sample, ..])
        {
            return ParseFlags([.. args.Skip(1)]) switch
            {
                ParsedCommandLine.Serve serve when serve.Settings.ContainsKey(Url) => new ParsedCommandLine.Refused("-url: chunkproxy sample has an origin of its own"),
                ParsedCommandLine.Serve serve => new ParsedCommandLine.Sample(serve.Settings),
                var other => other,
            };
        }

        if (args is [CommandNames.Check, ..])
        {
            return ParseFlags([.. args.Skip(1)]) switch
            {
                ParsedCommandLine.Serve serve => new ParsedCommandLine.Check(serve.Settings),
                var other => other,
            };
        }

        if (args is [CommandNames.Completion, ..])
        {
            return ParseCompletion([.. args.Skip(1)]);
        }

        if (args is [[not '-', ..] name, ..])
        {
            return NodeCommands.Find(name) is { } command
                ? new ParsedCommandLine.Ask(command, [.. args.Skip(1)])
                : new ParsedCommandLine.Refused($"'{name}' is no flag and no command (chunkproxy -help lists them){Suggestion.For(name, NodeCommands.All.Select(static it => it.Name).Concat(CommandNames.All))}");
        }

        return ParseFlags(args);
    }

    private static ParsedCommandLine ParseCompletion(IReadOnlyList<string> args) => args switch
    {
        [['-', ..], ..] => ParseFlags(args) is ParsedCommandLine.Help help ? help : new ParsedCommandLine.Refused($"{args[0]}: {CommandNames.Completion} takes no flags"),
        [var shell] when CompletionScripts.For(shell) is { } script => new ParsedCommandLine.Complete(script),
        _ => new ParsedCommandLine.Refused($"{CommandNames.Completion} needs the name of a shell: {string.Join(", ", CompletionScripts.Shells)}"),
    };

    private static ParsedCommandLine ParseFlags(IReadOnlyList<string> args) => FlagReader.Read(args, FlagTable.Find, FlagTable.All) switch
    {
        { Reason: { } reason } => new ParsedCommandLine.Refused(reason),
        { Ends: { } flag } => flag == FlagTable.Help ? new ParsedCommandLine.Help() : new ParsedCommandLine.Version(),
        var read => new ParsedCommandLine.Serve(read.Settings),
    };
}
