using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Exchanges;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Web.Tests.Exchanges;

public sealed class ExchangeTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Exchange _exchange;

    public ExchangeTests() => _exchange = new Exchange(_time);

    [Fact]
    public void Waited_BytesCameAtOnce_IsTheTimeToTheFirst()
    {
        Pass(3);
        _exchange.FirstByteIsThere();
        Pass(100); // the client's own
        _exchange.End(isWhole: true);

        Assert.Equal((3, 3, 103), (Seconds(_exchange.FirstByte!.Value), Seconds(_exchange.Waited), Seconds(_exchange.Total)));
    }

    [Fact]
    public void Waited_LaterBytesWereNotThere_CountsThoseWaitsToo()
    {
        _exchange.WaitBegins();
        Pass(3);
        _exchange.WaitEnds();
        _exchange.FirstByteIsThere();
        Pass(100);
        _exchange.WaitBegins();
        Pass(5);
        _exchange.WaitEnds();
        _exchange.WaitEnds();
        _exchange.End(isWhole: true);

        Assert.Equal((3, 8, 108), (Seconds(_exchange.FirstByte!.Value), Seconds(_exchange.Waited), Seconds(_exchange.Total)));
    }

    [Fact]
    public void Waited_EndedInTheMiddleOfAWait_CountsItToTheEnd()
    {
        _exchange.FirstByteIsThere();
        _exchange.WaitBegins();
        Pass(7);
        _exchange.End(isWhole: false);

        Assert.Equal(7, Seconds(_exchange.Waited));
    }

    [Fact]
    public void Waited_NoByteEver_IsAllOfTheTime()
    {
        Pass(9);
        _exchange.End(isWhole: false);

        Assert.Null(_exchange.FirstByte);
        Assert.Equal(9, Seconds(_exchange.Waited));
    }

    [Fact]
    public void FirstByte_OfAnAnswerThatTellsOfAnError_CameWithItsLast()
    {
        Pass(4);
        _exchange.End(isWhole: true);

        Assert.Equal((4, 4), (Seconds(_exchange.FirstByte!.Value), Seconds(_exchange.Waited)));
    }

    [Fact]
    public void Sources_OfSeveralSlices_AreEachThereOnceInTheOrderOfTheLookUp()
    {
        foreach (var source in new[] { ChunkSource.Origin, ChunkSource.Memory, ChunkSource.Origin, ChunkSource.Disk })
        {
            _exchange.ReadFrom(source);
        }

        Assert.Equal([ChunkSource.Memory, ChunkSource.Disk, ChunkSource.Origin], _exchange.Sources);
    }

    private void Pass(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    private static int Seconds(TimeSpan time) => (int)time.TotalSeconds;
}
