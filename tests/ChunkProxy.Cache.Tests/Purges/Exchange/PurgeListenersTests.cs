using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Purges.Exchange;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Purges.Exchange;

public sealed class PurgeListenersTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly PurgeListeners _listeners;

    public PurgeListenersTests() => _listeners = new PurgeListeners(Options.Create(new PurgeOptions { Lapse = TimeSpan.FromSeconds(3) }), _time);

    public void Dispose() => _listeners.Dispose();

    [Fact]
    public async Task WhenHeard_NobodyListens_IsAtOnce() => Assert.Empty(await _listeners.WhenAcknowledgedAsync(5, TestContext.Current.CancellationToken));

    [Fact]
    public void TryNote_MoreThanMayListen_AreRefusedUntilOthersHaveLapsed()
    {
        for (var i = 0; i < PurgeListeners.Most; i++)
        {
            Assert.True(_listeners.TryNote($"listener {i}", 1, 1));
        }

        Assert.False(_listeners.TryNote("one more", 1, 1));
        Assert.True(_listeners.TryNote("listener 0", 2, 2));
        Assert.False(_listeners.TryNote(new string('x', 257), 1, 1));

        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.True(_listeners.TryNote("one more", 1, 1));
    }

    [Fact]
    public async Task WhenHeard_ListenerSaysSo_IsComplete()
    {
        _listeners.TryNote("one", 4, 4);
        _listeners.TryNote("other", 5, 5);
        var heard = _listeners.WhenAcknowledgedAsync(5, TestContext.Current.CancellationToken);
        Assert.False(heard.IsCompleted);

        _listeners.TryNote("one", 5, 5);

        Assert.Empty(await heard);
    }

    [Fact]
    public async Task WhenHeard_ListenerIsSilent_EndsWithItsLapseAndNamesIt()
    {
        _listeners.TryNote("one", 4, 4);
        _time.Advance(TimeSpan.FromSeconds(1));
        var heard = _listeners.WhenAcknowledgedAsync(5, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(heard.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal(["one"], await heard);
        Assert.Empty(await _listeners.WhenAcknowledgedAsync(6, TestContext.Current.CancellationToken)); // and is waited for no more
    }

    [Fact]
    public async Task WhenHeard_ListenerHasNotDeletedItsFiles_WaitsForThat()
    {
        _listeners.TryNote("one", 5, 4);
        var heard = _listeners.WhenAcknowledgedAsync(5, TestContext.Current.CancellationToken);
        Assert.False(heard.IsCompleted);

        _listeners.TryNote("one", 5, 5);

        Assert.Empty(await heard);
    }

    [Fact]
    public async Task WhenHeard_ListenerAsksAndDoesNotDeleteItsFiles_EndsAfterALapseAndNamesIt()
    {
        _listeners.TryNote("one", 5, 4);
        var heard = _listeners.WhenAcknowledgedAsync(5, TestContext.Current.CancellationToken);

        Assert.Equal(["one"], await AdvanceUntilAsync(heard, () => _listeners.TryNote("one", 5, 4)));
        Assert.Equal(["one"], await AdvanceUntilAsync(_listeners.WhenAcknowledgedAsync(5, TestContext.Current.CancellationToken))); // it is still a listener
    }

    [Fact]
    public async Task WhenHeard_ListenerHasNotHeardAndAskedLately_IsWaitedForUntilItLapses()
    {
        _listeners.TryNote("one", 4, 4);
        var heard = _listeners.WhenAcknowledgedAsync(5, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(2));
        _listeners.TryNote("one", 4, 4); // the response has the purge, and may not arrive

        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(heard.IsCompleted);

        Assert.Equal(["one"], await AdvanceUntilAsync(heard));
    }

    [Fact]
    public async Task WhenHeard_OnlyTheExceptedProcessHasNotHeard_IsAtOnce()
    {
        Assert.True(_listeners.TryNote("the purging process", 4, 4));

        Assert.Empty(await _listeners.WhenAcknowledgedAsync(5, TestContext.Current.CancellationToken, except: "the purging process"));
    }

    // Step by step, because the wait looks at the clock again after each change.
    private async Task<IReadOnlyList<string>> AdvanceUntilAsync(Task<IReadOnlyList<string>> heard, Action? meanwhile = null)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (!heard.IsCompleted)
        {
            meanwhile?.Invoke();
            _time.Advance(TimeSpan.FromSeconds(0.2));
            await Task.Yield();
            patience.Token.ThrowIfCancellationRequested();
        }

        return await heard;
    }
}
