namespace ChunkProxy.Cache.Origin;

/// <summary>
/// The origin bodies that are read at the pace of their clients. They have places of their own, so that slow clients do not hold the slots of requests.
/// Slow bodies end if even the places do not suffice.
/// </summary>
/// <remarks>
/// Such a body holds a connection to the origin for as long as its client takes. With a place, it gives its slots back. A body for which there is no place
/// keeps its slots until it gets one. While requests wait for these slots, clients that read slower than the minimum rate lose their bodies, the slowest
/// client first. A body whose origin is the slow side stays.
/// </remarks>
/// <param name="slots">The slots that a body holds before it has a place.</param>
/// <param name="places">Most bodies with a place.</param>
/// <param name="minRate">The minimum rate in bytes per second; 0 for none.</param>
/// <param name="time">Measures the rates.</param>
internal sealed class ClientPacedBodies(OriginSlots slots, int places, long minRate, TimeProvider time)
{
    /// <summary>Time over which a rate is measured.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<OriginStream, Pace> _bodies = [];
    private int _placed; // written under _gate
    private ITimer? _timer;

    /// <summary>Bodies with a place, which hold no slot.</summary>
    public int Placed => Volatile.Read(ref _placed);

    /// <summary>Watches a body until it is closed or read to its end.</summary>
    public void Add(OriginStream body)
    {
        var pace = new Pace(time.GetTimestamp());
        bool hasPlace;
        lock (_gate)
        {
            _bodies.Add(body, pace);
            hasPlace = TryPlace(pace);
            if (minRate > 0)
            {
                _timer ??= time.CreateTimer(static bodies => ((ClientPacedBodies)bodies!).EndWindow(), this, Window, Window);
            }
        }

        if (hasPlace)
        {
            body.FreeSlots();
        }

        body.WhenEnded(Remove);
    }

    private bool TryPlace(Pace pace)
    {
        if (_placed == places)
        {
            return false;
        }

        _placed++;
        return pace.HasPlace = true;
    }

    private void Remove(OriginStream body)
    {
        OriginStream? next = null;
        lock (_gate)
        {
            if (!_bodies.Remove(body, out var pace))
            {
                return; // the second call
            }

            if (pace.HasPlace)
            {
                _placed--;
                next = OldestWithoutPlace();
            }

            if (_bodies.Count == 0)
            {
                _timer?.Dispose();
                _timer = null;
            }
        }

        next?.FreeSlots();
    }

    // Gives it the place that has become free.
    private OriginStream? OldestWithoutPlace()
    {
        if (_bodies.Count == _placed)
        {
            return null;
        }

        var (body, pace) = _bodies.Where(it => !it.Value.HasPlace).MinBy(it => it.Value.AddedAt);
        TryPlace(pace);
        return body;
    }

    private void EndWindow()
    {
        List<OriginStream> slowest;
        lock (_gate)
        {
            slowest =
            [
                .. _bodies.Select(it => (Body: it.Key, it.Value.AddedAt, Read: it.Value.ReadSince(it.Key.BytesRead)))
                    .Where(it => it.Read < minRate * Window.TotalSeconds && time.GetElapsedTime(it.AddedAt) >= Window) // was there all the time
                    .OrderBy(it => it.Read).Select(it => it.Body),
            ];
            if (_bodies.Count == _placed)
            {
                return; // what waits does not wait for a body
            }
        }

        var needed = slots.Waiting;
        foreach (var body in slowest)
        {
            if (needed > 0 && body.TryRevoke())
            {
                needed--;
            }
        }
    }

    private sealed class Pace(long addedAt)
    {
        private long _bytes; // read at the end of the last window

        public long AddedAt => addedAt;

        public bool HasPlace { get; set; }

        /// <summary>Ends a window, and returns the bytes that were read in it.</summary>
        public long ReadSince(long bytes)
        {
            var read = bytes - _bytes;
            _bytes = bytes;
            return read;
        }
    }
}
