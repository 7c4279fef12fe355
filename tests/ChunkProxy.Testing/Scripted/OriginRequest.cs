using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Testing.Scripted;

/// <summary>A request to a <see cref="ScriptedOrigin"/>, and the progress of its response.</summary>
public sealed class OriginRequest
{
    private readonly ChangeSignal _changed;
    private long _bodyBytesSent;
    private int _status;
    private volatile bool _hasEnded;

    internal OriginRequest(ChangeSignal changed, string method, string path, IReadOnlyList<KeyValuePair<string, string>> headers, int connection)
    {
        _changed = changed;
        Method = method;
        Path = path;
        Headers = headers;
        Connection = connection;
    }

    public string Method { get; }

    /// <summary>The path as requested, with the query.</summary>
    public string Path { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>Number of its connection, from 1.</summary>
    public int Connection { get; }

    /// <summary>Number of the request among those for this object, from 1.</summary>
    public int Number { get; internal set; }

    public string? Range => this["Range"];

    /// <summary>Body bytes passed to the kernel, which buffers up to some 100 KiB for a client that does not read.</summary>
    public long BodyBytesSent => Interlocked.Read(ref _bodyBytesSent);

    /// <summary>Offset in the object of the first body byte.</summary>
    public long BodyStart { get; private set; }

    /// <summary>Status of the response; 0 before there is one.</summary>
    public int Status => Volatile.Read(ref _status);

    /// <summary>Whether the response was sent, or the connection broke.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Returns a field of the request, or null.</summary>
    public string? this[string name] => Headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    public override string ToString() => $"{Method} {Path} {Range} -> {Status}, {BodyBytesSent} bytes from {BodyStart}{(HasEnded ? "" : " so far")}";

    internal void Answered(int status, long bodyStart)
    {
        BodyStart = bodyStart;
        Volatile.Write(ref _status, status);
        _changed.Raise();
    }

    internal void Sent(int bodyBytes)
    {
        Interlocked.Add(ref _bodyBytesSent, bodyBytes);
        _changed.Raise();
    }

    internal void Ended()
    {
        _hasEnded = true;
        _changed.Raise();
    }
}
