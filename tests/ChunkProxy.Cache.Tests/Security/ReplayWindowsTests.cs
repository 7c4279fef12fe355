using ChunkProxy.Cache.Security;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Security;

public sealed class ReplayWindowsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ReplayWindows _windows;

    public ReplayWindowsTests() => _windows = new ReplayWindows(TimeSpan.FromMinutes(1), _time);

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public void Judge_SameNumberTwice_IsReplayed()
    {
        Assert.Equal(ReplayVerdict.New, _windows.Judge(1, 7, Now));
        Assert.Equal(ReplayVerdict.Replayed, _windows.Judge(1, 7, Now));
        Assert.Equal(ReplayVerdict.New, _windows.Judge(2, 7, Now));
    }

    [Theory]
    [InlineData(-61)]
    [InlineData(61)]
    public void Judge_TimeBeyondTheTolerance_IsRefused(int seconds)
    {
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(ReplayVerdict.WrongTime, _windows.Judge(1, 1, Now + (seconds * 1000)));
    }

    [Fact]
    public void Judge_SentBeforeThisProcessStarted_IsRefused() => Assert.Equal(ReplayVerdict.WrongTime, _windows.Judge(1, 1, Now - 1));

    [Fact]
    public void Judge_MoreSendersThanAreHeld_AreRefusedUntilOthersHaveBeenSilent()
    {
        for (var sender = 0; sender < ReplayWindows.MostSenders; sender++)
        {
            Assert.Equal(ReplayVerdict.New, _windows.Judge((UInt128)sender, 1, Now));
        }

        Assert.Equal(ReplayVerdict.TooManySenders, _windows.Judge(UInt128.MaxValue, 1, Now));

        var sentThen = Now;
        _time.Advance(TimeSpan.FromSeconds(121));

        Assert.Equal(ReplayVerdict.New, _windows.Judge(UInt128.MaxValue, 1, Now));
        Assert.Equal(ReplayVerdict.WrongTime, _windows.Judge(5, 1, sentThen)); // forgotten, and refused by its time
        for (var sender = 1; sender < ReplayWindows.MostSenders; sender++) // all others are forgotten
        {
            Assert.Equal(ReplayVerdict.New, _windows.Judge((UInt128)(2 * ReplayWindows.MostSenders + sender), 1, Now));
        }

        Assert.Equal(ReplayVerdict.TooManySenders, _windows.Judge(UInt128.MaxValue - 1, 1, Now));
    }
}
