using ChunkProxy.Cache.Concurrency;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Concurrency;

public sealed class TurnQueueTests
{
    [Fact]
    public void TryTake_SeveralKeys_TakeTurnsAndEachIsInOrder()
    {
        var queue = new TurnQueue<char, int>(100);
        foreach (var (key, item) in new[] { ('a', 1), ('a', 2), ('a', 3), ('b', 4), ('c', 5), ('b', 6) })
        {
            Assert.True(queue.TryAdd(key, item, out _));
        }

        Assert.Equal([1, 4, 5, 2, 6, 3], Drain(queue));
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void TryAdd_KeyWithItemsTakenMeanwhile_IsBehindTheOthers()
    {
        var queue = new TurnQueue<char, int>(100);
        queue.TryAdd('a', 1, out _);
        queue.TryAdd('b', 2, out _);
        queue.TryTake(out _);
        queue.TryAdd('a', 3, out _);

        Assert.Equal([2, 3], Drain(queue));
    }

    [Fact]
    public void TryAdd_OneKey_HasHalfOfTheRoomAndEveryOtherKeyFindsSome()
    {
        var queue = new TurnQueue<int, int>(120);

        Assert.Equal(60, Enumerable.Range(0, 200).Count(item => queue.TryAdd(0, item, out _)));
        Assert.Equal(30, Enumerable.Range(0, 200).Count(item => queue.TryAdd(1, item, out _)));
        Assert.Equal(15, Enumerable.Range(0, 200).Count(item => queue.TryAdd(2, item, out _)));
        Assert.False(queue.TryAdd(0, 0, out _));
        Assert.Equal(15, Enumerable.Range(3, 200).Count(key => queue.TryAdd(key, 0, out _)));
        Assert.Equal(120, queue.Count);
    }

    [Fact]
    public void Remove_TakenAlready_IsFalse()
    {
        var queue = new TurnQueue<char, int>(2);
        queue.TryAdd('a', 1, out var ticket);
        queue.TryTake(out _);

        Assert.False(queue.Remove(ticket!));
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void Property_AnyOrderOfCalls_EveryItemComesOutOnceAndNobodyWaitsLongerThanOneTurnOfEach() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 3]).List[0, 200].Sample(calls =>
        {
            var queue = new TurnQueue<int, int>(1000);
            var tickets = new Dictionary<int, (int Key, TurnQueue<int, int>.Ticket Ticket)>();
            var turnsWithout = new int[5];
            for (var item = 0; item < calls.Count; item++)
            {
                var (key, call) = calls[item];
                if (call < 2)
                {
                    Assert.True(queue.TryAdd(key, item, out var ticket));
                    tickets.Add(item, (key, ticket));
                }
                else if (call == 2 && queue.TryTake(out var taken))
                {
                    var served = tickets[taken].Key;
                    Assert.True(tickets.Remove(taken));
                    var waiting = tickets.Values.Select(it => it.Key).ToHashSet();
                    for (var other = 0; other < turnsWithout.Length; other++)
                    {
                        turnsWithout[other] = other == served || !waiting.Contains(other) ? 0 : turnsWithout[other] + 1;
                        Assert.InRange(turnsWithout[other], 0, 4);
                    }
                }
                else if (call == 3 && tickets.Count > 0)
                {
                    var left = tickets.Keys.Min();
                    Assert.True(queue.Remove(tickets[left].Ticket));
                    tickets.Remove(left, out var removed);
                    if (tickets.Values.All(it => it.Key != removed.Key))
                    {
                        turnsWithout[removed.Key] = 0; // it comes again at the end
                    }
                }

                Assert.Equal(tickets.Count, queue.Count);
            }
        });

    private static IEnumerable<int> Drain(TurnQueue<char, int> queue)
    {
        while (queue.TryTake(out var item))
        {
            yield return item;
        }
    }
}
