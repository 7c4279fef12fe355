using ChunkProxy.Web.Cli.Commands;

namespace ChunkProxy.Web.Cli;

/// <summary>The result of parsing a command line.</summary>
internal abstract record ParsedCommandLine
{
    private ParsedCommandLine()
    {
    }

    /// <summary>Serve with these settings, which override environment and files.</summary>
    /// <param name="Settings">Texts by configuration key, not validated yet.</param>
    internal sealed record Serve(IReadOnlyDictionary<string, string?> Settings) : ParsedCommandLine;

    /// <summary>Serve the sample films, with these settings, which override environment and files.</summary>
    /// <param name="Settings">Texts by configuration key, not validated yet.</param>
    internal sealed record Sample(IReadOnlyDictionary<string, string?> Settings) : ParsedCommandLine;

    /// <summary>Validate these settings, which override environment and files, and do not serve.</summary>
    /// <param name="Settings">Texts by configuration key, not validated yet.</param>
    internal sealed record Check(IReadOnlyDictionary<string, string?> Settings) : ParsedCommandLine;

    /// <summary>Run a command against a running node.</summary>
    /// <param name="Command">The command.</param>
    /// <param name="Arguments">Its arguments, not parsed yet.</param>
    internal sealed record Ask(NodeCommand Command, IReadOnlyList<string> Arguments) : ParsedCommandLine;

    /// <summary>Print a completion script.</summary>
    /// <param name="Script">Text for the shell.</param>
    internal sealed record Complete(string Script) : ParsedCommandLine;

    /// <summary>Print the help page.</summary>
    internal sealed record Help : ParsedCommandLine;

    /// <summary>Print the version.</summary>
    internal sealed record Version : ParsedCommandLine;

    /// <summary>The command line is invalid.</summary>
    /// <param name="Reason">One line without a full stop.</param>
    internal sealed record Refused(string Reason) : ParsedCommandLine;
}
