namespace ChunkProxy.Web.Cli.Flags;

/// <summary>Flags that the help page shows under one title.</summary>
internal sealed record FlagGroup(string Title, IReadOnlyList<Flag> Flags);
