namespace ChunkProxy.Cache.Origin;

/// <summary>The origin bodies that are read at the pace of their clients. While other requests wait for their slots, slow ones end.</summary>
/// <remarks>
/// Such a body holds a connection to the origin for as long as its client takes. A client that reads slower than the minimum rate loses the
/// body only if a request waits, the slowest client first. A body whose origin is the slow side stays.
/// </remarks>
internal sealed class ClientPacedBodies(OriginSlots slots, long minRate, TimeProvider time)
{
    /// <summary>Time over which a rate is measured.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<OriginStream, (long AddedAt, long Bytes)> _bodies = []; // bytes read at the end of the last window
    private ITimer? _timer;

    /// <summary>Watches a body until it is closed or read to its end.</summary>
    public void Add(OriginStream body)
    {
        if (minRate == 0)
        {
            return;
        }

        lock (_gate)
        {
            _bodies.Add(body, (time.GetTimestamp(), 0));
            _timer ??= time.CreateTimer(static bodies => ((ClientPacedBodies)bodies!).EndWindow(), this, Window, Window);
        }

        body.WhenFreed(Remove);
    }

    private void Remove(OriginStream body)
    {
        lock (_gate)
        {
            _bodies.Remove(body);
            if (_bodies.Count == 0)
            {
                _timer?.Dispose();
                _timer = null;
            }
        }
    }

    private void EndWindow()
    {
        List<OriginStream> slowest;
        lock (_gate)
        {
            var windows = _bodies.Select(it => (Body: it.Key, it.Value.AddedAt, Begin: it.Value.Bytes, End: it.Key.BytesRead)).ToList();
            foreach (var (body, addedAt, _, end) in windows)
            {
                _bodies[body] = (addedAt, end);
            }

            slowest =
            [
                .. windows.Where(it => it.End - it.Begin < minRate * Window.TotalSeconds && time.GetElapsedTime(it.AddedAt) >= Window) // was there all the time
                    .OrderBy(it => it.End - it.Begin).Select(it => it.Body),
            ];
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
}
