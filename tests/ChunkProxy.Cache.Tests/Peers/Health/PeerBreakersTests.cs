using System.Diagnostics.Metrics;
using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Tests.Peers.Health;

public sealed class PeerBreakersTests : IDisposable
{
    private const string Peer = "10.0.0.1:7070";

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly NotedTimeProvider _time = new();
    private readonly CacheMetrics _metrics;
    private readonly PeerBreakers _breakers;
    private int _trips;

    public PeerBreakersTests()
    {
        _metrics = new CacheMetrics(_services.GetRequiredService<IMeterFactory>());
        _breakers = new PeerBreakers(
            Options.Create(new PeerOptions { ProbeInterval = TimeSpan.FromSeconds(1) }), _time, new RecentEvents(_time), _metrics, NullLogger<PeerBreakers>.Instance);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _breakers.Dispose();
        _metrics.Dispose();
        _services.Dispose();
    }

    [Theory]
    [InlineData(PeerReadOutcome.Stalled)]
    [InlineData(PeerReadOutcome.Silent)]
    [InlineData(PeerReadOutcome.Unreachable)]
    public async Task Trip_PeerFailsAgainAndAgain_IsAvoidedForTwiceAsLongEachTime(PeerReadOutcome why)
    {
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 30, 30 })
        {
            Assert.Equal(TimeSpan.FromSeconds(seconds), await PauseAfterAsync(why));
        }
    }

    [Fact]
    public async Task Trip_PeerFailsLongAfterTheLastTime_IsProbedAsTheFirstTime()
    {
        await PauseAfterAsync(PeerReadOutcome.Stalled);
        await PauseAfterAsync(PeerReadOutcome.Unreachable);

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(TimeSpan.FromSeconds(1), await PauseAfterAsync(PeerReadOutcome.Stalled));
    }

    // How long the peer, which is well by then, is left alone.
    private async Task<TimeSpan> PauseAfterAsync(PeerReadOutcome why)
    {
        var back = new TaskCompletionSource();
        void Note(string peer) => back.SetResult();
        _breakers.CameBack += Note;
        _breakers.Trip(Peer, why, _ => Task.FromResult(true), () => true);
        Assert.True(_breakers.IsOpen(Peer));
        var pause = await _time.DueOfAsync(_trips++, Stop);
        _time.Advance(pause);
        await back.Task.WaitAsync(Patience.Limit, Stop);
        _breakers.CameBack -= Note;
        return pause;
    }
}
