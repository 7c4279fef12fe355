using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Reads;

/// <summary>All that the front end asks of the cache: find an object's version, open slices of it, pass through what cannot be cached.</summary>
public interface IChunkReader
{
    /// <summary>Finds the version of an object that is to be served now. Completes at once where it is known and fresh.</summary>
    /// <param name="id">The object.</param>
    /// <param name="request">The client's fields that are passed on to the origin, should it be asked; they select the variant.</param>
    /// <param name="firstByte">
    /// Where the client will begin to read. On a cold read the retrieval of the chunk there starts in the same round trip to the origin.
    /// Null where no bytes are wanted yet (HEAD, a conditional request that probably ends in 304) or the place depends on the size (suffix ranges).
    /// </param>
    /// <param name="cancellationToken">The reader's own; others who wait for the same answer are not affected.</param>
    ValueTask<ObjectLookup> FindAsync(ObjectId id, RequestFields request, long? firstByte, CancellationToken cancellationToken);

    /// <summary>The same for a request of which no field is passed on.</summary>
    ValueTask<ObjectLookup> FindAsync(ObjectId id, long? firstByte, CancellationToken cancellationToken) => FindAsync(id, RequestFields.None, firstByte, cancellationToken);

    /// <summary>Whether a look-up would be answered here and now, without asking another member or the origin.</summary>
    bool Knows(ObjectId id, RequestFields request);

    /// <summary>Opens a slice whose bytes are all in this process's memory, without waiting or allocating.</summary>
    bool TryOpen(ObjectVersion version, Slice slice, out ChunkLease lease);

    /// <summary>
    /// Opens a slice that <see cref="TryOpen"/> did not open, from the nearest place that has it. Its retrieval is under way when the task completes.
    /// Memory is not looked at again first.
    /// </summary>
    /// <exception cref="ChunkReadException">No place has it, or the version is not the origin's any more.</exception>
    ValueTask<ChunkLease> OpenAsync(ObjectVersion version, Slice slice, CancellationToken cancellationToken);

    /// <summary>Asks the origin on behalf of one client, and keeps nothing.</summary>
    /// <param name="id">The object.</param>
    /// <param name="method">GET or HEAD.</param>
    /// <param name="conditions">The client's Range and conditional fields, sent on as they are.</param>
    /// <param name="cancellationToken">Ends the origin's answer too.</param>
    ValueTask<PassedThroughAnswer> PassThroughAsync(
        ObjectId id, HttpMethod method, IEnumerable<KeyValuePair<string, string>> conditions, CancellationToken cancellationToken);

    /// <summary>Forgets that this version is current, after a read met another one. The next look-up asks the origin.</summary>
    void Forget(ObjectVersion version);
}
