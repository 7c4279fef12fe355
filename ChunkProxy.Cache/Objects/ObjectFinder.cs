using System.Collections.Concurrent;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Objects;

/// <summary>[2] Finds the current version of an object. Concurrent callers share one search per object.</summary>
internal sealed class ObjectFinder(
    KnownObjects known, ObjectSearch search, PurgeLedger purges, PurgeFreshness freshness, ColdShares cold, RecentEvents events, ILogger<ObjectFinder> log)
{
    // A search for a peer is separate from one for a client of this process, which may be waiting for that very peer. A search that began before
    // a purge is separate from those after it: the origin may have answered it before the purge.
    private readonly ConcurrentDictionary<(ObjectId Id, bool ForPeer, long Generation, long OfTags, string Request), SharedWork<Discovery>> _underWay = new();

    /// <summary>[2.1] Returns the current version if this process knows it.</summary>
    public bool TryFind(ObjectId id, RequestFields request, out ObjectLookup found) => known.TryFind(id, request, out found);

    /// <inheritdoc cref="IChunkReader.FindAsync(ObjectId, RequestFields, long?, System.Net.IPAddress?, CancellationToken)"/>
    public ValueTask<ObjectLookup> FindAsync(ObjectId id, RequestFields request, long? firstByte, CancellationToken cancellationToken) =>
        DiscoverWhenCurrentAsync(id, request, firstByte, forPeer: false, cancellationToken);

    /// <summary>
    /// Does the same for a peer, without asking other members: two members that disagree about ownership could otherwise ask each other in a circle.
    /// </summary>
    public ValueTask<ObjectLookup> FindForPeerAsync(ObjectId id, RequestFields request, long? firstByte, CancellationToken cancellationToken) =>
        known.TryFind(id, request, out var found) ? new(found) : DiscoverWhenCurrentAsync(id, request, firstByte, forPeer: true, cancellationToken);

    /// <summary>Returns true if this process knows the current version, so that a lookup sends no request.</summary>
    public bool IsKnown(ObjectId id, RequestFields request) => known.TryFind(id, request, out var found) && !found.IsPassThrough;

    /// <summary>Forgets that this version is current. The next lookup asks the origin.</summary>
    public void Forget(ObjectVersion version) => known.Forget(version);

    private async ValueTask<ObjectLookup> DiscoverWhenCurrentAsync(ObjectId id, RequestFields request, long? firstByte, bool forPeer, CancellationToken cancellationToken)
    {
        await freshness.EnsureAsync(cancellationToken).ConfigureAwait(false);
        if (known.TryFindWhileRevalidating(id, request, out var stale))
        {
            ClientKey.Current = default; // no client waits for it
            _ = DiscoverMatchingAsync(id, request, firstByte: null, forPeer, CancellationToken.None);
            return ObjectLookup.Stale(stale);
        }

        return await DiscoverMatchingAsync(id, request, firstByte, forPeer, cancellationToken).ConfigureAwait(false);
    }

    // A caller joins the search in progress even if that search forwards other request fields: the origin usually answers both alike. If not, the
    // search found another variant, and the caller starts its own search. The caller also does so if the response is forwarded or the search has
    // failed, because that may depend on the fields, or if the search has no version and asked with another target. Searches with credentials are never shared.
    private async Task<ObjectLookup> DiscoverMatchingAsync(ObjectId id, RequestFields request, long? firstByte, bool forPeer, CancellationToken cancellationToken)
    {
        var asked = await DiscoverOnceAsync(id, request, firstByte, forPeer, request.HasCredentials ? request.Key : "", cancellationToken).ConfigureAwait(false);
        var found = asked.Found;
        var isForOthers = found.Version?.Headers.Variant is { } variant ? !variant.Matches(request)
            : (found.Reply is not null || found.Error is not ProxyError.None) && asked.Request.Key != request.Key;
        var isForOtherTarget = found.Version is null && !asked.Id.HasSameTargetAs(id); // the origin may have refused another viewer's token
        return isForOthers || isForOtherTarget
            ? (await DiscoverOnceAsync(
                id, request, firstByte, forPeer, id.HasOwnTarget ? $"{request.Key}\n\n{id.Target}" : request.Key, cancellationToken).ConfigureAwait(false)).Found
            : found;
    }

    // The search belongs to no single request: it continues until the last caller that waits for it has left.
    private async Task<Discovery> DiscoverOnceAsync(ObjectId id, RequestFields request, long? firstByte, bool forPeer, string key, CancellationToken cancellationToken)
    {
        var name = (id, forPeer, Generation: purges.GenerationOf(id), purges.Groups.NewestOfTags, key); // the tags are not known yet
        ColdShare? share = null;
        if (cold.AreLimited && !_underWay.ContainsKey(name) && search.CostOf(id, request, firstByte, forPeer) is > 0 and var cost)
        {
            try
            {
                share = await cold.ForObjectAsync(id, cost, cancellationToken).ConfigureAwait(false);
            }
            catch (ChunkReadException error)
            {
                return new Discovery(ObjectLookup.Failed(error.Error, error.Message), id, request);
            }
        }

        using var whileItBegins = share;
        ColdShare.Current = share;
        while (true)
        {
            var underWay = _underWay.GetOrAdd(name, name => new SharedWork<Discovery>(
                unwanted => SearchAsync(id, request, firstByte, forPeer, name.Generation, unwanted),
                one => _underWay.TryRemove(KeyValuePair.Create(name, one))));
            try
            {
                return await underWay.Join().WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Its callers had left before this one came, and it has ended: begin a new search.
            }
            finally
            {
                underWay.Leave();
            }
        }
    }

    private async Task<Discovery> SearchAsync(ObjectId id, RequestFields request, long? firstByte, bool forPeer, long generation, CancellationToken unwanted)
    {
        try
        {
            // Another search may have ended between the look into the directory and the entry here.
            return new Discovery(
                known.TryFind(id, request, out var found) ? found : await DiscoverAsync(id, request, firstByte, forPeer, generation, unwanted).ConfigureAwait(false), id, request);
        }
        catch (ChunkReadException removed)
        {
            return new Discovery(ObjectLookup.Failed(removed.Error, removed.Message), id, request); // the origin was removed from the settings
        }
        catch (Exception error) when (error is not OperationCanceledException || !unwanted.IsCancellationRequested)
        {
            log.SearchFailedUnexpectedly(id.Shown, error);
            return new Discovery(ObjectLookup.Failed(ProxyError.OriginMisbehaved, "the object could not be looked up"), id, request);
        }
    }

    private async Task<ObjectLookup> DiscoverAsync(ObjectId id, RequestFields request, long? firstByte, bool forPeer, long generation, CancellationToken unwanted)
    {
        using var span = CacheTracing.StartObjectLookup(id);
        var found = await search.FindAsync(id, request, firstByte, forPeer, generation, unwanted).ConfigureAwait(false);
        if (found.Error is not ProxyError.None)
        {
            span.Failed(found.Error);
        }
        else
        {
            span.EndedAs(nameof(CacheTracing.Found));
        }

        if (found.Error is not (ProxyError.None or ProxyError.NotFound or ProxyError.Gone or ProxyError.OriginRefused or ProxyError.OriginDown)) // client errors, and what another event reports
        {
            events.Note(RecentEventKind.ReadFailed, id.Shown, found.Error.ToString());
        }

        return found;
    }

    /// <param name="Found">The result of the search.</param>
    /// <param name="Id">The object, with the target that the search asked the origin with.</param>
    /// <param name="Request">The request fields that the search forwarded.</param>
    private readonly record struct Discovery(ObjectLookup Found, ObjectId Id, RequestFields Request);
}
