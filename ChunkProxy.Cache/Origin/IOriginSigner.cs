namespace ChunkProxy.Cache.Origin;

/// <summary>Adds to each request to an object store what proves that the operator sends it.</summary>
internal interface IOriginSigner
{
    /// <summary>Adds the proof. The request must not change its target or host afterwards.</summary>
    /// <returns>Whether there are credentials. If not, the log says why.</returns>
    ValueTask<bool> TrySignAsync(HttpRequestMessage message, CancellationToken cancellationToken);

    /// <summary>Removes the proof, as before a redirect to another host.</summary>
    void RemoveFrom(HttpRequestMessage message);

    /// <summary>Returns whether a text that the origin sent contains a secret.</summary>
    bool IsIn(string text);
}
