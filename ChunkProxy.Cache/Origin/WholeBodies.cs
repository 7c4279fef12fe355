using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Origin;

/// <summary>
/// Keeps the open responses of origins that ignore ranges, so that one pass over an object serves all chunks that are read in order.
/// </summary>
/// <remarks>
/// A run takes the body with the nearest position at or before its first byte, reads its part, and returns the body. The run of the next chunk, which
/// look-ahead has already queued, continues from there. An unused body is closed after <see cref="IdleTime"/>.
/// </remarks>
/// <param name="time">Measures the idle time.</param>
/// <param name="mostIdle">
/// Most unused bodies at one time. With more, the client with the most of them loses the one that it has not used for the longest time. So slow clients
/// hold few connections, and one slow client takes none from others.
/// </param>
internal sealed class WholeBodies(TimeProvider time, int mostIdle) : IDisposable
{
    // Too short: a paused player costs another pass. Too long: an idle body occupies an origin connection.
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];

    /// <summary>
    /// Returns a body of the version whose position is at or before <paramref name="position"/>, once its current reader is done; null if there is
    /// none.
    /// </summary>
    public async ValueTask<OriginBody?> TakeAsync(ObjectVersion version, long position, CancellationToken cancellationToken)
    {
        TaskCompletionSource<OriginBody?> turn;
        lock (_lock)
        {
            var nearest = _entries
                .Where(entry => entry.Version.IsSameVersionAs(version) && entry.NextPosition <= position)
                .MaxBy(entry => entry.NextPosition);
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

    /// <summary>Records that the caller is about to read the body up to <paramref name="limit"/>; adds the body if it is new.</summary>
    public void Reading(ObjectVersion version, OriginBody body, long limit)
    {
        lock (_lock)
        {
            var entry = _entries.Find(entry => entry.Body == body);
            if (entry is null)
            {
                _entries.Add(entry = new Entry(version, body));
            }

            entry.NextPosition = limit;
            entry.Client = ClientKey.Current;
        }
    }

    /// <summary>Returns a body at its current position. Closes a body that is broken or fully read.</summary>
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

            entry.NextPosition = body.Position;
            if (broken || body.Position >= body.End)
            {
                Close(entry);
                return;
            }

            // The run waiting for the lowest position goes first. A run whose position has been passed gets null.
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
            _entries.Remove(entry);
            _entries.Add(entry); // idle entries are in the order in which they became idle
            var idle = _entries.FindAll(other => other.Idle is not null);
            if (idle.Count > mostIdle)
            {
                Close(idle.GroupBy(other => other.Client).MaxBy(ofClient => ofClient.Count())!.First());
            }
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

        /// <summary>The body's position, or the position after its current reader is done.</summary>
        public long NextPosition { get; set; } = body.Position;

        /// <summary>The client for whom the body was last read.</summary>
        public ClientKey Client { get; set; }

        /// <summary>The idle timer; set while no run reads the body.</summary>
        public ITimer? Idle { get; set; }

        public List<(long Position, TaskCompletionSource<OriginBody?> Turn)> Waiting { get; } = [];
    }
}
