namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>A request to a member to purge an object.</summary>
/// <param name="Path">Path and query of the object.</param>
/// <param name="Stamp">See <see cref="Purge.Stamp"/>.</param>
internal sealed record PurgeRequest(string Path, long Stamp);
