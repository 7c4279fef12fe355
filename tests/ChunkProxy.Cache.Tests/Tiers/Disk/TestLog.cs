using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

/// <summary>Records log messages.</summary>
internal sealed class TestLog
{
    private readonly ConcurrentQueue<(LogLevel Level, string Message)> _lines = new();

    /// <summary>Raised by the thread that logs.</summary>
    public event Action? Written;

    public IEnumerable<string> Of(LogLevel level) => _lines.Where(line => line.Level == level).Select(line => line.Message);

    public ILogger<T> LoggerFor<T>() => new Logger<T>(this);

    private sealed class Logger<T>(TestLog log) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            log._lines.Enqueue((logLevel, formatter(state, exception)));
            log.Written?.Invoke();
        }
    }
}
