using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Something that the command line asks of a running node.</summary>
internal abstract class NodeCommand
{
    public abstract string Name { get; }

    /// <summary>One sentence without a full stop.</summary>
    public abstract string Summary { get; }

    /// <summary>What the one word beside the flags is; null: there is none.</summary>
    public virtual string? Word => null;

    /// <summary>Flags beside those that every command has.</summary>
    public virtual IReadOnlyList<Flag> Flags => [];

    /// <summary>Command lines, each with what it does.</summary>
    public abstract IReadOnlyList<(string Line, string Does)> Examples { get; }

    /// <summary>Asks the node and shows its answer.</summary>
    /// <exception cref="CommandFailure">It cannot be done; what was done until then is shown.</exception>
    public abstract Task RunAsync(NodeClient node, CommandInput input, CommandOutput output, CancellationToken cancellationToken);
}
