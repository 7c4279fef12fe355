namespace ChunkProxy.Cache.Purges;

/// <summary>The content of a file of purges.</summary>
/// <param name="Purges">The purges, in the order of the file.</param>
/// <param name="Floor">See <see cref="PurgeLedger.Floor"/>.</param>
internal sealed record StoredPurges(IReadOnlyCollection<Purge> Purges, long Floor);
