using System.Collections.Concurrent;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Objects;

/// <summary>[2] Finds which version of an object is current. One search is under way for each object, however many want to know.</summary>
internal sealed class ObjectFinder(
    KnownObjects known, ObjectSearch search, PurgeLedger purges, PurgeFreshness currency, RecentEvents events, ILogger<ObjectFinder> log)
{
    // A search for a peer is apart from one for a client of ours: that one may be waiting for this very peer. And one that began before a purge is
    // apart from those after it: the origin may have answered it before.
    private readonly ConcurrentDictionary<(ObjectId Id, bool ForPeer, long Generation, string Request), Lazy<Task<Discovery>>> _underWay = new();

    /// <inheritdoc cref="IChunkReader.FindAsync(ObjectId, RequestFields, long?, CancellationToken)"/>
    public ValueTask<ObjectLookup> FindAsync(ObjectId id, RequestFields request, long? firstByte, CancellationToken cancellationToken) =>
        known.TryFind(id, request, out var found) ? new(found) : DiscoverWhenCurrentAsync(id, request, firstByte, forPeer: false, cancellationToken); // [2.1]

    /// <summary>The same on behalf of a peer: without asking any other member, so that two that disagree about ownership cannot ask each other in a circle.</summary>
    public ValueTask<ObjectLookup> FindForPeerAsync(ObjectId id, RequestFields request, long? firstByte, CancellationToken cancellationToken) =>
        known.TryFind(id, request, out var found) ? new(found) : DiscoverWhenCurrentAsync(id, request, firstByte, forPeer: true, cancellationToken);

    /// <summary>Whether this process knows the current version, so that a look-up asks nobody.</summary>
    public bool Knows(ObjectId id, RequestFields request) => known.TryFind(id, request, out var found) && !found.IsPassThrough;

    /// <summary>Forgets that this version is current. The next look-up asks the origin.</summary>
    public void Forget(ObjectVersion version) => known.Forget(version);

    private async ValueTask<ObjectLookup> DiscoverWhenCurrentAsync(ObjectId id, RequestFields request, long? firstByte, bool forPeer, CancellationToken cancellationToken)
    {
        await currency.EnsureAsync(cancellationToken).ConfigureAwait(false);
        if (known.TryFindWhileRevalidating(id, request, out var stale))
        {
            _ = DiscoverMatchingAsync(id, request, firstByte: null, forPeer);
            return ObjectLookup.Found(stale, askedOrigin: false);
        }

        return await DiscoverMatchingAsync(id, request, firstByte, forPeer).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    // Whoever asks for the object joins the search that is under way, though it was begun with other fields passed on: mostly the origin makes no
    // difference between them. If it does, that was another variant, and the request has a search of its own. So it has where the origin's response
    // is to be handed on, which may depend on the fields. Searches with credentials are never shared.
    private async Task<ObjectLookup> DiscoverMatchingAsync(ObjectId id, RequestFields request, long? firstByte, bool forPeer)
    {
        var (found, asked) = await DiscoverOnceAsync(id, request, firstByte, forPeer, request.HasCredentials ? request.Key : "").ConfigureAwait(false);
        var isForOthers = found.Version?.Headers.Variant is { } variant ? !variant.Matches(request) : found.Reply is not null && asked.Key != request.Key;
        return isForOthers ? (await DiscoverOnceAsync(id, request, firstByte, forPeer, request.Key).ConfigureAwait(false)).Found : found;
    }

    // The search belongs to nobody's request: it goes on when the first who asked has left.
    private Task<Discovery> DiscoverOnceAsync(ObjectId id, RequestFields request, long? firstByte, bool forPeer, string key)
    {
        var generation = purges.GenerationOf(id);
        var underWay = _underWay.GetOrAdd((id, forPeer, generation, key), _ => new Lazy<Task<Discovery>>(() => Task.Run(async () =>
        {
            try
            {
                // Someone else's search may have ended between our look into the directory and our entry here.
                return new Discovery(
                    known.TryFind(id, request, out var found) ? found : await DiscoverAsync(id, request, firstByte, forPeer, generation).ConfigureAwait(false), request);
            }
            catch (Exception error)
            {
                log.SearchFailedUnexpectedly(id.Shown, error);
                return new Discovery(ObjectLookup.Failed(ProxyError.OriginMisbehaved, "the object could not be looked up"), request);
            }
            finally
            {
                _underWay.TryRemove((id, forPeer, generation, key), out var _);
            }
        })));
        return underWay.Value;
    }

    private async Task<ObjectLookup> DiscoverAsync(ObjectId id, RequestFields request, long? firstByte, bool forPeer, long generation)
    {
        using var span = CacheTracing.StartObjectLookup(id);
        var found = await search.FindAsync(id, request, firstByte, forPeer, generation).ConfigureAwait(false);
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
            events.Note(RecentEventKind.ReadFailed, id.Shown, found.Error.ToString());
        }

        return found;
    }

    /// <param name="Found">What a search found out.</param>
    /// <param name="Request">The fields that were passed on with it.</param>
    private readonly record struct Discovery(ObjectLookup Found, RequestFields Request);
}
