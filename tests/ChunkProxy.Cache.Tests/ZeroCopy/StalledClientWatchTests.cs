using ChunkProxy.Cache.ZeroCopy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.ZeroCopy;

public sealed class StalledClientWatchTests : IHttpRequestLifetimeFeature, IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StalledClientWatch _watch;
    private int _aborts;

    public StalledClientWatchTests()
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpRequestLifetimeFeature>(this);
        _watch = new StalledClientWatch(context, _time, TimeSpan.FromSeconds(60));
    }

    CancellationToken IHttpRequestLifetimeFeature.RequestAborted { get; set; }

    void IHttpRequestLifetimeFeature.Abort() => _aborts++;

    public void Dispose() => _watch.Dispose();

    [Fact]
    public void Write_PendingForTheWholeTime_AbortsOnce()
    {
        _watch.WriteBegins();
        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.True(_watch.HasStalled);
        Assert.Equal(1, _aborts);
    }

    [Fact]
    public void Write_PendingForLess_DoesNot()
    {
        for (var write = 0; write < 10; write++)
        {
            _watch.WriteBegins();
            _time.Advance(TimeSpan.FromSeconds(59));
            _watch.WriteEnds();
        }

        Assert.False(_watch.HasStalled);
        Assert.Equal(0, _aborts);
    }

    [Fact]
    public void Time_BetweenWrites_IsNotCounted()
    {
        _watch.WriteBegins();
        _watch.WriteEnds();
        _time.Advance(TimeSpan.FromHours(1));
        _watch.WriteBegins();
        _time.Advance(TimeSpan.FromSeconds(59));

        Assert.Equal(0, _aborts);
    }

    // The server reuses the context. A late check must not abort another request.
    [Fact]
    public void Dispose_WhileAWriteIsPending_NeverAbortsAfterwards()
    {
        _watch.WriteBegins();
        _watch.Dispose();
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(0, _aborts);
    }
}
