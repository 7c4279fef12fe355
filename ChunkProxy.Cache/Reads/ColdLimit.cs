using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace ChunkProxy.Cache.Reads;

/// <summary>What each client of one route may make the origin send at one time, beside what it may for all routes.</summary>
/// <remarks>
/// Like <see cref="ClientKey"/>, it follows the flow of calls (<see cref="ExecutionContext"/>), and goes to the owners, which know no routes. So the owners count.
/// </remarks>
/// <param name="Route">A hash of the route's name, the same in every process; not 0.</param>
/// <param name="Bytes">The most bytes, in whole chunks.</param>
/// <param name="Refuses">Whether requests for unknown objects beyond them fail at once.</param>
internal sealed record ColdLimit(ulong Route, long Bytes, bool Refuses)
{
    private static readonly AsyncLocal<ColdLimit?> Flow = new();

    /// <summary>The limit of the current flow of calls; null: none. A value that is set in an async method ends with that method.</summary>
    public static ColdLimit? Current
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }

    /// <param name="route">The name of the route. Case does not count.</param>
    /// <param name="bytes">The most bytes.</param>
    /// <param name="refuses">Whether requests for unknown objects beyond them fail at once.</param>
    public static ColdLimit Of(string route, long bytes, bool refuses) =>
        new(Math.Max(1, XxHash3.HashToUInt64(MemoryMarshal.AsBytes(route.ToLowerInvariant().AsSpan()))), bytes, refuses);
}
