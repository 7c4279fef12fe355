using ChunkProxy.Web.Exchanges;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Web.Tests.Exchanges;

public sealed class SlowestReadsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Read_AnyReads_HasTheLongestWaitsInOrder() => Gen.Int[1, 1000].List[0, 100].Sample(waits =>
    {
        var slowest = new SlowestReads(_time);

        foreach (var wait in waits)
        {
            Offer(slowest, wait);
        }

        Assert.Equal(waits.OrderDescending().Take(SlowestReads.Kept), slowest.Read().Select(Milliseconds));
    });

    [Fact]
    public void Takes_FasterThanAllOfAFullList_No()
    {
        var slowest = Full(from: 100);

        Assert.False(Takes(slowest, 99));
        Assert.False(Takes(slowest, 100));
        Assert.True(Takes(slowest, 101));
    }

    [Fact]
    public void Takes_ListNotFull_AnythingAtAll() => Assert.True(Takes(new SlowestReads(_time), 0));

    [Fact]
    public void Read_AfterAQuarterOfAnHour_HasForgottenWhatIsOld()
    {
        var slowest = Full(from: 100);
        _time.Advance(SlowestReads.Recent / 2);
        Offer(slowest, 500);

        _time.Advance(SlowestReads.Recent / 2);

        Assert.Equal([500], slowest.Read().Select(Milliseconds));
    }

    // No read of the list for a while. A bar that stayed unchanged would exclude reads that are slow by now.
    [Fact]
    public void Takes_OldOnesHaveGone_AnythingAgainThoughNobodyHasLooked()
    {
        var slowest = Full(from: 100);

        _time.Advance(SlowestReads.Recent);

        Assert.True(Takes(slowest, 1));
        Offer(slowest, 1);
        Assert.Equal([1], slowest.Read().Select(Milliseconds));
    }

    private SlowestReads Full(int from)
    {
        var slowest = new SlowestReads(_time);
        for (var i = 0; i < SlowestReads.Kept; i++)
        {
            Offer(slowest, from + i);
        }

        return slowest;
    }

    private bool Takes(SlowestReads slowest, int milliseconds) => slowest.WouldAdd(TimeSpan.FromMilliseconds(milliseconds), _time.GetTimestamp());

    private void Offer(SlowestReads slowest, int milliseconds)
    {
        if (Takes(slowest, milliseconds))
        {
            var waited = milliseconds / 1000.0;
            slowest.Add(new SlowRead(_time.GetUtcNow(), "GET", "/film.mp4", null, 200, ResponseEnding.Completed, waited, waited, waited, 1, []));
        }
    }

    private static int Milliseconds(SlowRead read) => (int)Math.Round(read.WaitedSeconds * 1000);
}
