namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>Confirms that a process purged an object from all of its tiers and waited for its listeners to do so too.</summary>
/// <param name="Generation">
/// The object's generation in that process. It is above the purge's own stamp if the process had received a later purge before.
/// </param>
/// <param name="Chunks">See <see cref="PurgeResult"/>.</param>
/// <param name="Bytes">See <see cref="PurgeResult"/>.</param>
/// <param name="Unheard">Listeners that did not confirm in time that they did.</param>
internal sealed record PurgeConfirmation(long Generation, int Chunks, long Bytes, IReadOnlyList<string> Unheard);
