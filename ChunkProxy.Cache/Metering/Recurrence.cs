namespace ChunkProxy.Cache.Metering;

/// <summary>Something that may happen very often and is worth a line now and then: the first time, and then once a minute as long as it goes on.</summary>
internal sealed class Recurrence(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long _lastSaidAt; // under _gate
    private int _count; // since then; under _gate
    private bool _wasSaid; // under _gate

    /// <summary>It happened. Returns how often since it was last said, if it is to be said now; else 0.</summary>
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
