namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>A request to a member to purge an object, or several.</summary>
/// <param name="Path">Key of the object, or the path, prefix or tag of several.</param>
/// <param name="Stamp">See <see cref="Purge.Stamp"/>.</param>
/// <param name="From">Name of the purging process, which the member need not wait for: it applies the purge itself.</param>
/// <param name="Scope">Which objects the purge is for.</param>
internal sealed record PurgeRequest(string Path, long Stamp, string? From = null, PurgeScope Scope = PurgeScope.Object);
