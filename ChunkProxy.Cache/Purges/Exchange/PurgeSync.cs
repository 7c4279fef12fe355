using System.Collections.Concurrent;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>Asks members for purges, and applies them here.</summary>
internal sealed class PurgeSync(
    ClusterView cluster,
    PeerRequests peers,
    PeerHealth health,
    SharedSettings settings,
    PurgeLedger ledger,
    PurgeApplier applier,
    PurgeTimes times,
    ILogger<PurgeSync> log)
{
    private readonly ConcurrentDictionary<string, PurgePosition> _positions = new(); // by member

    /// <summary>Completes when nothing is served here any more that the member's purges cover. Returns false if the member does not answer.</summary>
    public async Task<bool> AskAsync(Member member, PurgeQueryKind asking, CancellationToken cancellationToken)
    {
        PurgeBatch? batch;
        try
        {
            batch = await peers.AskAsync(member, PoolProtocol.PurgesPath, FieldsFor(member, asking), PurgeJson.Default.PurgeBatch, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        if (batch is not { After: not null, Purges: not null } || !ledger.IsPlausible(batch.Floor))
        {
            return false; // no answer, or one that no member would send
        }

        if (settings.DifferenceTo(batch.Settings) is { } difference)
        {
            if (!health.IsAvoided(member))
            {
                log.MemberDiffers(member.Label, difference);
            }

            health.Trip(member, PeerReadOutcome.Disagrees);
            return false;
        }

        if (batch.Floor > ledger.Newest)
        {
            await applier.EraseAllAsync().ConfigureAwait(false); // from the disk too: the purges that would refuse the files are forgotten
            ledger.RaiseFloor(batch.Floor);
        }

        if (batch.Purges.Count > 0)
        {
            ledger.Add(batch.Purges.Select(entry => entry.ToPurge()).OfType<Purge>());
            var sequence = ledger.Sequence;
            await applier.WhenSafeAsync(sequence, CancellationToken.None).ConfigureAwait(false);
            if (asking is PurgeQueryKind.LongPoll)
            {
                // The next request says that the files are deleted, too, if the disk is not slow. The member's purge waits for that.
                using var limit = new TimeLimit(times.DiskPatience, times.Clock, cancellationToken);
                await applier.WhenDoneAsync(sequence, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        NoteAnswer(member, batch.After);
        return true;
    }

    // Removes the entries of departed members: members come and go under new ids.
    private void NoteAnswer(Member member, string after)
    {
        var (sequence, done) = (ledger.Sequence, applier.Done);
        _positions[member.Id] = (_positions.GetValueOrDefault(member.Id) ?? new PurgePosition(after)).Deleted(done).Received(after, sequence);
        if (_positions.Count > cluster.Owners.Epoch.Members.Count)
        {
            foreach (var id in _positions.Keys.Where(id => cluster.Owners.Epoch.Find(id) is null))
            {
                _positions.TryRemove(id, out _);
            }
        }
    }

    private IEnumerable<(string Name, string Value)> FieldsFor(Member member, PurgeQueryKind asking)
    {
        var position = _positions.GetValueOrDefault(member.Id)?.Deleted(applier.Done);
        if (position is not null)
        {
            yield return (PoolProtocol.After, position.After);
        }

        if (asking is not PurgeQueryKind.Read)
        {
            yield return (PoolProtocol.Listener, cluster.ProcessName);
            if (position is not null && position.Erased != position.After)
            {
                yield return (PoolProtocol.Erased, position.Erased ?? "none");
            }
        }

        if (asking is PurgeQueryKind.LongPoll)
        {
            yield return (PoolProtocol.Wait, "1");
        }
    }
}
