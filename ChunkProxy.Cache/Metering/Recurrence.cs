namespace ChunkProxy.Cache.Metering;

/// <summary>Limits how often a frequent event is reported: the first time, then once an interval while it continues.</summary>
/// <param name="time">The clock.</param>
/// <param name="interval">The least time between two reports; null: a minute.</param>
internal sealed class Recurrence(TimeProvider time, TimeSpan? interval = null)
{
    private readonly TimeSpan _interval = interval ?? TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long _lastSaidAt; // under _gate
    private int _count; // since the last report; under _gate
    private bool _wasSaid; // under _gate

    /// <summary>Counts occurrences. Returns all since the last report if a report is due now; else 0.</summary>
    public int Happened(int times = 1)
    {
        lock (_gate)
        {
            _count += times;
            if (_wasSaid && time.GetElapsedTime(_lastSaidAt) < _interval)
            {
                return 0;
            }

            var count = _count;
            (_wasSaid, _lastSaidAt, _count) = (true, time.GetTimestamp(), 0);
            return count;
        }
    }
}
