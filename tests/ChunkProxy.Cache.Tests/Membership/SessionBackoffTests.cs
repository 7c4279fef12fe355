using ChunkProxy.Cache.Membership;

namespace ChunkProxy.Cache.Tests.Membership;

public sealed class SessionBackoffTests
{
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(3);

    private readonly SessionBackoff _backoff = new(endpoints: 3, Steady);

    [Fact]
    public void After_EveryEndpointFailed_WaitsLongerEachTimeUpToTwoSeconds()
    {
        var waits = Enumerable.Range(0, 20).Select(_ => _backoff.After(TimeSpan.Zero).TotalMilliseconds).ToArray();
        Assert.Equal([0, 0, 0, 100, 200, 400, 800, 1600, 2000, 2000], waits[..10]);
        Assert.All(waits[10..], wait => Assert.Equal(2000, wait));
    }

    [Fact]
    public void After_ASessionStoodForAWhile_TriesAllAtOnceAgain()
    {
        Fail(10);
        Assert.Equal(TimeSpan.Zero, _backoff.After(Steady + TimeSpan.FromTicks(1)));
        Assert.Equal([TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMilliseconds(100)], Fail(3));
    }

    [Fact]
    public void After_SessionsEndSoonAfterTheyStood_StillWaits()
    {
        Fail(3);
        Assert.Equal(TimeSpan.FromMilliseconds(100), _backoff.After(Steady));
    }

    private TimeSpan[] Fail(int times) => [.. Enumerable.Range(0, times).Select(_ => _backoff.After(TimeSpan.Zero))];
}
