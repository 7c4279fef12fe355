using System.Collections.Concurrent;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.Logging;

namespace ChunkProxy.Cache.Tests.Membership;

/// <summary>Records the log of a membership, and signals new entries.</summary>
internal sealed class MembershipLogRecorder(ChangeSignal changed) : ILogger<EtcdMembership>
{
    private readonly ConcurrentQueue<(string Event, string Text)> _lines = [];

    /// <summary>Raised by the thread that logs.</summary>
    public event Action? Written;

    public int Count(string eventName) => _lines.Count(line => line.Event == eventName);

    public string TextOf(string eventName) => _lines.First(line => line.Event == eventName).Text;

    public override string ToString() => string.Join('\n', _lines.Select(line => line.Text));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _lines.Enqueue((eventId.Name!, $"{logLevel} {formatter(state, exception)} {exception?.GetType().Name} {exception?.Message}"));
        Written?.Invoke();
        changed.Raise();
    }
}
