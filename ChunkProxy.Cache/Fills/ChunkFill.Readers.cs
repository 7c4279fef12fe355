using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Fills;

// What readers do with a fill: they join, ask for bytes, wait, and leave.
internal sealed partial class ChunkFill
{
    private TaskCompletionSource? _progress; // under _lock; null while nobody waits

    /// <summary>Adds a reader, unless the fill is ending. The reader holds the buffer by a reference of its own.</summary>
    public bool TryJoin(Slice slice, [NotNullWhen(true)] out FillReader? reader)
    {
        lock (_lock)
        {
            reader = null;
            if (_life is not { IsStopping: false } life || !_buffer!.TryRetain())
            {
                return false;
            }

            reader = new FillReader(this, _buffer, slice, collapsed: !life.IsHeld); // the first one is whom the fill was begun for
            life.Join(reader);
            _hold?.Dispose();
            return true;
        }
    }

    public void Leave(FillReader reader)
    {
        lock (_lock)
        {
            _life!.Leave(reader);
        }

        reader.Buffer.Release();
        StopIfUnwanted();
    }

    /// <summary>Returns how far the bytes from <paramref name="offset"/> on are there; if not one is, asks for them and gives the task that ends when something has changed.</summary>
    /// <exception cref="ChunkReadException">They will not come.</exception>
    public int FilledEnd(FillReader reader, int offset, out Task changed)
    {
        lock (_lock)
        {
            changed = Task.CompletedTask;
            var life = _life!;
            var end = life.Plan.FilledEnd(offset);
            if (end > offset)
            {
                reader.WaitsFor = -1;
                return end;
            }

            if (life.Failure is { } failure)
            {
                throw new ChunkReadException(failure.Error, failure.Message, failure);
            }

            reader.WaitsFor = offset;
            if (life.Want(offset) is { } run)
            {
                Start(run, opened: null);
            }

            _progress ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            changed = _progress.Task;
            return offset;
        }
    }

    // Under the lock. The continuations run elsewhere.
    private void Wake()
    {
        _progress?.TrySetResult();
        _progress = null;
    }
}
