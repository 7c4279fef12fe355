using ChunkProxy.Web.Http.Sending;

namespace ChunkProxy.Web.Tests.Http.Sending;

public sealed class LookAheadWindowTests
{
    [Fact]
    public void Chunks_AtFirst_IsOne() => Assert.Equal(1, new LookAheadWindow(1024, 8192).Chunks);

    [Fact]
    public void ClientWaited_AgainAndAgain_DoublesUpToTheLimit()
    {
        var window = new LookAheadWindow(1024, 7 * 1024);
        Assert.Equal([2, 4, 7, 7], Enumerable.Range(0, 4).Select(_ => After(window, window.ClientWaited)));
    }

    [Fact]
    public void ClientWasSlower_AgainAndAgain_GoesBackToOne()
    {
        var window = new LookAheadWindow(1024, 8192);
        window.ClientWaited();
        window.ClientWaited();
        Assert.Equal([3, 2, 1, 1], Enumerable.Range(0, 4).Select(_ => After(window, window.ClientWasSlower)));
    }

    [Fact]
    public void ClientWaited_ChunksLargerThanTheLimit_StaysAtOne()
    {
        var window = new LookAheadWindow(16 * 1024, 8192);
        Assert.Equal(1, After(window, window.ClientWaited));
    }

    private static int After(LookAheadWindow window, Action step)
    {
        step();
        return window.Chunks;
    }
}
