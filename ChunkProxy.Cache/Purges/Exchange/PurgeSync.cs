using System.Collections.Concurrent;
using ChunkProxy.Cache.Cluster;
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
    ClusterView cluster, PeerRequests peers, PeerHealth health, SharedSettings settings, PurgeLedger ledger, PurgeApplier worker, ILogger<PurgeSync> log)
{
    private readonly ConcurrentDictionary<string, string> _after = new(); // by member: the position that its last response gave

    /// <summary>Completes when the member's purges are applied here. Returns false if the member does not answer.</summary>
    public async Task<bool> AskAsync(Member member, PurgeQueryKind asking, CancellationToken cancellationToken)
    {
        PurgeBatch? news;
        try
        {
            news = await peers.AskAsync(member, PoolProtocol.PurgesPath, FieldsFor(member, asking), PurgeJson.Default.PurgeBatch, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        if (news is not { After: not null, Purges: not null } || !ledger.IsPlausible(news.Floor))
        {
            return false; // no answer, or one that no member would send
        }

        if (settings.DifferenceTo(news.Settings) is { } difference)
        {
            if (!health.IsAvoided(member))
            {
                log.MemberDiffers(member.Label, difference);
            }

            health.Trip(member, PeerReadOutcome.Disagrees);
            return false;
        }

        if (news.Floor > ledger.Newest)
        {
            await worker.EraseAllAsync().ConfigureAwait(false);
            ledger.RaiseFloor(news.Floor);
        }

        if (news.Purges.Count > 0)
        {
            ledger.Add(news.Purges.Select(entry => entry.ToPurge()).OfType<Purge>());
            await worker.WhenDoneAsync(ledger.Sequence, CancellationToken.None).ConfigureAwait(false);
        }

        NoteAnswer(member, news.After);
        return true;
    }

    // Removes the entries of departed members: members come and go under new ids.
    private void NoteAnswer(Member member, string after)
    {
        _after[member.Id] = after;
        if (_after.Count > cluster.Owners.Epoch.Members.Count)
        {
            foreach (var id in _after.Keys.Where(id => cluster.Owners.Epoch.Find(id) is null))
            {
                _after.TryRemove(id, out _);
            }
        }
    }

    private IEnumerable<(string Name, string Value)> FieldsFor(Member member, PurgeQueryKind asking)
    {
        if (_after.TryGetValue(member.Id, out var after))
        {
            yield return (PoolProtocol.After, after);
        }

        if (asking is not PurgeQueryKind.Read)
        {
            yield return (PoolProtocol.Listener, cluster.ProcessName);
        }

        if (asking is PurgeQueryKind.LongPoll)
        {
            yield return (PoolProtocol.Wait, "1");
        }
    }
}
