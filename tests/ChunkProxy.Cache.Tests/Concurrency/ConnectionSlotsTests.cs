using ChunkProxy.Cache.Concurrency;

namespace ChunkProxy.Cache.Tests.Concurrency;

public sealed class ConnectionSlotsTests
{
    private readonly ConnectionSlots _slots = new(limit: 4);
    private readonly List<string> _ended = [];

    [Fact]
    public void TryEnter_AtTheLimit_EndsTheConnectionThatWasIdleForLongest()
    {
        var (first, second) = (Enter("first"), Enter("second"));
        Enter("third");
        Enter("fourth");
        Assert.Empty(_ended);

        Enter("fifth");
        Assert.Equal(["first"], _ended);

        _slots.Leave(first);
        second.Begin().End(); // used again
        Enter("sixth");
        Assert.Equal(["first", "third"], _ended);
        Assert.Equal((5, 2, 0), (_slots.Count, _slots.Ended, _slots.Refused));
    }

    [Fact]
    public void TryEnter_AllBusy_IsRefusedAndCounted()
    {
        var busy = Enumerable.Range(0, 4).Select(i => Enter($"{i}").Begin()).ToArray();

        Assert.Null(_slots.TryEnter(() => { }));
        busy[2].End();
        Assert.NotNull(_slots.TryEnter(() => { }));

        Assert.Equal(["2"], _ended);
        Assert.Equal((1, 1), (_slots.Refused, _slots.Ended));
    }

    [Fact]
    public void TryEnter_ConnectionsThatDoNotEnd_AreBounded()
    {
        for (var i = 0; i < 100; i++)
        {
            _slots.TryEnter(() => { });
        }

        Assert.Equal((8, 92), (_slots.Count, _slots.Refused));
    }

    [Fact]
    public void IsCrowded_UpToHalf_IsFalse()
    {
        Enter("first");
        var second = Enter("second");
        Assert.False(_slots.IsCrowded);
        Enter("third");
        Assert.True(_slots.IsCrowded);
        _slots.Leave(second);
        Assert.False(_slots.IsCrowded);
    }

    private ConnectionSlot Enter(string name) => _slots.TryEnter(() => _ended.Add(name))!;
}
