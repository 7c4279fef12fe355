using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Clients;

namespace ChunkProxy.Web.Tests.Clients;

public sealed class ClientTableTests
{
    private const int Parts = 16;

    private static readonly ClientRules Rules = new("", MaxRequests: 1, Rate: 0, Burst: 0);

    // All in one part, with room for two idle clients.
    private readonly ClientTable _table = new(2 * Parts, key => new LimitedClient(key, bucket: null));

    [Fact]
    public void Enter_ClientIsIdleOrBusy_IsTheSame()
    {
        var client = _table.Enter(Key(1));
        Assert.Same(client, _table.Enter(Key(1)));
        _table.Leave(client);
        _table.Leave(client);

        Assert.Same(client, _table.Enter(Key(1)));
    }

    [Fact]
    public void Leave_TooManyAreIdle_TheOldestIsForgotten()
    {
        var (one, two, three) = (_table.Enter(Key(1)), _table.Enter(Key(2)), _table.Enter(Key(3)));
        _table.Leave(two);
        _table.Leave(three);
        _table.Leave(one);

        Assert.Equal(2, _table.Count);
        Assert.Same(one, _table.Enter(Key(1)));
        Assert.Same(three, _table.Enter(Key(3)));
        Assert.NotSame(two, _table.Enter(Key(2)));
    }

    [Fact]
    public void Leave_ManyStrangers_BusyClientsStayAndTheTableDoesNotGrow()
    {
        var busy = _table.Enter(Key(0));

        for (var i = 1UL; i < 100_000; i++)
        {
            _table.Leave(_table.Enter(new(new ClientKey(i), i % 2 == 0 ? Rules : OfRoute("films"))));
        }

        Assert.Equal(1 + (2 * Parts), _table.Count);
        Assert.Same(busy, _table.Enter(Key(0)));
    }

    [Fact]
    public async Task Enter_ManyThreads_EachClientCountsOnce()
    {
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                var client = _table.Enter(Key(i % 5));
                if (client.TryBeginRequest())
                {
                    InterlockedMax(client.Uses);
                    client.EndRequest();
                }

                _table.Leave(client);
            }
        })));

        Assert.InRange(most, 1, 4);
        Assert.Equal(2, _table.Count);
        Assert.All(Enumerable.Range(0, 5), i => Assert.Equal(1, _table.Enter(Key(i)).Uses));

        void InterlockedMax(int uses)
        {
            lock (_table)
            {
                most = Math.Max(most, uses);
            }
        }
    }

    [Fact]
    public void Enter_ClientOfARoute_IsTheSameForEqualLimitsOnly()
    {
        var key = Key(1).Client;
        var client = _table.Enter(new(key, OfRoute("films")));

        Assert.Same(client, _table.Enter(new(key, OfRoute("films"))));
        Assert.NotSame(client, _table.Enter(new(key, OfRoute("others"))));
        Assert.NotSame(client, _table.Enter(new(key, OfRoute("films") with { Burst = 3 })));
        Assert.NotSame(client, _table.Enter(new(key, Rules)));
    }

    private static LimitedKey Key(int client) => new(new((ulong)client * Parts), Rules);

    private static ClientRules OfRoute(string route) => new(route, MaxRequests: 1, Rate: 1024, Burst: 2);
}
