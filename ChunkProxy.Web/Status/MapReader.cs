using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Status;

namespace ChunkProxy.Web.Status;

/// <summary>Draws the map of an object over all members.</summary>
internal sealed class MapReader(ClusterStatusReader members, ClusterView cluster)
{
    /// <summary>Null: neither this process nor any member that answered knows the object.</summary>
    public async Task<MapAnswer?> ReadAsync(ObjectId id, CancellationToken cancellationToken)
    {
        if (await members.ReadMapAsync(id, cancellationToken) is not { } map)
        {
            return null;
        }

        var drained = cluster.Drained.Select(member => member.Id).ToHashSet();
        var all = map.Others.Select(other => other.Map).Append(map.Own).SelectMany(it => it?.Runs ?? []);
        return new MapAnswer(
            id.PathAndQuery,
            map.Own.Version,
            map.Own.Validator,
            map.Own.SizeBytes,
            map.Own.ChunkSizeBytes,
            map.Own.Chunks,
            CachedChunks(all),
            [
                new MemberMap(cluster.Self?.Label ?? "this process", IsSelf: true, drained.Contains(cluster.Self?.Id ?? ""), Of(map.Own)),
                .. map.Others.Select(other => new MemberMap(other.Member.Label, IsSelf: false, drained.Contains(other.Member.Id), Of(other.Map))),
            ]);
    }

    /// <summary>How many chunks are whole in at least one of the places; runs of several places overlap.</summary>
    internal static long CachedChunks(IEnumerable<ChunkRun> runs)
    {
        var (count, end) = (0L, 0L);
        foreach (var run in runs.Where(run => run.Disk || run.Memory is MemoryPresence.Whole).OrderBy(run => run.First))
        {
            count += Math.Max(0, run.First + run.Count - Math.Max(end, run.First));
            end = Math.Max(end, run.First + run.Count);
        }

        return count;
    }

    private static IReadOnlyList<MapRun>? Of(ProcessMap? map) => map is null
        ? null
        : [.. map.Runs.Select(run => new MapRun(run.First, run.Count, FieldName.Of(run.Memory), run.Disk, run.Filling, run.Heat))];
}
