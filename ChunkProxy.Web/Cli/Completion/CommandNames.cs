namespace ChunkProxy.Web.Cli.Completion;

/// <summary>Names of the commands that ask no node.</summary>
internal static class CommandNames
{
    /// <summary>Serves the sample films. It takes the flags of a node, except for the origin.</summary>
    public const string Sample = "sample";

    /// <summary>Validates the settings of a node. It takes the flags of a node.</summary>
    public const string Check = "check";

    /// <summary>Prints a completion script.</summary>
    public const string Completion = "completion";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Sample, Check, Completion];
}
