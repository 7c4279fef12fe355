using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Origin;

/// <summary>Keeps the open answers of origins that ignore ranges, so that one pass over an object serves all of its chunks that are read in order.</summary>
/// <remarks>
/// A run takes the body that stands nearest before its first byte, reads its part, and returns the body standing behind it. The
/// next chunk's run (look-ahead has it waiting already) takes it from there. A body nobody takes is closed after a while.
/// </remarks>
internal sealed class WholeBodies(TimeProvider time) : IDisposable
{
    // A player that pauses costs one more pass; a body that waits costs the origin a connection.
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];

    /// <summary>Returns a body of the version that stands at or before <paramref name="position"/>, as soon as its present reader is done; null if there is none.</summary>
    public async ValueTask<OriginBody?> TakeAsync(ObjectVersion version, long position, CancellationToken cancellationToken)
    {
        TaskCompletionSource<OriginBody?> turn;
        lock (_lock)
        {
            var nearest = _entries
                .Where(entry => entry.Version.IsSameVersionAs(version) && entry.StandsAt <= position)
                .MaxBy(entry => entry.StandsAt);
            if (nearest is null)
            {
                return null;
            }

            if (nearest.Idle is { } idle)
            {
                idle.Dispose();
                nearest.Idle = null;
                return nearest.Body;
            }

            turn = new TaskCompletionSource<OriginBody?>(TaskCreationOptions.RunContinuationsAsynchronously);
            nearest.Waiting.Add((position, turn));
        }

        using var registration = cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken));
        return await turn.Task.ConfigureAwait(false);
    }

    /// <summary>Makes a body known that its caller is about to read up to <paramref name="limit"/>, or says so of one that was taken.</summary>
    public void Reading(ObjectVersion version, OriginBody body, long limit)
    {
        lock (_lock)
        {
            var entry = _entries.Find(entry => entry.Body == body);
            if (entry is null)
            {
                _entries.Add(entry = new Entry(version, body));
            }

            entry.StandsAt = limit;
        }
    }

    /// <summary>Gives a body back, standing where the caller has read to; a body that broke is closed.</summary>
    public void Return(OriginBody body, bool broken)
    {
        lock (_lock)
        {
            var entry = _entries.Find(entry => entry.Body == body);
            if (entry is null)
            {
                body.Dispose();
                return;
            }

            entry.StandsAt = body.Position;
            if (broken || body.Position >= body.End)
            {
                Close(entry);
                return;
            }

            // Who waits for the nearest byte goes first; who waits for one that has passed must look elsewhere.
            entry.Waiting.Sort((one, other) => one.Position.CompareTo(other.Position));
            while (entry.Waiting.Count > 0)
            {
                var (position, turn) = entry.Waiting[0];
                entry.Waiting.RemoveAt(0);
                if (turn.TrySetResult(position >= body.Position ? body : null) && position >= body.Position)
                {
                    return;
                }
            }

            entry.Idle = time.CreateTimer(_ => CloseIfIdle(entry), null, IdleTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _entries.ToList().ForEach(Close);
        }
    }

    private void CloseIfIdle(Entry entry)
    {
        lock (_lock)
        {
            if (entry.Idle is not null && _entries.Contains(entry))
            {
                Close(entry);
            }
        }
    }

    private void Close(Entry entry)
    {
        _entries.Remove(entry);
        entry.Idle?.Dispose();
        entry.Body.Dispose();
        foreach (var (_, turn) in entry.Waiting)
        {
            turn.TrySetResult(null);
        }
    }

    private sealed class Entry(ObjectVersion version, OriginBody body)
    {
        public ObjectVersion Version { get; } = version;

        public OriginBody Body { get; } = body;

        /// <summary>The byte the body stands at, or will when its present reader is done.</summary>
        public long StandsAt { get; set; } = body.Position;

        /// <summary>Runs while nobody reads.</summary>
        public ITimer? Idle { get; set; }

        public List<(long Position, TaskCompletionSource<OriginBody?> Turn)> Waiting { get; } = [];
    }
}
