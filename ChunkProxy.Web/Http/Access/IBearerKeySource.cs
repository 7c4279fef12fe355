namespace ChunkProxy.Web.Http.Access;

/// <summary>Where the keys of bearer tokens come from.</summary>
internal interface IBearerKeySource
{
    /// <summary>Returns the current keys; null if none are known.</summary>
    /// <param name="known">The keys that did not have that of a token; the source looks for newer ones, but not often. Null: any keys.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<BearerKeys?> CurrentAsync(BearerKeys? known, CancellationToken cancellationToken);
}
