using System.Text.Json.Serialization;

namespace ChunkProxy.Cache.Status;

/// <summary>Neighbouring chunks that a process has in the same way.</summary>
/// <param name="First">Number of the first.</param>
/// <param name="Count">How many they are.</param>
/// <param name="Memory">How much of each is in memory.</param>
/// <param name="Disk">Each is on disk.</param>
/// <param name="Filling">Each is being retrieved.</param>
/// <param name="Heat">How often each in memory was hit of late, as eviction sees it: 0 to 3.</param>
internal sealed record ChunkRun(long First, long Count, MemoryPresence Memory, bool Disk, bool Filling, int Heat)
{
    /// <summary>Not even a part is here or on its way.</summary>
    [JsonIgnore]
    public bool IsNothing => Memory is MemoryPresence.None && !Disk && !Filling;

    /// <summary>All bytes of each are here.</summary>
    [JsonIgnore]
    public bool IsWhole => Disk || Memory is MemoryPresence.Whole;

    /// <summary>Counts the chunks that are in at least one of the runs for which <paramref name="counts"/> holds; runs of several processes overlap.</summary>
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

    /// <summary>Joins states of single chunks, given in ascending order, into runs; what is nothing is left out.</summary>
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
