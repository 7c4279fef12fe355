using System.Collections.Concurrent;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.SuperHot;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Objects;

/// <summary>Finds which version of an object is current: from memory, at its owner, from the record on disk, or at the origin, asked once however many want to know.</summary>
internal sealed class ObjectFinder(
    KnownObjects known,
    ObjectsAtMembers members,
    ObjectsAtOrigin origin,
    PurgeLedger purges,
    PurgeCurrency currency,
    SourceWaits waits,
    IOptions<CacheOptions> options,
    RecentEvents events,
    ILogger<ObjectFinder> log,
    SuperHotTier? superHot = null)
{
    // A search for a peer is apart from one for a client of ours: that one may be waiting for this very peer. And one that began before a purge is
    // apart from those after it: the origin may have answered it before.
    private readonly ConcurrentDictionary<(ObjectId Id, bool ForPeer, long Generation), Lazy<Task<ObjectLookup>>> _underWay = new();
    private readonly int _chunkSize = (int)options.Value.ChunkSize;

    /// <inheritdoc cref="IChunkReader.FindAsync"/>
    public ValueTask<ObjectLookup> FindAsync(ObjectId id, long? firstByte, CancellationToken cancellationToken) =>
        known.TryFind(id, out var found) ? new(found) : new(DiscoverWhenCurrentAsync(id, firstByte, forPeer: false, cancellationToken));

    /// <summary>The same on behalf of a peer: without asking any other member, so that two that disagree about ownership cannot ask each other in a circle.</summary>
    public ValueTask<ObjectLookup> FindForPeerAsync(ObjectId id, long? firstByte, CancellationToken cancellationToken) =>
        known.TryFind(id, out var found) ? new(found) : new(DiscoverWhenCurrentAsync(id, firstByte, forPeer: true, cancellationToken));

    private async Task<ObjectLookup> DiscoverWhenCurrentAsync(ObjectId id, long? firstByte, bool forPeer, CancellationToken cancellationToken)
    {
        await currency.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return await DiscoverOnceAsync(id, firstByte, forPeer).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    // The search belongs to nobody's request: it goes on when the first who asked has left.
    private Task<ObjectLookup> DiscoverOnceAsync(ObjectId id, long? firstByte, bool forPeer)
    {
        var generation = purges.GenerationOf(id);
        var search = _underWay.GetOrAdd((id, forPeer, generation), _ => new Lazy<Task<ObjectLookup>>(() => Task.Run(async () =>
        {
            try
            {
                // Someone else's search may have ended between our look into the directory and our entry here.
                return known.TryFind(id, out var found) ? found : await DiscoverAsync(id, firstByte, forPeer, generation).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                log.SearchFailedUnexpectedly(id.PathAndQuery, error);
                return ObjectLookup.Failed(ProxyError.OriginMisbehaved, "the object could not be looked up");
            }
            finally
            {
                _underWay.TryRemove((id, forPeer, generation), out var _);
            }
        })));
        return search.Value;
    }

    private async Task<ObjectLookup> DiscoverAsync(ObjectId id, long? firstByte, bool forPeer, long generation)
    {
        using var span = CacheTracing.StartObjectLookup(id);
        var found = await SearchAsync(id, firstByte, forPeer, generation).ConfigureAwait(false);
        if (found.Error is not ProxyError.None)
        {
            span.Failed(found.Error);
        }
        else
        {
            span.EndedAs(nameof(CacheTracing.Found));
        }

        if (found.Error is not (ProxyError.None or ProxyError.NotFound or ProxyError.Gone or ProxyError.OriginRefused)) // those are clients' mistakes
        {
            events.Note(RecentEventKind.ReadFailed, id.PathAndQuery, found.Error.ToString());
        }

        return found;
    }

    private async Task<ObjectLookup> SearchAsync(ObjectId id, long? firstByte, bool forPeer, long generation)
    {
        if (!forPeer && await members.AskOwnersAsync(id, firstByte, generation).ConfigureAwait(false) is { } answer)
        {
            return answer;
        }

        if (!known.TryFindVersion(id, out var version))
        {
            version = await known.ReadRecordAsync(id).ConfigureAwait(false);
            if (version is not null && version.Generation >= generation && known.TryRecall(version))
            {
                return ObjectLookup.Found(version, askedOrigin: false);
            }
        }

        using var wait = waits.ForObject(id);
        if (version is not null && version.Generation >= generation)
        {
            return await origin.RevalidateAsync(version).ConfigureAwait(false);
        }

        // Confirmed however fresh it is: this process may have forgotten that very version because it is not the origin's any more.
        return await members.AskFormerOwnersAsync(id, firstByte, generation).ConfigureAwait(false) is { } former
            ? await origin.RevalidateAsync(former).ConfigureAwait(false)
            : await OrSuperHotAsync(id, await origin.AskAsync(id, firstByte, generation).ConfigureAwait(false), generation).ConfigureAwait(false);
    }

    // Whoever knew the object is dead, and the origin is away: of an object whose chunks are super hot there is a record with them.
    private async ValueTask<ObjectLookup> OrSuperHotAsync(ObjectId id, ObjectLookup found, long generation) =>
        superHot is not null && found.Error.IsOriginAway() && await superHot.FindVersionAsync(id, _chunkSize, CancellationToken.None).ConfigureAwait(false) is { } version
        && version.Generation >= generation
            ? known.ServeStale(version, found.Reason!)
            : found;
}
