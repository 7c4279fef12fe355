using ChunkProxy.Cache.Eviction;

namespace ChunkProxy.Benchmarks.HitRatios;

/// <summary>Runs a trace through a policy as a tier does: a hit touches, a miss makes room and adds.</summary>
internal static class Simulation
{
    public static SimulationResult Run(ReadOnlySpan<Request> trace, IEvictionPolicy<ulong> policy)
    {
        var index = new Dictionary<ulong, EvictionEntry<ulong>>();
        var result = default(SimulationResult);
        foreach (var request in trace)
        {
            if (index.TryGetValue(request.Key, out var entry))
            {
                policy.Touch(entry);
                result = result.Hit(request.Size);
                continue;
            }

            result = result.Miss(request.Size);
            if (request.Size > policy.Capacity)
            {
                continue;
            }

            while (policy.UsedBytes + request.Size > policy.Capacity)
            {
                if (!policy.TryEvict(out var victim) || !index.Remove(victim.Key))
                {
                    throw new InvalidOperationException("The policy lost an entry.");
                }
            }

            entry = new EvictionEntry<ulong>(request.Key, request.Size);
            index.Add(request.Key, entry);
            policy.Add(entry);
        }

        return result;
    }
}
