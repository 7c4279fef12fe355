using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Fills;

// The readers' side of a fill: they join, request bytes, wait, and leave.
internal sealed partial class ChunkFill
{
    private TaskCompletionSource? _progress; // under _lock; null while no reader waits

    /// <summary>Adds a reader, unless the fill is ending. The reader holds its own reference to the buffer.</summary>
    public bool TryJoin(Slice slice, [NotNullWhen(true)] out FillReader? reader)
    {
        lock (_lock)
        {
            reader = null;
            if (_life is not { IsStopping: false } life || !_buffer!.TryRetain())
            {
                return false;
            }

            reader = new FillReader(this, _buffer, slice, collapsed: !life.IsHeld); // the fill was begun for its first reader
            life.Join(reader);
            _hold?.Dispose();
            if (life.Want(slice) is { } run)
            {
                Start(run, opened: null);
            }

            return true;
        }
    }

    public void Leave(FillReader reader)
    {
        lock (_lock)
        {
            var life = _life!;
            life.Leave(reader);
            if (life.HasReaders && !life.Plan.HasRuns)
            {
                StartNextRuns(life); // what it read may justify the rest
            }
        }

        reader.Buffer.Release();
        StopIfUnwanted();
    }

    /// <summary>
    /// Returns the end of the available bytes from <paramref name="offset"/> on. If
    /// there are none, requests them and sets a task that completes at the next change.
    /// </summary>
    /// <exception cref="ChunkReadException">The bytes cannot be fetched.</exception>
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

    // Under the lock. Continuations run asynchronously.
    private void Wake()
    {
        _progress?.TrySetResult();
        _progress = null;
    }
}
