namespace ChunkProxy.Cache.Settings;

/// <summary>Divides the disk space of the cache over its directories. Pure arithmetic; see docs/operations.md.</summary>
internal static class DiskShares
{
    /// <summary>Divides a budget in proportion to the weights. The parts add up to the budget at most.</summary>
    /// <param name="budget">In bytes.</param>
    /// <param name="weights">One for each directory; null, unknown, counts as the average.</param>
    public static IReadOnlyList<long> Split(long budget, IReadOnlyList<long?> weights)
    {
        var average = (long)(weights.Average() ?? 1); // of the known ones
        var parts = weights.Select(weight => weight ?? average).ToList();
        Int128 sum = Math.Max(1, parts.Sum());
        return [.. parts.Select(part => (long)((Int128)budget * part / sum))];
    }

    /// <summary>Divides what directories on one file system share, such as its capacity or its free space.</summary>
    /// <param name="each">The whole amount, for each directory; null if unknown.</param>
    /// <param name="devices">The file system of each directory; null if unknown.</param>
    public static IReadOnlyList<long?> Shared(IReadOnlyList<long?> each, IReadOnlyList<ulong?> devices) =>
        [.. each.Select((amount, i) => devices[i] is { } device ? amount / devices.Count(other => other == device) : amount)];
}
