namespace ChunkProxy.Web.Cli.Flags;

/// <summary>A titled group of flags on the help page.</summary>
internal sealed record FlagGroup(string Title, IReadOnlyList<Flag> Flags);
