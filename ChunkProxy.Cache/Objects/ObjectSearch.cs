using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Tiers.SuperHot;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Objects;

/// <summary>Looks for the current version of an object, in order.</summary>
internal sealed class ObjectSearch(
    KnownObjects known, ObjectsAtMembers members, ObjectsAtOrigin origin, UpstreamWaits waits, IOptions<CacheOptions> options, SuperHotTier? superHot = null)
{
    private readonly int _chunkSize = (int)options.Value.ChunkSize;

    /// <param name="id">The object, of which this process knows nothing that may be relied on.</param>
    /// <param name="request">The client's request fields that the origin may choose a variant by.</param>
    /// <param name="firstByte">Where reading will begin.</param>
    /// <param name="forPeer">Another member wants to know: no other member is asked, so that two that disagree about ownership cannot ask each other in a circle.</param>
    /// <param name="generation">The object's generation. What was found out before a purge does not count.</param>
    public async Task<ObjectLookup> FindAsync(ObjectId id, RequestFields request, long? firstByte, bool forPeer, long generation)
    {
        // [2.2] The member that owns the first wanted chunk, then its stand-ins.
        if (!forPeer && await members.AskOwnersAsync(id, request, firstByte, generation).ConfigureAwait(false) is { } answer)
        {
            return answer;
        }

        // [2.3] The record on this process's disk.
        if (!known.TryFindVersion(id, request, out var version))
        {
            version = await known.ReadRecordAsync(id, request).ConfigureAwait(false);
            if (version is not null && version.Generation >= generation && known.TryRecall(version))
            {
                return ObjectLookup.Found(version, askedOrigin: false);
            }
        }

        // [2.4] The origin, asked whether the version last known is still the current one.
        using var wait = waits.ForObject(id);
        if (version is not null && version.Generation >= generation)
        {
            return await origin.RevalidateAsync(version, request, firstByte).ConfigureAwait(false);
        }

        if (known.KnowsAnotherVariant(id, request))
        {
            firstByte = null; // the chunks are cached already: only the fields are missing
        }

        // [2.5] Members that owned the chunk before. Confirmed by the origin however fresh it is: this process may have forgotten that very version
        // because it is not the origin's any more.
        if (await members.AskFormerOwnersAsync(id, request, firstByte, generation).ConfigureAwait(false) is { } former)
        {
            return await origin.RevalidateAsync(former, request, firstByte).ConfigureAwait(false);
        }

        // [2.6] The origin.
        var found = await origin.AskAsync(id, request, firstByte, generation).ConfigureAwait(false);

        // [2.7] The shared tier, while the origin does not answer: an object with super-hot chunks has a record beside them.
        return superHot is not null && found.Error.IsOriginAway()
            && await superHot.FindVersionAsync(id, _chunkSize, CancellationToken.None).ConfigureAwait(false) is { } recorded
            && recorded.Generation >= generation && recorded.Headers.Variant?.Matches(request) != false
            ? known.TryServeStale(recorded, found.Reason!) ?? found
            : found;
    }
}
