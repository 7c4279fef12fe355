using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Purges;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Objects;

/// <summary>Asks other members which version of an object is current.</summary>
internal sealed class ObjectsAtMembers(ClusterView cluster, PeerClient peers, PeerVitals vitals, KnownObjects known, PurgeLedger purges, IOptions<CacheOptions> options)
{
    private readonly int _chunkSize = (int)options.Value.ChunkSize;

    /// <summary>Asks the member that owns the first wanted chunk, or who stands in for it: its answer begins to bring that too. Null: this process is to find out itself.</summary>
    public async Task<ObjectLookup?> AskOwnersAsync(ObjectId id, long? firstByte, long generation)
    {
        var index = (firstByte ?? 0) / _chunkSize;
        if (cluster.Owns(id, index))
        {
            return null;
        }

        var candidates = cluster.MembersToAsk(id, index);
        for (var next = 0; next < candidates.Count;)
        {
            var (outcome, said) = await peers.FindAsync(
                candidates[next++], id, firstByte, onlyIfKnown: false, known.ContradictedVersionOf(id), generation, CancellationToken.None).ConfigureAwait(false);
            if (outcome is PeerReadOutcome.Silent)
            {
                await vitals.CheckAsync(candidates.Skip(next), CancellationToken.None).ConfigureAwait(false);
            }

            if (said is not { } answer || answer.Version?.Generation < generation)
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

    /// <summary>Asks those that owned the chunk before, for a member that has just joined knows nothing. They ask nobody for it, so there is no circle.</summary>
    public async Task<ObjectVersion?> AskFormerOwnersAsync(ObjectId id, long? firstByte, long generation)
    {
        foreach (var member in cluster.MembersThatMayHold(id, (firstByte ?? 0) / _chunkSize))
        {
            var (_, said) = await peers.FindAsync(member, id, firstByte: null, onlyIfKnown: true, contradicted: null, generation, CancellationToken.None).ConfigureAwait(false);
            if (said is { Version: { } version } && version.Generation >= generation)
            {
                purges.Hear(id, version.Generation);
                return version;
            }
        }

        return null;
    }

    private ObjectLookup Learn(ObjectId id, ObjectLookup answer, long generation)
    {
        if (answer.Version is { } version)
        {
            purges.Hear(id, version.Generation);
            known.Learn(version);
        }
        else if (answer.IsPassThrough)
        {
            known.RememberNone(id, answer, generation);
        }
        else if (answer.Error is ProxyError.NotFound or ProxyError.Gone)
        {
            // Not remembered here: how long that may be, the owner has read out of the response.
            if (known.TryFindVersion(id, out var gone))
            {
                known.Forget(gone);
            }

            known.ForgetContradiction(id);
        }
        else if (answer.Error.IsOriginAway() && known.TryFindVersion(id, out var stale))
        {
            return known.ServeStale(stale, answer.Reason!); // the member never heard of the object, but we did
        }

        return answer;
    }
}
