using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Sites;

namespace ChunkProxy.Cache.Purges;

/// <summary>A purge: nothing of its objects that was fetched under an earlier stamp may be used.</summary>
/// <param name="Object">Hash of the object's id; for several objects, a hash of scope and path.</param>
/// <param name="Stamp">
/// Time in microseconds since 1970, by the purging process's clock, and always above the previous stamp of each object. It is the generation of
/// everything fetched from then on.
/// </param>
/// <param name="Path">For one object: its text (<see cref="ObjectId.Text"/>), for display, and null once forgotten. Otherwise that of the path or prefix.</param>
/// <param name="Scope">Which objects it is for.</param>
internal readonly record struct Purge(UInt128 Object, long Stamp, string? Path = null, PurgeScope Scope = PurgeScope.Object)
{
    /// <summary>Longest path or prefix of a purge of several objects, in characters: every process keeps it.</summary>
    public const int LongestPath = 1024;

    public bool IsOfSeveral => Scope is not PurgeScope.Object;

    /// <summary>Returns a purge of several objects; null if the path is not one, or is too long.</summary>
    public static Purge? OfSeveral(PurgeScope scope, string? path, long stamp) =>
        scope is PurgeScope.Path or PurgeScope.Prefix && path is not null && SiteTable.IsText(path) && path.Length <= LongestPath && !path.AsSpan().ContainsAnyExceptInRange('!', '~') && !path.Contains('?', StringComparison.Ordinal)
            ? new Purge(StableHash.Of("purge", scope.ToString(), path), stamp, path, scope)
            : null;

    /// <summary>Returns whether the purge is for this object.</summary>
    public bool Covers(ObjectId id) => Scope switch
    {
        PurgeScope.Path => id.Text is var text && text.AsSpan(0, QueryParameters.EndOfPath(text)).SequenceEqual(Path),
        PurgeScope.Prefix => id.Text.StartsWith(Path!, StringComparison.Ordinal),
        _ => id.Hash == Object,
    };
}
