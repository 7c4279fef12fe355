using ChunkProxy.Cache.Concurrency;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Circuit breaker of a disk: pauses its use after a fault, with exponential back-off.</summary>
/// <remarks>
/// The first operation after the pause is the probe, and not a request of its own as with a <see cref="ProbeBreaker"/>: whether a full disk has room
/// again depends on the size of the write. The start and the end of an outage are logged; failed probes between are not.
/// </remarks>
internal sealed partial class DiskBreaker(string work, string directory, DiskTierOptions options, TimeProvider time, ILogger logger)
{
    private readonly Backoff _pauses = new(options.FirstRetryDelay, options.LongestRetryDelay);
    private readonly Lock _gate = new();
    private volatile Outage? _outage;

    /// <summary>The current outage, or null.</summary>
    public Outage? Current => _outage;

    public bool MayTry => _outage is not { } outage || time.GetUtcNow() >= outage.NextTry;

    /// <param name="exception">The fault.</param>
    /// <param name="bytes">Size of the failed write. On a full disk a smaller write may succeed, which does not prove recovery.</param>
    public void Failed(Exception exception, long bytes = 0)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_outage is not { } outage)
            {
                _outage = new Outage(DiskFault.Describe(exception), now, now + _pauses.Pause(1), Failures: 1, bytes);
                LogBegins(logger, exception, work, directory, _outage.Reason);
            }
            else if (now >= outage.NextTry) // otherwise the operation began before the pause
            {
                var failures = outage.Failures + 1;
                _outage = outage with { Reason = DiskFault.Describe(exception), NextTry = now + _pauses.Pause(failures), Failures = failures };
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
            if (_outage is { } outage && bytes >= outage.Bytes && time.GetUtcNow() >= outage.NextTry) // earlier, the operation began before the fault
            {
                _outage = null;
                LogEnds(logger, work, directory, time.GetUtcNow() - outage.Since);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Disk cache cannot {Work} in {Directory}: {Reason}. Bypassing this directory; retrying automatically")]
    private static partial void LogBegins(ILogger logger, Exception exception, string work, string directory, string reason);

    [LoggerMessage(2, LogLevel.Information, "Disk cache can {Work} in {Directory} again, after {Duration}")]
    private static partial void LogEnds(ILogger logger, string work, string directory, TimeSpan duration);

    /// <param name="Reason">For people.</param>
    /// <param name="Since">Start of the outage.</param>
    /// <param name="NextTry">End of the pause. The disk is not used before.</param>
    /// <param name="Failures">Failed operations, each after a pause.</param>
    /// <param name="Bytes">Smallest write whose success ends the outage.</param>
    public sealed record Outage(string Reason, DateTimeOffset Since, DateTimeOffset NextTry, int Failures, long Bytes);
}
