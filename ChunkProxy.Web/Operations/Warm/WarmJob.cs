using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Warming;
using ChunkProxy.Web.Http.Ranges;

namespace ChunkProxy.Web.Operations.Warm;

/// <summary>One warm-up of an object or a range, from start to end.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing, and an ended job may still be cancelled.")]
internal sealed class WarmJob(ObjectId id, string? range, long? bytesPerSecond, DateTimeOffset startedAt)
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly WarmProgress _progress = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private WarmEnd _end; // guarded by _gate
    private DateTimeOffset? _endedAt; // guarded by _gate

    public string Id { get; } = Guid.NewGuid().ToString("n")[..12];

    public bool IsRunning
    {
        get
        {
            lock (_gate)
            {
                return _end.State is WarmState.Running;
            }
        }
    }

    /// <summary>Completes at its end.</summary>
    public Task Ended => _ended.Task;

    public WarmAnswer Read()
    {
        var figures = _progress.Read();
        lock (_gate)
        {
            return new WarmAnswer(
                Id, id.Shown, range, _end.State, figures.Chunks, figures.ChunksDone, figures.Bytes, figures.BytesDone, _end.Error, _end.Reason, startedAt, _endedAt);
        }
    }

    /// <summary>Requests its cancellation. Has no effect after its end.</summary>
    public void Cancel() => _cancel.Cancel();

    /// <summary>Runs it to its end. Does not throw.</summary>
    public async Task RunAsync(IChunkReader reader, ObjectWarmer warmer, TimeProvider time, Action<Exception> defect)
    {
        WarmEnd end;
        try
        {
            end = await WarmAsync(reader, warmer, time);
        }
        catch (OperationCanceledException) when (_cancel.IsCancellationRequested)
        {
            end = new WarmEnd(WarmState.Cancelled);
        }
        catch (ChunkReadException error)
        {
            end = WarmEnd.Of(error.Error, error.Message);
        }
        catch (Exception error)
        {
            defect(error);
            end = WarmEnd.Of(WarmFailure.Faulted);
        }

        lock (_gate)
        {
            _end = end;
            _endedAt = time.GetUtcNow();
        }

        _ended.SetResult();
    }

    private async Task<WarmEnd> WarmAsync(IChunkReader reader, ObjectWarmer warmer, TimeProvider time)
    {
        var found = (await reader.FindAsync(id, firstByte: null, _cancel.Token)).For(id);
        if (found.IsPassThrough)
        {
            return WarmEnd.Of(WarmFailure.NotCacheable);
        }

        if (found.Version is not { } version)
        {
            return WarmEnd.Of(found.Error, found.Reason);
        }

        var bytes = RangeOutcome.Resolve(RangeHeader.Parse(range, maxRanges: 1), version.Size);
        if (bytes.Ending is RangeEnding.Unsatisfiable)
        {
            return WarmEnd.Of(WarmFailure.RangeNotSatisfiable, version.Size);
        }

        try
        {
            var first = version.Layout.IndexOf(bytes[0].Start);
            var end = bytes[0].Length == 0 ? first : version.Layout.IndexOf(bytes[0].End - 1) + 1;
            if (end - first > ObjectWarmer.MostChunks)
            {
                return WarmEnd.Of(WarmFailure.TooManyChunks, end - first);
            }

            using var pace = bytesPerSecond is { } rate ? new WarmPace(rate, time) : null;
            await warmer.WarmAsync(version, first, end - first, _progress, pace, _cancel.Token);
            return new WarmEnd(WarmState.Done);
        }
        catch (ChunkReadException error) when (error.Error.IsVersionGone())
        {
            reader.Forget(version);
            throw;
        }
    }
}
