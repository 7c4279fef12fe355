namespace ChunkProxy.Cache.Concurrency;

/// <summary>Pauses that double, up to a longest one.</summary>
/// <param name="First">The first pause.</param>
/// <param name="Longest">The longest pause.</param>
internal readonly record struct Backoff(TimeSpan First, TimeSpan Longest)
{
    // Doubling a pause of 1 ms more often exceeds any time limit of the settings.
    private const int MostDoublings = 32;

    /// <summary>Returns one of the pauses.</summary>
    /// <param name="number">Number of the pause, from 1.</param>
    public TimeSpan Pause(int number)
    {
        var doubled = First.Ticks * Math.Pow(2, Math.Clamp(number - 1, 0, MostDoublings));
        return doubled < Longest.Ticks ? TimeSpan.FromTicks((long)doubled) : Longest;
    }
}
