namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Leaves a disk alone for a while after it failed, longer each time, and knows since when and why.</summary>
/// <remarks>The first work after the pause is the trial. Beginning and end of the state are logged, the failed trials between are not.</remarks>
internal sealed partial class DiskBreaker(string work, string directory, DiskTierOptions options, TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private volatile Outage? _outage;

    /// <summary>Null while all is well.</summary>
    public Outage? Current => _outage;

    public bool MayTry => _outage is not { } outage || time.GetUtcNow() >= outage.NextTry;

    /// <param name="exception">What went wrong.</param>
    /// <param name="bytes">How much was to be written: on a full disk, less may well succeed and prove nothing.</param>
    public void Failed(Exception exception, long bytes = 0)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_outage is not { } outage)
            {
                _outage = new Outage(DiskFault.Describe(exception), now, now + options.FirstRetryDelay, options.FirstRetryDelay, bytes);
                LogBegins(logger, exception, work, directory, _outage.Reason);
            }
            else if (now >= outage.NextTry) // else work that had begun before the pause
            {
                var delay = TimeSpan.FromTicks(Math.Min(outage.Delay.Ticks * 2, options.LongestRetryDelay.Ticks));
                _outage = outage with { Reason = DiskFault.Describe(exception), NextTry = now + delay, Delay = delay };
            }
        }
    }

    public void Succeeded(long bytes = 0)
    {
        if (_outage is null)
        {
            return;
        }

        lock (_gate)
        {
            if (_outage is { } outage && bytes >= outage.Bytes && time.GetUtcNow() >= outage.NextTry) // before, it is work that had begun before the fault
            {
                _outage = null;
                LogEnds(logger, work, directory, time.GetUtcNow() - outage.Since);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Disk cache cannot {Work} in {Directory}: {Reason}. Serving from memory and the origin; retrying automatically")]
    private static partial void LogBegins(ILogger logger, Exception exception, string work, string directory, string reason);

    [LoggerMessage(2, LogLevel.Information, "Disk cache can {Work} in {Directory} again, after {Duration}")]
    private static partial void LogEnds(ILogger logger, string work, string directory, TimeSpan duration);

    /// <param name="Reason">In words, for people.</param>
    /// <param name="Since">When it began.</param>
    /// <param name="NextTry">Until then the disk is left alone.</param>
    /// <param name="Delay">The pause that ends then.</param>
    /// <param name="Bytes">What must be written for it to be over.</param>
    public sealed record Outage(string Reason, DateTimeOffset Since, DateTimeOffset NextTry, TimeSpan Delay, long Bytes);
}
