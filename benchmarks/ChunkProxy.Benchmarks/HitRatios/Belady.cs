namespace ChunkProxy.Benchmarks.HitRatios;

/// <summary>Belady's algorithm: evicts the entry whose next use is furthest in the future.</summary>
/// <remarks>Optimal if all sizes are equal, otherwise nearly optimal (the exact optimum is NP-hard).</remarks>
internal static class Belady
{
    public static SimulationResult Run(ReadOnlySpan<Request> trace, long capacity)
    {
        var next = NextUses(trace);
        var held = new Dictionary<ulong, int>(); // key, and index of its next use
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
                    // Skip outdated elements of the queue: the key was used again since.
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
