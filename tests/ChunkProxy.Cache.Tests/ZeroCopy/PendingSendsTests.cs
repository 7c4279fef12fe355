using ChunkProxy.Cache.ZeroCopy;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.ZeroCopy;

public sealed class PendingSendsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly PendingSends _sends;

    public PendingSendsTests() => _sends = new PendingSends(share: 100, mostOfOrigin: 2, _time);

    public void Dispose() => _sends.Dispose();

    [Fact]
    public void WaitBegins_WithinTheShare_NothingIsGivenBack()
    {
        var (one, other) = (new Source(50), new Source(50));
        var first = new PendingSend(_sends, one);
        first.WaitBegins();
        new PendingSend(_sends, other).WaitBegins();

        Assert.Equal(100, _sends.HeldBytes);
        Assert.Equal((0, 0), (one.GivenBack, other.GivenBack));
        Assert.False(first.WaitEnds());
    }

    [Fact]
    public void WaitBegins_BeyondTheShare_LongestWaitingGivesBack()
    {
        var sources = new[] { new Source(50), new Source(50), new Source(50) };
        var sends = sources.Select(source => new PendingSend(_sends, source)).ToArray();

        foreach (var send in sends)
        {
            send.WaitBegins();
        }

        Assert.Equal([1, 0, 0], sources.Select(source => source.GivenBack));
        Assert.Equal(100, _sends.HeldBytes);
        Assert.True(sends[0].WaitEnds());
        Assert.False(sends[1].WaitEnds());
    }

    [Fact]
    public void WaitBegins_OneHoldsMoreThanTheShare_GivesBackItself()
    {
        var source = new Source(101);
        var send = new PendingSend(_sends, source);

        send.WaitBegins();

        Assert.Equal(1, source.GivenBack);
        Assert.True(send.WaitEnds());
        Assert.Equal(0, _sends.HeldBytes);
    }

    [Fact]
    public void WaitEnds_BeforeTheRecall_SourceStaysAndIsListedAtTheNextWait()
    {
        var source = new Source(60);
        var send = new PendingSend(_sends, source);
        send.WaitBegins();
        Assert.False(send.WaitEnds());

        new PendingSend(_sends, new Source(60)).WaitBegins();
        Assert.Equal(0, source.GivenBack); // its bytes are in use
        Assert.Equal(60, _sends.HeldBytes);

        send.WaitBegins();
        Assert.InRange(_sends.HeldBytes, 0, 100);
    }

    [Fact]
    public void End_ClientTookEverything_CountsNoLonger()
    {
        var send = new PendingSend(_sends, new Source(60));
        send.WaitBegins();
        send.WaitEnds();
        send.End();

        Assert.Equal(0, _sends.HeldBytes);
    }

    [Theory]
    [InlineData((int)HeldConnection.Origin)]
    [InlineData((int)HeldConnection.Peer)]
    public void Wait_HoldsAConnectionForTooLong_GivesItBack(int held)
    {
        var connection = (HeldConnection)held;
        var (connected, memory) = (new Source(10) { Connection = connection }, new Source(10));
        var send = new PendingSend(_sends, connected);
        send.WaitBegins();
        new PendingSend(_sends, memory).WaitBegins();
        _time.Advance(PendingSends.PatienceFor(connection) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, connected.GivenBack);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((1, 0), (connected.GivenBack, memory.GivenBack));
        Assert.True(send.WaitEnds());
    }

    [Fact]
    public void WaitBegins_TooManyHoldAConnectionToTheOrigin_LongestWaitingGivesItBackAtOnce()
    {
        var sources = new[] { HeldConnection.None, HeldConnection.Peer, HeldConnection.Origin, HeldConnection.Origin, HeldConnection.Origin }
            .Select(connection => new Source(10) { Connection = connection }).ToArray();

        foreach (var source in sources)
        {
            new PendingSend(_sends, source).WaitBegins();
        }

        Assert.Equal([0, 0, 1, 0, 0], sources.Select(source => source.GivenBack));
    }

    private sealed class Source(long bytes) : ISendSource
    {
        public int GivenBack { get; private set; }

        public long HeldBytes => bytes;

        public HeldConnection Connection { get; init; }

        public void GiveBack() => GivenBack++;
    }
}
