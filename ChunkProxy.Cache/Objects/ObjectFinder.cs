using System.Collections.Concurrent;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.SuperHot;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Objects;

/// <summary>Finds which version of an object is current: from memory, from the record on disk, or at the origin, asked once however many want to know.</summary>
internal sealed class ObjectFinder(
    ObjectDirectory directory,
    OriginClient origin,
    ClusterView cluster,
    PeerClient peers,
    FillTable fills,
    PurgeLedger purges,
    PurgeCurrency currency,
    TimeProvider time,
    IOptions<CacheOptions> options,
    RecentEvents events,
    ILogger<ObjectFinder> log,
    DiskTier? disk = null,
    SuperHotTier? superHot = null)
{
    // While the origin does not answer, what was known is served on and it is asked again this often.
    private static readonly TimeSpan StaleFor = TimeSpan.FromSeconds(5);

    // A search for a peer is apart from one for a client of ours: that one may be waiting for this very peer. And one that began before a purge is
    // apart from those after it: the origin may have answered it before.
    private readonly ConcurrentDictionary<(ObjectId Id, bool ForPeer, long Generation), Lazy<Task<ObjectLookup>>> _underWay = new();

    // Versions that a read found to be the origin's no more. The members that are asked for the current one are told, for they may
    // not have noticed yet; an entry goes when something is known of the object again.
    private readonly ConcurrentDictionary<ObjectId, string> _contradicted = new();
    private readonly int _chunkSize = (int)options.Value.ChunkSize;
    private readonly TimeSpan _notFoundLifetime = options.Value.NotFoundLifetime;

    /// <inheritdoc cref="IChunkReader.FindAsync"/>
    public ValueTask<ObjectLookup> FindAsync(ObjectId id, long? firstByte, CancellationToken cancellationToken) =>
        directory.TryFind(id, out var known) ? new(known) : new(DiscoverWhenCurrentAsync(id, firstByte, forPeer: false, cancellationToken));

    /// <summary>The same on behalf of a peer: without asking any other member, so that two that disagree about ownership cannot ask each other in a circle.</summary>
    public ValueTask<ObjectLookup> FindForPeerAsync(ObjectId id, long? firstByte, CancellationToken cancellationToken) =>
        directory.TryFind(id, out var known) ? new(known) : new(DiscoverWhenCurrentAsync(id, firstByte, forPeer: true, cancellationToken));

    /// <summary>Finds what is known here and may be relied on now.</summary>
    public bool TryFindKnown(ObjectId id, out ObjectLookup known) => directory.TryFind(id, out known);

    /// <summary>The same for a peer that has seen this version contradicted: if it is what is known here, the origin is asked again.</summary>
    public void Distrust(ObjectId id, string versionToken)
    {
        if (directory.TryFindVersion(id, out var known) && known.Token == versionToken)
        {
            Forget(known);
        }
    }

    /// <summary>Forgets a version that turned out not to be the origin's any more, with its record and its chunks on disk.</summary>
    public void Forget(ObjectVersion version)
    {
        directory.Forget(version);
        if (purges.IsPurged(version))
        {
            return; // the purge sees to the rest, and the record may be of its successor by now
        }

        _contradicted[version.Id] = version.Token;
        disk?.RemoveVersion(version);
        disk?.RemoveVersionRecord(version.Id);
    }

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
                return directory.TryFind(id, out var known) ? known : await DiscoverAsync(id, firstByte, forPeer, generation).ConfigureAwait(false);
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

        if (found.Error is not (ProxyError.None or ProxyError.NotFound or ProxyError.Gone or ProxyError.OriginRefused)) // those are clients' mistakes
        {
            events.Note(RecentEventKind.ReadFailed, id.PathAndQuery, found.Error.ToString());
        }

        return found;
    }

    private async Task<ObjectLookup> SearchAsync(ObjectId id, long? firstByte, bool forPeer, long generation)
    {
        if (!forPeer && await AskMembersAsync(id, firstByte, generation).ConfigureAwait(false) is { } answer)
        {
            return answer;
        }

        if (!directory.TryFindVersion(id, out var known) && disk is not null)
        {
            known = await disk.FindVersionAsync(id, _chunkSize, CancellationToken.None).ConfigureAwait(false);
            purges.Hear(id, known?.Generation ?? 0); // the ledger's file may have been lost, or not been written in time
            if (known is not null && known.Generation >= generation && time.GetUtcNow() < known.Headers.FreshUntil)
            {
                directory.Remember(known);
                return ObjectLookup.Found(known, askedOrigin: false);
            }
        }

        if (known is not null && known.Generation >= generation)
        {
            return await RevalidateAsync(known).ConfigureAwait(false);
        }

        return await AskFormerOwnersAsync(id, firstByte, generation).ConfigureAwait(false) is { } asked
            ? asked
            : await OrSuperHotAsync(id, await AskAsync(id, firstByte, generation).ConfigureAwait(false), generation).ConfigureAwait(false);
    }

    // Whoever knew the object is dead, and the origin is away: of an object whose chunks are super hot there is a record with them.
    private async ValueTask<ObjectLookup> OrSuperHotAsync(ObjectId id, ObjectLookup found, long generation) =>
        superHot is not null && IsOriginAway(found.Error) && await superHot.FindVersionAsync(id, _chunkSize, CancellationToken.None).ConfigureAwait(false) is { } version
        && version.Generation >= generation
            ? ServeStale(version, found.Reason!)
            : found;

    // The member that owns the first wanted chunk: its answer begins to bring that too. Null: this process is to find out itself.
    private async Task<ObjectLookup?> AskMembersAsync(ObjectId id, long? firstByte, long generation)
    {
        var index = (firstByte ?? 0) / _chunkSize;
        if (cluster.Owns(id, index))
        {
            return null;
        }

        foreach (var member in cluster.MembersToAsk(id, index))
        {
            if (await peers.FindAsync(member, id, firstByte, onlyIfKnown: false, _contradicted.GetValueOrDefault(id), generation, CancellationToken.None).ConfigureAwait(false) is not { } answer
                || answer.Version?.Generation < generation)
            {
                continue;
            }

            if (answer.Error is ProxyError.None || answer.Error.IsSaidByOrigin())
            {
                return Learn(id, answer, generation);
            }

            if (answer.Error is not ProxyError.Overloaded)
            {
                return null; // its way to the origin may be broken where ours is not
            }
        }

        return null;
    }

    // A member that has just joined knows nothing, but those that owned the chunk before do. They ask nobody for it, so there is no circle.
    private async Task<ObjectLookup?> AskFormerOwnersAsync(ObjectId id, long? firstByte, long generation)
    {
        foreach (var member in cluster.MembersThatMayHold(id, (firstByte ?? 0) / _chunkSize))
        {
            if (await peers.FindAsync(member, id, firstByte: null, onlyIfKnown: true, contradicted: null, generation, CancellationToken.None).ConfigureAwait(false) is { Version: { } version }
                && version.Generation >= generation)
            {
                purges.Hear(id, version.Generation);
                // Confirmed however fresh it is: this process may have forgotten that very version because it is not the origin's any more.
                return await RevalidateAsync(version).ConfigureAwait(false);
            }
        }

        return null;
    }

    private ObjectLookup Learn(ObjectId id, ObjectLookup answer, long generation)
    {
        if (answer.Version is { } version)
        {
            purges.Hear(id, version.Generation);
            if (directory.TryFindVersion(id, out var known) && !known.IsSameVersionAs(version))
            {
                log.ObjectChanged(id.PathAndQuery, known.Validator.Value, version.Validator.Value);
                Forget(known);
            }

            Remember(version);
        }
        else if (answer.IsPassThrough || answer.Error is ProxyError.NotFound or ProxyError.Gone)
        {
            directory.Remember(id, answer, time.GetUtcNow() + _notFoundLifetime, generation);
        }
        else if (IsOriginAway(answer.Error) && directory.TryFindVersion(id, out var stale))
        {
            return ServeStale(stale, answer.Reason!); // the member never heard of the object, but we did
        }

        return answer;
    }

    private static bool IsOriginAway(ProxyError error) =>
        error is ProxyError.OriginUnreachable or ProxyError.OriginTimedOut or ProxyError.OriginFailed or ProxyError.Overloaded;

    // RFC 5861: rather stale than an error.
    private ObjectLookup ServeStale(ObjectVersion known, string reason)
    {
        log.ServingStale(known.Id.PathAndQuery, reason);
        directory.Remember(known.Id, ObjectLookup.Found(known, askedOrigin: false), time.GetUtcNow() + StaleFor, known.Generation);
        return ObjectLookup.FoundAgain(known);
    }

    private async Task<ObjectLookup> RevalidateAsync(ObjectVersion known)
    {
        using var answer = await origin.GetAsync(
            new OriginRequest(known.Id, known.Size > 0 ? new ByteRange(0, 1) : null, known, OnlyIfChanged: true), CancellationToken.None).ConfigureAwait(false);
        switch (answer)
        {
            case { Outcome: OriginOutcome.Unreachable or OriginOutcome.TimedOut or OriginOutcome.Failed or OriginOutcome.Overloaded }:
                return ServeStale(known, answer.Reason);
            case { Outcome: OriginOutcome.NotModified or OriginOutcome.Part or OriginOutcome.Whole, Version: { } current }:
                if (!current.IsSameVersionAs(known))
                {
                    log.ObjectChanged(known.Id.PathAndQuery, known.Validator.Value, current.Validator.Value);
                    Forget(known);
                }

                Remember(current);
                return ObjectLookup.FoundAgain(current);
            default:
                Forget(known);
                return Conclude(known.Id, answer, known.Generation);
        }
    }

    private async Task<ObjectLookup> AskAsync(ObjectId id, long? firstByte, long generation)
    {
        var start = firstByte ?? 0;
        var end = firstByte is null ? 1 : ((start / _chunkSize) + 1) * _chunkSize;
        using var answer = await origin.GetPatientlyAsync(new OriginRequest(id, new ByteRange(start, end)) { Generation = generation }, CancellationToken.None).ConfigureAwait(false);
        if (answer.Outcome is OriginOutcome.BeyondEnd)
        {
            return await AskBeyondEndAsync(id, start, generation).ConfigureAwait(false);
        }

        if (answer is not { Outcome: OriginOutcome.Part or OriginOutcome.Whole, Version: { } version })
        {
            return Conclude(id, answer, generation);
        }

        // Before the version is known to others, who would begin a fill of their own for the same bytes.
        if (firstByte is not null && start < version.Size)
        {
            var slice = version.Layout.SliceAt(start, version.Size);
            fills.Adopt(version.Chunk(slice.ChunkIndex), slice.Offset, answer.TakeBody());
        }

        return Remember(version);
    }

    // A 416 names no version. The object's first byte does, and an empty object has not even that: it must be asked for as a whole.
    private async Task<ObjectLookup> AskBeyondEndAsync(ObjectId id, long start, long generation)
    {
        if (start > 0)
        {
            return await AskAsync(id, firstByte: null, generation).ConfigureAwait(false);
        }

        using var answer = await origin.GetPatientlyAsync(new OriginRequest(id, Range: null) { Generation = generation }, CancellationToken.None).ConfigureAwait(false);
        return answer is { Outcome: OriginOutcome.Whole, Version: { } version } ? Remember(version) : Conclude(id, answer, generation);
    }

    private ObjectLookup Remember(ObjectVersion version)
    {
        directory.Remember(version);
        _contradicted.TryRemove(version.Id, out _);
        disk?.StoreVersion(version);
        if (purges.IsPurged(version))
        {
            disk?.RemoveVersionRecord(version.Id); // while the origin answered
        }

        return ObjectLookup.Found(version, askedOrigin: true);
    }

    private ObjectLookup Conclude(ObjectId id, OriginAnswer answer, long generation)
    {
        var lookup = answer.Outcome is OriginOutcome.Uncacheable
            ? ObjectLookup.PassThrough()
            : ObjectLookup.Failed(answer.ToError(), answer.Reason, answer.Status);
        if (answer.Outcome is OriginOutcome.NotFound or OriginOutcome.Gone or OriginOutcome.Uncacheable)
        {
            directory.Remember(id, lookup, time.GetUtcNow() + _notFoundLifetime, generation);
            _contradicted.TryRemove(id, out _);
        }

        return lookup;
    }
}
