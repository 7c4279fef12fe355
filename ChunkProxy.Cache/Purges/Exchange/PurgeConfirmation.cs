namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>That a process has purged an object from all of its tiers, and has told those that listen to it.</summary>
/// <param name="Generation">The object's generation there now. Above the purge's own stamp: the process had heard of a later one before.</param>
/// <param name="Chunks">See <see cref="PurgeResult"/>.</param>
/// <param name="Bytes">See <see cref="PurgeResult"/>.</param>
/// <param name="Unheard">Processes that listened and did not say in time that they have heard.</param>
internal sealed record PurgeConfirmation(long Generation, int Chunks, long Bytes, IReadOnlyList<string> Unheard);
