using ChunkProxy.Cache.Popularity;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Status;

/// <summary>What the clients of this process read.</summary>
internal sealed class ProcessTraffic(CacheMetrics metrics, HotObjects hot, IClientBytes? clients = null)
{
    private const int Most = 20;

    public CacheMetrics Metrics => metrics;

    /// <summary>Body bytes sent to clients.</summary>
    public long ClientBytes => clients?.Sent ?? 0;

    /// <summary>Returns the hottest objects, and the hottest first path segments.</summary>
    public (IReadOnlyList<HotFigures> Objects, IReadOnlyList<HotFigures> Prefixes) Hottest()
    {
        var counted = hot.Read();
        return (HotFigures.ObjectsOf(counted, Most), HotFigures.PrefixesOf(counted, Most));
    }
}
