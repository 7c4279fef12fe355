using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Sites;

namespace ChunkProxy.Cache.Purges;

/// <summary>A purge: nothing of its objects that was fetched under an earlier stamp may be used.</summary>
/// <param name="Object">Hash of the object's id; for several objects, a hash of scope and path, prefix or tag.</param>
/// <param name="Stamp">
/// Time in microseconds since 1970, by the purging process's clock, and always above the previous stamp of each object. It is the generation of
/// everything fetched from then on.
/// </param>
/// <param name="Path">For one object: its text (<see cref="ObjectId.Text"/>), for display, and null once forgotten. Otherwise that of the path or prefix, or the tag.</param>
/// <param name="Scope">Which objects it is for.</param>
internal sealed record Purge(Hash128 Object, long Stamp, string? Path = null, PurgeScope Scope = PurgeScope.Object)
{
    /// <summary>Longest path or prefix of a purge of several objects, in characters: every process keeps it.</summary>
    public const int LongestPath = 1024;

    public bool IsOfSeveral => Scope is not PurgeScope.Object;

    /// <summary>What is purged, as shown in logs and events; null once forgotten.</summary>
    public string? Shown => Path is null ? null : Scope is PurgeScope.Tag ? $"tag {Path}" : ShownPath.Of(Path);

    /// <summary>Returns a purge of several objects; null if the text is not a path or tag, or is too long.</summary>
    /// <param name="scope">Which objects.</param>
    /// <param name="text">Their path or prefix (<see cref="ObjectId.Text"/>), or their tag.</param>
    /// <param name="stamp">See <see cref="Stamp"/>.</param>
    public static Purge? OfSeveral(PurgeScope scope, string? text, long stamp) => scope switch
    {
        PurgeScope.Path or PurgeScope.Prefix when text is not null && IsPath(text) => new Purge(StableHash.Of("purge", scope.ToString(), text), stamp, text, scope),
        PurgeScope.Tag when text is not null && ObjectTags.IsName(text) => new Purge(StableHash.Of("purge", scope.ToString(), text.ToLowerInvariant()), stamp, text, scope),
        _ => null,
    };

    /// <summary>Returns whether the purge is for this object. A purge by tag is for no object by its id.</summary>
    public bool Covers(ObjectId id) => Scope switch
    {
        PurgeScope.Tag => false,
        PurgeScope.Path => id.Text is var text && text.AsSpan(0, QueryParameters.EndOfPath(text)).SequenceEqual(Path),
        PurgeScope.Prefix => id.Text.StartsWith(Path!, StringComparison.Ordinal),
        _ => id.Hash == Object,
    };

    /// <summary>Returns whether the purge is for this version's object.</summary>
    public bool Covers(ObjectVersion version) =>
        Scope is PurgeScope.Tag ? version.Headers.Tags is var tags && (tags.IsAny || tags.Hashes.Contains(ObjectTags.HashOf(Path))) : Covers(version.Id);

    private static bool IsPath(string text) =>
        SiteTable.IsText(text) && text.Length <= LongestPath && !text.AsSpan().ContainsAnyExceptInRange('!', '~') && !text.Contains('?', StringComparison.Ordinal);
}
