namespace ChunkProxy.Cache.Ownership;

/// <summary>An entry in a list of members: <c>10.0.0.1:7070</c>, or with a name <c>cache-1=10.0.0.1:7070</c>.</summary>
/// <param name="Name">The name; empty if the entry has none.</param>
/// <param name="Address">Host and port.</param>
internal readonly record struct ListedMember(string Name, string Address)
{
    public static ListedMember Parse(string entry) =>
        entry.IndexOf('=', StringComparison.Ordinal) is >= 0 and var at ? new(entry[..at].TrimEnd(), entry[(at + 1)..].TrimStart()) : new("", entry);
}
