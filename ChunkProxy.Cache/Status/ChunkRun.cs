using System.Text.Json.Serialization;

namespace ChunkProxy.Cache.Status;

/// <summary>Consecutive chunks in the same state at one process.</summary>
/// <param name="First">Index of the first chunk.</param>
/// <param name="Count">Number of chunks.</param>
/// <param name="Memory">How much of each chunk is in memory.</param>
/// <param name="Disk">Whether each chunk is on disk.</param>
/// <param name="Filling">Whether each chunk is being filled.</param>
/// <param name="Heat">Recent hits of each chunk in memory, as eviction counts them: 0 to 3.</param>
internal sealed record ChunkRun(long First, long Count, MemoryPresence Memory, bool Disk, bool Filling, int Heat)
{
    /// <summary>No part of the chunks is cached or being filled.</summary>
    [JsonIgnore]
    public bool IsNothing => Memory is MemoryPresence.None && !Disk && !Filling;

    /// <summary>All bytes of each chunk are cached.</summary>
    [JsonIgnore]
    public bool IsWhole => Disk || Memory is MemoryPresence.Whole;

    /// <summary>Counts the distinct chunks in the runs that match <paramref name="counts"/>. Runs of several processes may overlap.</summary>
    public static long CountChunks(IEnumerable<ChunkRun> runs, Func<ChunkRun, bool> counts)
    {
        var (count, end) = (0L, 0L);
        foreach (var run in runs.Where(counts).OrderBy(run => run.First))
        {
            count += Math.Max(0, run.First + run.Count - Math.Max(end, run.First));
            end = Math.Max(end, run.First + run.Count);
        }

        return count;
    }

    /// <summary>Joins states of single chunks, in ascending order, into runs. Omits chunks of which nothing is cached or being filled.</summary>
    public static IReadOnlyList<ChunkRun> Join(IEnumerable<ChunkRun> chunks)
    {
        var runs = new List<ChunkRun>();
        foreach (var chunk in chunks.Where(chunk => !chunk.IsNothing))
        {
            if (runs.Count > 0 && runs[^1] is var last && chunk.First == last.First + last.Count && last == chunk with { First = last.First, Count = last.Count })
            {
                runs[^1] = last with { Count = last.Count + chunk.Count };
            }
            else
            {
                runs.Add(chunk);
            }
        }

        return runs;
    }
}
