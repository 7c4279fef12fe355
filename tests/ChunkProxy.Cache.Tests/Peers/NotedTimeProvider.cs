using System.Collections.Concurrent;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Peers;

/// <summary>A fake clock that reports new timers, so that a test advances it only once the code waits.</summary>
internal sealed class NotedTimeProvider : FakeTimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _set = new();
    private readonly ChangeSignal _changed = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _set.Enqueue(dueTime);
        _changed.Raise();
        return timer;
    }

    /// <summary>Returns when the timer with that number, in the order of their making, is due, once there is one.</summary>
    public async Task<TimeSpan> DueOfAsync(int number, CancellationToken cancellationToken)
    {
        await _changed.UntilAsync(() => _set.Count > number, $"timer {number}", cancellationToken);
        return _set.ElementAt(number);
    }
}
