using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>A command. Most send requests to a running node.</summary>
internal abstract class NodeCommand
{
    /// <summary>The end of the name of an argument that may be there several times.</summary>
    public const string Several = "...";

    public abstract string Name { get; }

    /// <summary>One sentence without a full stop.</summary>
    public abstract string Summary { get; }

    /// <summary>The name of the argument that is not a flag; null if the command takes none. It ends with three dots if there may be several.</summary>
    public virtual string? ArgumentName => null;

    /// <summary>Most arguments that are not flags.</summary>
    public int MostArguments => ArgumentName is not { } name ? 0 : name.EndsWith(Several, StringComparison.Ordinal) ? int.MaxValue : 1;

    /// <summary>Whether the command has to have an argument. If not, the command itself checks what it has.</summary>
    public virtual bool NeedsArgument => ArgumentName is not null;

    /// <summary>Whether the command sends requests to a node. If not, it has no flags for that.</summary>
    public virtual bool AsksNode => true;

    /// <summary>The flags of this command only.</summary>
    public virtual IReadOnlyList<Flag> Flags => [];

    /// <summary>Example command lines, each with a description.</summary>
    public abstract IReadOnlyList<(string Line, string Does)> Examples { get; }

    /// <summary>Sends the requests and shows the result.</summary>
    /// <exception cref="CommandFailure">The command failed. Output up to the failure has been shown.</exception>
    public abstract Task RunAsync(NodeClient node, CommandInput input, CommandOutput output, CancellationToken cancellationToken);
}
