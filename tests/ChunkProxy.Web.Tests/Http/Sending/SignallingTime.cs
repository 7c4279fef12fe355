using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Web.Tests.Http.Sending;

/// <summary>A clock that tells when somebody waits for it: with a timer of at most two seconds.</summary>
internal sealed class SignallingTime : FakeTimeProvider
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly ChangeSignal _changed = new();
    private int _waits;

    public SignallingTime()
        : base(Hosting.FrontEndHost.Start)
    {
    }

    /// <summary>Waits so far.</summary>
    public int Waits => Volatile.Read(ref _waits);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime <= Longest)
        {
            Interlocked.Increment(ref _waits);
            _changed.Raise();
        }

        return timer;
    }

    public Task WhenWaitedAsync(int times) => _changed.UntilAsync(() => Waits >= times, $"{times} waits", TestContext.Current.CancellationToken);

    /// <summary>Advances the clock whenever somebody waits, until the task is complete.</summary>
    public async Task<T> PassUntilAsync<T>(Task<T> task)
    {
        for (var i = Waits; !task.IsCompleted; i++)
        {
            await Task.WhenAny(task, WhenWaitedAsync(i));
            Advance(TimeSpan.FromMilliseconds(100));
        }

        return await task;
    }
}
