namespace ChunkProxy.Cache.Metering;

/// <summary>Limits how often a frequent event is reported: the first time, then once a minute while it continues.</summary>
internal sealed class Recurrence(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long _lastSaidAt; // under _gate
    private int _count; // since the last report; under _gate
    private bool _wasSaid; // under _gate

    /// <summary>Counts an occurrence. Returns the occurrences since the last report if a report is due now; else 0.</summary>
    public int Happened()
    {
        lock (_gate)
        {
            _count++;
            if (_wasSaid && time.GetElapsedTime(_lastSaidAt) < Interval)
            {
                return 0;
            }

            var count = _count;
            (_wasSaid, _lastSaidAt, _count) = (true, time.GetTimestamp(), 0);
            return count;
        }
    }
}
