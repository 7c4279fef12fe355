using System.Collections;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Status;

namespace ChunkProxy.Cache.Warming;

/// <summary>Snapshot of the chunks of a version that reads would find at the responsible members.</summary>
internal sealed class Holdings
{
    private readonly ClusterView _cluster;
    private readonly ObjectVersion _version;
    private readonly BitArray _own;
    private readonly Dictionary<string, BitArray?> _others; // by member; null: no response

    public Holdings(ClusterView cluster, ObjectVersion version, ClusterMap map)
    {
        _cluster = cluster;
        _version = version;
        _own = ChunksOf(map.Members.Single(member => member.IsSelf).Runs!);
        _others = map.Members.Where(member => !member.IsSelf).ToDictionary(member => member.Member, member => member.Runs is null ? null : ChunksOf(member.Runs));
        Cluster = string.Join(' ', [cluster.Owners.Epoch.Number.ToString("x16", null), .. _others.Where(other => other.Value is null).Select(other => other.Key).Order()]);
    }

    /// <summary>Identifies the epoch and the silent members. Snapshots with equal values differ only by fetches and evictions between them.</summary>
    public string Cluster { get; }

    /// <summary>Whether the chunk is at its owner, or at the stand-in of an owner that does not respond.</summary>
    public bool Has(long index)
    {
        foreach (var member in _cluster.MembersToAsk(_version.Id, index))
        {
            if (_others.GetValueOrDefault(member.Id) is { } there)
            {
                return there[(int)index];
            }
        }

        return _own[(int)index];
    }

    private BitArray ChunksOf(IReadOnlyList<ChunkRun> runs)
    {
        var there = new BitArray(checked((int)_version.Layout.ChunkCount));
        foreach (var run in runs.Where(run => run.IsWhole))
        {
            for (var i = 0; i < run.Count; i++)
            {
                there[(int)run.First + i] = true;
            }
        }

        return there;
    }
}
