using ChunkProxy.Web.Cli.Commands;
using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Web.Cli.Completion;

/// <summary>One command as a completion script and the man page show it.</summary>
/// <param name="Name">First word of the command line; null: the command line has flags only, and serves.</param>
/// <param name="Summary">One sentence without a full stop.</param>
/// <param name="Word">What the one word beside the flags is; null: there is none.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="Words">Values of the word, if there are few; else empty.</param>
internal sealed record CompletedCommand(string? Name, string Summary, string? Word, IReadOnlyList<Flag> Flags, IReadOnlyList<string> Words)
{
    /// <summary>Every command line that <c>chunkproxy</c> takes; the one that serves is the first.</summary>
    public static IReadOnlyList<CompletedCommand> All { get; } =
    [
        new(null, "Serve the objects of an origin", null, FlagTable.All, []),
        new(CommandNames.Sample, "Serve three sample films, without an origin of your own", null, [.. FlagTable.All.Where(static flag => flag.Name != "url")], []),
        new(CommandNames.Check, "Validate the settings of a node, without starting it", null, [.. FlagTable.All], []),
        .. NodeCommands.All.Select(static command =>
            new CompletedCommand(command.Name, command.Summary, command.ArgumentName, [.. CommandFlags.Of(command)], [])),
        new(CommandNames.Completion, "Print a completion script for a shell", "shell", [], CompletionScripts.Shells),
    ];

    /// <summary>Those with a name.</summary>
    public static IEnumerable<CompletedCommand> Named => All.Where(static command => command.Name is not null);
}
