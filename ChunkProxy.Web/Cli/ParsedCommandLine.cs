using ChunkProxy.Web.Cli.Commands;

namespace ChunkProxy.Web.Cli;

/// <summary>What a command line asks for.</summary>
internal abstract record ParsedCommandLine
{
    private ParsedCommandLine()
    {
    }

    /// <summary>Serve, with these settings on top of environment and files.</summary>
    /// <param name="Settings">Texts by configuration key; not checked yet.</param>
    internal sealed record Serve(IReadOnlyDictionary<string, string?> Settings) : ParsedCommandLine;

    /// <summary>Serve the sample films, with these settings on top of environment and files.</summary>
    /// <param name="Settings">Texts by configuration key; not checked yet.</param>
    internal sealed record Sample(IReadOnlyDictionary<string, string?> Settings) : ParsedCommandLine;

    /// <summary>Ask a running node for something.</summary>
    /// <param name="Command">For what.</param>
    /// <param name="Arguments">What follows its name; not read yet.</param>
    internal sealed record Ask(NodeCommand Command, IReadOnlyList<string> Arguments) : ParsedCommandLine;

    /// <summary>Print a completion script.</summary>
    /// <param name="Script">Text for the shell.</param>
    internal sealed record Complete(string Script) : ParsedCommandLine;

    /// <summary>Print the help page.</summary>
    internal sealed record Help : ParsedCommandLine;

    /// <summary>Print the version.</summary>
    internal sealed record Version : ParsedCommandLine;

    /// <summary>It cannot be read.</summary>
    /// <param name="Reason">One line without a full stop.</param>
    internal sealed record Refused(string Reason) : ParsedCommandLine;
}
