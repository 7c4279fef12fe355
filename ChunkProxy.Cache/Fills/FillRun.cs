namespace ChunkProxy.Cache.Fills;

/// <summary>
/// A part of a chunk that is being fetched: filled from <see cref="Start"/> to <see cref="Position"/>, to be filled up to <see cref="Limit"/>.
/// </summary>
internal sealed class FillRun(int start, int limit)
{
    public const int ShortestReach = 1024 * 1024;

    // How long a reader waits for a run that will reach the wanted byte, rather than request the byte separately.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    // Before this time the measured speed of a run is unreliable.
    private static readonly TimeSpan PaceKnownAfter = TimeSpan.FromMilliseconds(50);

    public int Start { get; set; } = start;

    public int Position { get; set; } = start;

    /// <summary>Only decreases: another run may take over the rest.</summary>
    public int Limit { get; set; } = limit;

    /// <summary>Bytes ahead of the position that will arrive soon: a reader that wants one of them waits for this run.</summary>
    /// <remarks>
    /// A byte beyond them is requested separately, and what the origin has already sent for this run is then wasted. So the reach is at least
    /// <see cref="ShortestReach"/>, and unlimited until the speed of the run is known.
    /// </remarks>
    public int Reach { get; private set; } = int.MaxValue;

    /// <summary>Records bytes that have been written.</summary>
    /// <param name="count">Number of bytes.</param>
    /// <param name="elapsed">Time since the run was started.</param>
    public void Advance(int count, TimeSpan elapsed)
    {
        Position += count;
        if (elapsed >= PaceKnownAfter)
        {
            Expect((Position - Start) * (Patience / elapsed));
        }
    }

    /// <summary>Sets the reach to the number of bytes that the run brings while a reader waits.</summary>
    public void Expect(double bytes) => Reach = (int)Math.Clamp(bytes, ShortestReach, int.MaxValue);

    /// <summary>When the run was started, as a timestamp of the time provider.</summary>
    public long StartedAt { get; set; }

    public bool IsDone => Position >= Limit;
}
