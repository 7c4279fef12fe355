using System.Net;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Reads;

/// <summary>The cache as the front end uses it: finds an object's version, opens its slices, passes through what cannot be cached.</summary>
public interface IChunkReader
{
    /// <summary>Finds the version of an object to serve now. Completes at once if the version is known and fresh.</summary>
    /// <param name="id">The object.</param>
    /// <param name="request">The client's fields that are forwarded to the origin if it is asked; they select the variant.</param>
    /// <param name="firstByte">
    /// Where the client will begin to read. On a cold read, the retrieval of that chunk starts in the same round trip to the origin. Null if no bytes
    /// are wanted yet (HEAD, or a conditional request that probably ends in 304) or if the offset depends on the size (suffix ranges).
    /// </param>
    /// <param name="client">The client's address: at the origin, clients take turns. Null: no client waits.</param>
    /// <param name="cancellationToken">Cancels this caller's wait; other callers that wait for the same result are not affected.</param>
    ValueTask<ObjectLookup> FindAsync(ObjectId id, RequestFields request, long? firstByte, IPAddress? client, CancellationToken cancellationToken);

    /// <summary>Does the same without forwarded fields, and for no client.</summary>
    ValueTask<ObjectLookup> FindAsync(ObjectId id, long? firstByte, CancellationToken cancellationToken) => FindAsync(id, RequestFields.None, firstByte, client: null, cancellationToken);

    /// <summary>Returns whether a look-up would complete locally, without asking another member or the origin.</summary>
    bool IsKnown(ObjectId id, RequestFields request);

    /// <summary>Opens a slice that is entirely in this process's memory, without waiting or allocating.</summary>
    bool TryOpen(ObjectVersion version, Slice slice, out ChunkLease lease);

    /// <summary>
    /// Opens a slice that <see cref="TryOpen"/> did not open, from the nearest source. Its retrieval is in progress when the task completes. Memory
    /// is not checked again first.
    /// </summary>
    /// <param name="version">The version.</param>
    /// <param name="slice">The slice.</param>
    /// <param name="client">The client's address: at the origin, clients take turns. Null: no client waits.</param>
    /// <param name="cancellationToken">Cancels this caller's wait.</param>
    /// <exception cref="ChunkReadException">No source has the slice, or the origin no longer has the version.</exception>
    ValueTask<ChunkLease> OpenAsync(ObjectVersion version, Slice slice, IPAddress? client, CancellationToken cancellationToken);

    /// <summary>Does the same for no client.</summary>
    ValueTask<ChunkLease> OpenAsync(ObjectVersion version, Slice slice, CancellationToken cancellationToken) => OpenAsync(version, slice, client: null, cancellationToken);

    /// <summary>Requests an object from the origin for one client, and stores nothing.</summary>
    /// <param name="id">The object.</param>
    /// <param name="method">GET or HEAD.</param>
    /// <param name="conditions">The client's Range and conditional fields, forwarded unchanged.</param>
    /// <param name="client">The client's address: at the origin, clients take turns.</param>
    /// <param name="cancellationToken">Cancels the request and the origin's response.</param>
    ValueTask<PassedThroughAnswer> PassThroughAsync(
        ObjectId id, HttpMethod method, IEnumerable<KeyValuePair<string, string>> conditions, IPAddress? client, CancellationToken cancellationToken);

    /// <summary>Marks this version as no longer current, after a read found another one. The next look-up asks the origin.</summary>
    void Forget(ObjectVersion version);
}
