using ChunkProxy.Cache.Status;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Draws the chunks of an object as a row of characters.</summary>
internal static class MapStrip
{
    [Flags]
    private enum Presence : byte
    {
        None = 0,
        Memory = 1,
        Disk = 2,
        Part = 4,
        Filling = 8,
    }

    /// <summary>Draws runs, which may overlap. Every chunk is in at least one cell, and every cell contains at least one chunk.</summary>
    /// <param name="runs">The cached runs of chunks.</param>
    /// <param name="chunks">The number of chunks of the object.</param>
    /// <param name="width">The number of cells.</param>
    public static MapCell[] Draw(IEnumerable<ChunkRun> runs, long chunks, int width)
    {
        var there = new Presence[chunks];
        foreach (var run in runs)
        {
            var presence = (run.Memory switch { MemoryPresence.Whole => Presence.Memory, MemoryPresence.Part => Presence.Part, _ => Presence.None })
                | (run.Disk ? Presence.Disk : Presence.None)
                | (run.Filling ? Presence.Filling : Presence.None);
            var end = Math.Min(chunks, run.First + run.Count);
            for (var i = Math.Max(0, run.First); i < end; i++)
            {
                there[i] |= presence;
            }
        }

        return [.. Enumerable.Range(0, chunks == 0 ? 0 : width).Select(cell =>
        {
            var first = cell * chunks / width;
            var end = Math.Max(first + 1, (cell + 1) * chunks / width);
            return Of(there.AsSpan((int)first, (int)(end - first)));
        })];
    }

    private static MapCell Of(ReadOnlySpan<Presence> chunks)
    {
        var any = Presence.None;
        var (inMemory, whole) = (true, true);
        foreach (var chunk in chunks)
        {
            any |= chunk;
            inMemory &= chunk.HasFlag(Presence.Memory);
            whole &= (chunk & (Presence.Memory | Presence.Disk)) != 0;
        }

        return any.HasFlag(Presence.Filling) ? MapCell.Filling
            : inMemory ? MapCell.Memory
            : whole ? MapCell.Disk
            : any == Presence.None ? MapCell.Nothing
            : MapCell.Part;
    }
}
