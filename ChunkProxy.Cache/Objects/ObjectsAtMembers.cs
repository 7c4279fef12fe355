using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Objects;

/// <summary>Asks other members for the current version of an object.</summary>
internal sealed class ObjectsAtMembers(
    ClusterView cluster, MemberWalks walks, PeerClient peers, KnownObjects known, PurgeLedger purges, IOptions<CacheOptions> options)
{
    private readonly int _chunkSize = (int)options.Value.ChunkSize;

    /// <summary>Whether this process owns the first wanted chunk, so that <see cref="AskOwnersAsync"/> sends no request.</summary>
    public bool IsOwn(ObjectId id, long? firstByte) => cluster.Owns(id, ChunkAt(firstByte));

    /// <summary>
    /// Asks the owner of the first wanted chunk, or its stand-ins; the member that answers
    /// also starts to fetch the chunk. Returns null if this process has to search itself.
    /// </summary>
    public async Task<ObjectLookup?> AskOwnersAsync(ObjectId id, RequestFields request, long? firstByte, long generation, CancellationToken unwanted)
    {
        if (IsOwn(id, firstByte))
        {
            return null;
        }

        var walk = walks.ToOwners(id, ChunkAt(firstByte));
        while (walk.Next() is { } member)
        {
            var (outcome, said) = await peers.FindAsync(
                member, id, request, firstByte, onlyIfKnown: false, known.ContradictedVersionOf(id), generation, unwanted).ConfigureAwait(false);
            if (said is { } answer && !IsFromBefore(answer.Version, generation) && (answer.Error is ProxyError.None || await walk.IsFinalAsync(answer.Error, unwanted).ConfigureAwait(false)))
            {
                return Learn(id, request, answer, generation);
            }

            await walk.PassAsync(outcome, said?.Error ?? ProxyError.None, unwanted).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>
    /// Asks the former owners of the chunk, because a member that has just joined knows nothing. They ask no other member, so there is no circle.
    /// </summary>
    public async Task<ObjectVersion?> AskFormerOwnersAsync(ObjectId id, RequestFields request, long? firstByte, long generation, CancellationToken unwanted)
    {
        var walk = walks.ToFormerOwners(id, ChunkAt(firstByte));
        while (walk.Next() is { } member)
        {
            var (outcome, said) = await peers.FindAsync(member, id, request, firstByte: null, onlyIfKnown: true, contradicted: null, generation, unwanted).ConfigureAwait(false);
            if (said is { Version: { } version } && !IsFromBefore(version, generation))
            {
                purges.Add(id, version.Generation);
                return version;
            }

            await walk.PassAsync(outcome, ProxyError.None, unwanted).ConfigureAwait(false);
        }

        return null;
    }

    private long ChunkAt(long? firstByte) => (firstByte ?? 0) / _chunkSize;

    // The member may not have received a purge yet.
    private bool IsFromBefore(ObjectVersion? version, long generation) => version is not null && (version.Generation < generation || purges.IsPurged(version));

    private ObjectLookup Learn(ObjectId id, RequestFields request, ObjectLookup answer, long generation)
    {
        if (answer.Version is { } version)
        {
            purges.Add(id, version.Generation);
            known.Learn(version);
        }
        else if (answer.IsPassThrough)
        {
            // A redirect, say, may be for this request alone. The member remembers it otherwise, and is asked again.
            if (!request.HasCredentials && !id.HasOwnTarget && !known.TryFindVersion(id, request, out _))
            {
                known.RememberAbsence(id, answer.WithoutReply(), generation);
            }
        }
        else if (answer.Error is ProxyError.NotFound or ProxyError.Gone)
        {
            // Not remembered here: only the owner knows the lifetime, from the response.
            if (!request.HasCredentials)
            {
                ForgetVersion(id, request);
            }
        }
        else if (answer.Error.IsOriginUnavailable() && known.TryFindVersion(id, request, out var stale))
        {
            return known.TryServeStale(stale, id, request, answer.Reason!) ?? answer; // the member does not know the object, but this process does
        }

        return answer;
    }

    private void ForgetVersion(ObjectId id, RequestFields request)
    {
        if (known.TryFindVersion(id, request, out var gone))
        {
            known.Forget(gone);
        }

        known.ForgetContradiction(id);
    }
}
