using ChunkProxy.Cache.Concurrency;

namespace ChunkProxy.Cache.Tests.Concurrency;

public sealed class AsyncSignalTests
{
    private readonly AsyncSignal _signal = new();

    [Fact]
    public void Raise_TwoWait_CompletesBothAndNotTheNextWait()
    {
        var (first, second) = (_signal.Next, _signal.Next);
        Assert.False(first.IsCompleted);

        _signal.Raise();

        Assert.True(first.IsCompletedSuccessfully);
        Assert.True(second.IsCompletedSuccessfully);
        Assert.False(_signal.Next.IsCompleted);
    }

    [Fact]
    public void Raise_BetweenLookAndWait_IsNotMissed()
    {
        var next = _signal.Next; // then the condition is checked, and is false
        _signal.Raise();

        Assert.True(next.IsCompletedSuccessfully);
    }

    [Fact]
    public void Raise_NobodyWaits_DoesNothing()
    {
        _signal.Raise();
        _signal.Raise();

        Assert.False(_signal.Next.IsCompleted);
    }
}
