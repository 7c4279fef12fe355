using System.Buffers;
using ChunkProxy.Cache.Concurrency;

namespace ChunkProxy.Web.Logs;

/// <summary>Lines in memory between the requests that add them and the one writer that takes them. Bounded.</summary>
internal sealed class LineBuffer(int limit)
{
    // Enough for a writer to start before the interval is over.
    private const int WorthWriting = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly AsyncSignal _filled = new(); // under _gate
    private ArrayBufferWriter<byte> _lines = new(); // under _gate
    private int _count; // under _gate
    private int _dropped; // under _gate

    /// <summary>Adds a line. If there is no room for it, it is dropped and counted.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            if (_lines.WrittenCount + line.Length > limit)
            {
                _dropped++;
                return;
            }

            _lines.Write(line);
            _count++;
            if (_lines.WrittenCount >= WorthWriting)
            {
                _filled.Raise();
            }
        }
    }

    /// <summary>Takes all lines.</summary>
    /// <param name="empty">An empty buffer for the next lines.</param>
    /// <returns>The lines, their number, and the number of lines dropped since the last call.</returns>
    public (ArrayBufferWriter<byte> Lines, int Count, int Dropped) Take(ArrayBufferWriter<byte> empty)
    {
        lock (_gate)
        {
            var taken = (_lines, _count, _dropped);
            (_lines, _count, _dropped) = (empty, 0, 0);
            return taken;
        }
    }

    /// <summary>Completes when there are many lines, when the interval is over, or when it is cancelled.</summary>
    public async Task WhenWorthWritingAsync(TimeSpan interval, TimeProvider time, CancellationToken cancellationToken)
    {
        Task filled;
        lock (_gate)
        {
            filled = _lines.WrittenCount >= WorthWriting ? Task.CompletedTask : _filled.Next;
        }

        await filled.WaitAsync(interval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
