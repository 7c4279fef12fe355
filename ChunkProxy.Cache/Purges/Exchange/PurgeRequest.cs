namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>A request to a member to purge an object.</summary>
/// <param name="Path">Path and query of the object.</param>
/// <param name="Stamp">See <see cref="Purge.Stamp"/>.</param>
/// <param name="From">Name of the purging process, which the member need not wait for: it applies the purge itself.</param>
internal sealed record PurgeRequest(string Path, long Stamp, string? From = null);
