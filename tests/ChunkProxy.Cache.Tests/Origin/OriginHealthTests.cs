using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Origin;

public sealed class OriginHealthTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Recorder _log = new();
    private readonly OriginHealth _health;

    public OriginHealthTests() => _health = new OriginHealth(
        new Uri("http://origin.example/videos/"), _time, new RecentEvents(_time), _log);

    [Fact]
    public void Note_ManyFailures_AreSaidOnceAndTheEndOnce()
    {
        Note(OriginOutcome.Part, OriginOutcome.Unreachable, OriginOutcome.TimedOut, OriginOutcome.Failed);
        _time.Advance(TimeSpan.FromSeconds(90));
        Note(OriginOutcome.Unreachable, OriginOutcome.Unreachable, OriginOutcome.NotFound, OriginOutcome.Part);

        Assert.Equal(2, _log.Lines.Count);
        Assert.StartsWith("Warning: Origin unavailable (no connection); serving cached content only. Check its URL (http://origin.example/videos/) and connectivity", _log.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("Information: Origin available again, after 00:01:30", _log.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Note_FailuresWithAnswersBetweenThem_AreNoOutage()
    {
        Note(OriginOutcome.Failed, OriginOutcome.Failed, OriginOutcome.Part, OriginOutcome.Failed, OriginOutcome.Failed, OriginOutcome.NotModified);

        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void Note_SecondOutage_IsSaidAgain()
    {
        var outage = new[] { OriginOutcome.Failed, OriginOutcome.Failed, OriginOutcome.Failed, OriginOutcome.Part };

        Note([.. outage, .. outage]);

        Assert.Equal(4, _log.Lines.Count);
    }

    private void Note(params OriginOutcome[] outcomes)
    {
        foreach (var outcome in outcomes)
        {
            _health.Note(outcome, "no connection");
        }
    }

    private sealed class Recorder : ILogger<OriginHealth>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
