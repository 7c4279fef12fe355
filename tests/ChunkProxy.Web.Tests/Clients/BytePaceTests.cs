using ChunkProxy.Web.Clients;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Web.Tests.Clients;

/// <summary>A response with two rates: that of its client, and that of its client in a route.</summary>
public sealed class BytePaceTests
{
    private const int KiB = 1024;

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(64, 16)]
    [InlineData(16, 64)]
    [InlineData(16, 16)]
    public void Take_TwoRates_TheLowerOneCounts(int one, int two)
    {
        var pace = new BytePace(Bucket(one * KiB, burst: 0), new BytePace(Bucket(two * KiB, burst: 0)));
        var began = _time.GetTimestamp();

        for (var sent = 0; sent < 64 * KiB;)
        {
            sent += pace.Take((64 * KiB) - sent, out var delay);
            _time.Advance(delay);
        }

        Assert.InRange(_time.GetElapsedTime(began), TimeSpan.FromSeconds(3.99), TimeSpan.FromSeconds(4.01));
    }

    [Fact]
    public void Take_OneBurstIsUsedUp_TheOtherKeepsItsOwn()
    {
        var (fast, slow) = (Bucket(64 * KiB, burst: 100 * KiB), Bucket(16 * KiB, burst: 10 * KiB));
        var pace = new BytePace(fast, new BytePace(slow));

        Assert.Equal(10 * KiB, pace.Take(60 * KiB, out var delay));
        Assert.Equal(TimeSpan.Zero, delay);
        Assert.Equal(90 * KiB, fast.Take(200 * KiB, out _));
    }

    [Fact]
    public void GiveBack_AfterATake_BothHaveTheBytesAgain()
    {
        var (one, two) = (Bucket(64 * KiB, burst: 8 * KiB), Bucket(64 * KiB, burst: 8 * KiB));
        var pace = new BytePace(one, new BytePace(two));
        pace.Take(8 * KiB, out _);

        pace.GiveBack(8 * KiB);

        Assert.Equal((8 * KiB, 8 * KiB), (one.Take(8 * KiB, out var first), two.Take(8 * KiB, out var second)));
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (first, second));
    }

    private ByteBucket Bucket(long rate, long burst) => new(rate, burst, _time);
}
