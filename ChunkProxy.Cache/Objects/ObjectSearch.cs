using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Tiers.SuperHot;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Objects;

/// <summary>Searches for the current version of an object, in the order of the steps below.</summary>
internal sealed class ObjectSearch(
    KnownObjects known, ObjectsAtMembers members, ObjectsAtOrigin origin, UpstreamWaits waits, IOptions<CacheOptions> options, SuperHotTier? superHot = null)
{
    private readonly int _chunkSize = (int)options.Value.ChunkSize;

    /// <summary>Returns the bytes that a search makes the origin send; 0 if it probably needs none.</summary>
    public long CostOf(ObjectId id, RequestFields request, long? firstByte, bool forPeer) =>
        (!forPeer && !members.IsOwn(id, firstByte)) || known.HasTraceOf(id, request) ? 0
        : firstByte is null ? 1
        : _chunkSize;

    /// <param name="id">The object, of which this process has no fresh metadata.</param>
    /// <param name="request">The client's request fields, by which the origin may choose a variant.</param>
    /// <param name="firstByte">Where the client starts to read.</param>
    /// <param name="forPeer">The search is for a peer. It asks no other member, so
    /// two that disagree about ownership cannot ask each other in a circle.</param>
    /// <param name="generation">The object's generation. Results from before a purge are ignored.</param>
    /// <param name="unwanted">Cancelled when no caller waits for the result any more: nothing is sent from then on.</param>
    public async Task<ObjectLookup> FindAsync(ObjectId id, RequestFields request, long? firstByte, bool forPeer, long generation, CancellationToken unwanted)
    {
        // [2.2] The owner of the first wanted chunk, then its stand-ins.
        if (!forPeer && await members.AskOwnersAsync(id, request, firstByte, generation, unwanted).ConfigureAwait(false) is { } answer)
        {
            return answer;
        }

        // [2.3] The record on this process's disk.
        if (!known.TryFindVersion(id, request, out var version))
        {
            version = await known.ReadRecordAsync(id, request).ConfigureAwait(false);
            generation = AfterPurgesOf(version, generation);
            if (version is not null && version.Generation >= generation && known.TryRecall(version))
            {
                return ObjectLookup.Found(version, askedOrigin: false);
            }
        }

        version = version?.For(id); // the origin is asked with the target of this request
        generation = AfterPurgesOf(version, generation);

        // [2.4] The origin, to revalidate the last known version.
        using var wait = waits.ForObject(id);
        if (version is not null && version.Generation >= generation)
        {
            return await origin.RevalidateAsync(version, request, firstByte, unwanted).ConfigureAwait(false);
        }

        if (known.KnowsAnotherVariant(id, request))
        {
            firstByte = null; // the chunks are cached already; only the fields are missing
        }

        // [2.5] Former owners of the chunk. The origin confirms their version however fresh it is: this process may have forgotten that very version
        // because it is outdated.
        if (await members.AskFormerOwnersAsync(id, request, firstByte, generation, unwanted).ConfigureAwait(false) is { } former)
        {
            return await origin.RevalidateAsync(former.For(id), request, firstByte, unwanted).ConfigureAwait(false);
        }

        // [2.6] The origin.
        var found = await origin.AskAsync(id, request, firstByte, generation, before: null, unwanted).ConfigureAwait(false);

        // [2.7] The shared tier, while the origin is unavailable: it has a record of each object with super-hot chunks.
        return superHot is not null && found.Error.IsOriginUnavailable()
            && await superHot.FindVersionAsync(id, _chunkSize, unwanted).ConfigureAwait(false) is { } recorded
            && recorded.Generation >= AfterPurgesOf(recorded, generation) && recorded.Headers.Variant?.Matches(request) != false
            ? known.TryServeStale(recorded, id, request, found.Reason!) ?? found
            : found;
    }

    // A version that was purged by one of its tags. The origin's next response is of a later generation, even if the object has other tags by now.
    private long AfterPurgesOf(ObjectVersion? version, long generation) => version is null ? generation : Math.Max(generation, known.GenerationOf(version));
}
