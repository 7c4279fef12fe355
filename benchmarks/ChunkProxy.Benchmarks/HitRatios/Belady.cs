namespace ChunkProxy.Benchmarks.HitRatios;

/// <summary>What could be had by somebody who knew the future: what is needed again last leaves first.</summary>
/// <remarks>The optimum where all sizes are equal, and near it where they are not (the exact one is NP-hard then).</remarks>
internal static class Belady
{
    public static SimulationResult Run(ReadOnlySpan<Request> trace, long capacity)
    {
        var next = NextUses(trace);
        var held = new Dictionary<ulong, int>(); // key, and where it is used next
        var furthest = new PriorityQueue<ulong, int>(Comparer<int>.Create((a, b) => b.CompareTo(a)));
        var used = 0L;
        var result = default(SimulationResult);
        var sizes = new Dictionary<ulong, long>();
        for (var i = 0; i < trace.Length; i++)
        {
            var request = trace[i];
            if (held.ContainsKey(request.Key))
            {
                result = result.Hit(request.Size);
            }
            else
            {
                result = result.Miss(request.Size);
                if (request.Size > capacity)
                {
                    continue;
                }

                while (used + request.Size > capacity)
                {
                    // Elements of the queue that a later use has overtaken are passed over.
                    if (furthest.TryDequeue(out var key, out var use) && held.TryGetValue(key, out var current) && current == use)
                    {
                        held.Remove(key);
                        used -= sizes[key];
                    }
                }

                used += request.Size;
                sizes[request.Key] = request.Size;
            }

            held[request.Key] = next[i];
            furthest.Enqueue(request.Key, next[i]);
        }

        return result;
    }

    private static int[] NextUses(ReadOnlySpan<Request> trace)
    {
        var next = new int[trace.Length];
        var seen = new Dictionary<ulong, int>();
        for (var i = trace.Length - 1; i >= 0; i--)
        {
            next[i] = seen.TryGetValue(trace[i].Key, out var use) ? use : int.MaxValue;
            seen[trace[i].Key] = i;
        }

        return next;
    }
}
