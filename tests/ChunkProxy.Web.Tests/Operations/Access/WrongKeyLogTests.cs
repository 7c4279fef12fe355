using System.Net;
using ChunkProxy.Web.Operations.Access;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Web.Tests.Operations.Access;

public sealed class WrongKeyLogTests
{
    [Fact]
    public void Note_ManyWrongKeys_OneLineInTenSecondsWithTheirNumber()
    {
        var lines = new LinesLog();
        var time = new FakeTimeProvider();
        var log = new WrongKeyLog(time, lines);

        for (var i = 0; i < 1000; i++)
        {
            log.Note("POST", "/_chunkproxy/warm", IPAddress.Loopback);
        }

        time.Advance(TimeSpan.FromSeconds(10));
        log.Note("POST", "/_chunkproxy/drain", IPAddress.IPv6Loopback);

        Assert.Equal(
            [
                "POST /_chunkproxy/warm with a wrong admin key, from 127.0.0.1; 1 attempts since this was last logged",
                "POST /_chunkproxy/drain with a wrong admin key, from ::1; 1000 attempts since this was last logged",
            ],
            lines.Lines);
    }

    private sealed class LinesLog : ILogger<WrongKeyLog>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
