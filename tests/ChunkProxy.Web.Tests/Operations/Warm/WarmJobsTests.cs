using System.Net;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Testing.Signals;
using ChunkProxy.Web.Operations.Warm;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Web.Tests.Operations.Warm;

/// <summary>How many warm-ups run and are remembered. Their objects are never found, so that nothing is fetched.</summary>
public sealed class WarmJobsTests
{
    private static readonly ObjectId Film = new("/film.mp4");

    private readonly HeldReader _reader = new();
    private readonly EndingsLog _endings = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly WarmJobs _jobs;

    public WarmJobsTests() => _jobs = new WarmJobs(_reader, warmer: null!, _time, _endings);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_AsManyAsMayRun_NoMoreUntilOneEnds()
    {
        var running = Enumerable.Range(0, WarmJobs.MostRunning).Select(_ => _jobs.Start(Film, range: null)!).ToList();

        Assert.Null(_jobs.Start(Film, range: null));
        running[3].Cancel();
        await _endings.UntilAsync(1);

        Assert.NotNull(_jobs.Start(Film, range: null));
        await _jobs.StopAsync(Cancellation);
        Assert.All(_jobs.All, job => Assert.Equal(WarmState.Cancelled, job.Read().State));
        Assert.Null(_jobs.Start(Film, range: null));
    }

    [Fact]
    public async Task Start_ManyThatEnd_RemembersTheLastOnes()
    {
        _reader.Release();
        var ids = new List<string>();
        for (var i = 1; i <= 150; i++)
        {
            ids.Add(_jobs.Start(Film, range: null)!.Id);
            await _endings.UntilAsync(i);
        }

        Assert.InRange(_jobs.All.Count, 100, 102); // of which the last ones may not have been found ended yet
        Assert.Equal(ids[^100..], _jobs.All.Take(100).Select(job => job.Id).Reverse());
        Assert.Null(_jobs.Find(ids[0]));
        Assert.Equal((WarmState.Failed, "notFound", _time.GetUtcNow()), (_jobs.Find(ids[^1])!.Read().State, _jobs.Find(ids[^1])!.Read().Error, _jobs.Find(ids[^1])!.Read().EndedAt));
    }

    private sealed class HeldReader : IChunkReader
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _released.SetResult();

        public async ValueTask<ObjectLookup> FindAsync(ObjectId id, RequestFields request, long? firstByte, IPAddress? client, CancellationToken cancellationToken)
        {
            await _released.Task.WaitAsync(cancellationToken);
            return ObjectLookup.Failed(ProxyError.NotFound, "the origin has no such object", 404);
        }

        public bool IsKnown(ObjectId id, RequestFields request) => throw new NotSupportedException();

        public bool TryOpen(ObjectVersion version, Slice slice, out ChunkLease lease) => throw new NotSupportedException();

        public ValueTask<ChunkLease> OpenAsync(ObjectVersion version, Slice slice, IPAddress? client, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<PassedThroughAnswer> PassThroughAsync(
            ObjectId id, HttpMethod method, IEnumerable<KeyValuePair<string, string>> conditions, IPAddress? client, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Forget(ObjectVersion version) => throw new NotSupportedException();
    }

    private sealed class EndingsLog : ILogger<WarmJobs>
    {
        private readonly ChangeSignal _ended = new();
        private int _count;

        public Task UntilAsync(int count) => _ended.UntilAsync(() => Volatile.Read(ref _count) >= count, $"{count} warm-ups have ended", Cancellation);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Interlocked.Increment(ref _count);
            _ended.Raise();
        }
    }
}
