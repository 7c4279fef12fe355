using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Testing.Scripted;

/// <summary>A path of a <see cref="ScriptedOrigin"/>: its responses, and the requests received.</summary>
public sealed class ScriptedObject
{
    private readonly ChangeSignal _changed;
    private readonly List<OriginRequest> _requests = []; // also the lock that guards it
    private Func<OriginRequest, OriginAnswer> _script;

    internal ScriptedObject(ChangeSignal changed, string path, OriginAnswer answer)
    {
        _changed = changed;
        Path = path;
        Answer = answer;
        _script = _ => Answer;
    }

    public string Path { get; }

    /// <summary>The default response. May be changed at any time; responses in progress are not affected.</summary>
    public OriginAnswer Answer { get; set; }

    /// <summary>Decides each response. The request contains its number, so "the second one fails" is one line.</summary>
    public Func<OriginRequest, OriginAnswer> Script
    {
        get => _script;
        set => _script = value;
    }

    public IReadOnlyList<OriginRequest> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Body bytes sent for this object, over all requests.</summary>
    public long BodyBytesSent => Requests.Sum(request => request.BodyBytesSent);

    /// <summary>The number of bytes sent more than once: unnecessary origin traffic.</summary>
    public long BytesSentAgain
    {
        get
        {
            long again = 0;
            long reached = 0;
            foreach (var request in Requests.OrderBy(request => request.BodyStart))
            {
                var end = request.BodyStart + request.BodyBytesSent;
                again += Math.Max(0, Math.Min(reached, end) - request.BodyStart);
                reached = Math.Max(reached, end);
            }

            return again;
        }
    }

    /// <summary>Bytes sent of one part of the object, over all requests.</summary>
    public long BytesSentWithin(long start, long end) => Requests.Sum(
        request => Math.Max(0, Math.Min(end, request.BodyStart + request.BodyBytesSent) - Math.Max(start, request.BodyStart)));

    /// <summary>Waits until the condition is true. It is checked when a request arrives, advances or ends.</summary>
    public Task UntilAsync(Func<ScriptedObject, bool> holds, string what, CancellationToken cancellationToken) =>
        _changed.UntilAsync(() => holds(this), what, cancellationToken);

    /// <summary>Waits until all requests so far have ended.</summary>
    public Task WhenIdleAsync(CancellationToken cancellationToken) =>
        UntilAsync(it => it.Requests.All(request => request.HasEnded), $"the origin has answered all for {Path}", cancellationToken);

    internal OriginAnswer AnswerTo(OriginRequest request)
    {
        lock (_requests)
        {
            _requests.Add(request);
            request.Number = _requests.Count;
        }

        _changed.Raise();
        return _script(request);
    }
}
