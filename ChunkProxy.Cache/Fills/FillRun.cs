namespace ChunkProxy.Cache.Fills;

/// <summary>One stretch of a chunk that is being retrieved: filled from <see cref="Start"/> to <see cref="Position"/>, to be filled up to <see cref="Limit"/>.</summary>
internal sealed class FillRun(int start, int limit)
{
    public const int ShortestReach = 1024 * 1024;

    // A reader waits this long for a run on its way to the wanted byte, rather than ask for it separately.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    // In the first moments of a run its speed says nothing.
    private static readonly TimeSpan PaceKnownAfter = TimeSpan.FromMilliseconds(50);

    public int Start { get; set; } = start;

    public int Position { get; set; } = start;

    /// <summary>Only ever falls: another run may take over the rest.</summary>
    public int Limit { get; set; } = limit;

    /// <summary>As many bytes ahead of the position are taken as good as there: who wants one of them waits for this run.</summary>
    /// <remarks>
    /// Anything further is asked for by a request of its own, which costs the origin what it has sent of this one in vain. So not
    /// below <see cref="ShortestReach"/>, and not before it is known how fast the run is.
    /// </remarks>
    public int Reach { get; private set; } = int.MaxValue;

    /// <summary>Takes note of bytes that have been written.</summary>
    /// <param name="count">How many.</param>
    /// <param name="elapsed">Since the run was started.</param>
    public void Advance(int count, TimeSpan elapsed)
    {
        Position += count;
        if (elapsed >= PaceKnownAfter)
        {
            Expect((Position - Start) * (Patience / elapsed));
        }
    }

    /// <summary>Takes note of how many bytes the run brings in the time that a reader is made to wait.</summary>
    public void Expect(double bytes) => Reach = (int)Math.Clamp(bytes, ShortestReach, int.MaxValue);

    /// <summary>A timestamp of the time provider.</summary>
    public long StartedAt { get; set; }

    public bool IsDone => Position >= Limit;
}
