using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Origin;

/// <summary>One answer of the origin, checked; its body, where it has one, is still to be read. Dispose it to free its place at the origin.</summary>
internal sealed class OriginAnswer : IDisposable
{
    private OriginBody? _body;

    private OriginAnswer(OriginOutcome outcome) => Outcome = outcome;

    public OriginOutcome Outcome { get; }

    /// <summary>The version that the answer is of: set for <see cref="OriginOutcome.Part"/>, <see cref="OriginOutcome.Whole"/>, <see cref="OriginOutcome.NotModified"/> and, where the answer names it, <see cref="OriginOutcome.VersionChanged"/>.</summary>
    public ObjectVersion? Version { get; private init; }

    public int Status { get; private init; }

    /// <summary>How long the origin wishes not to be asked again, where it said so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The response, to be handed on to clients. Only where the request wanted it.</summary>
    public OriginReply? Reply { get; set; }

    /// <summary>How long an answer without bytes may be remembered.</summary>
    public TimeSpan Lifetime { get; set; }

    /// <summary>The reply may be remembered too, and not only what was found out.</summary>
    public bool KeepsReply { get; set; }

    /// <summary>The object's size in bytes, for <see cref="OriginOutcome.BeyondEnd"/> where the origin said it.</summary>
    public long? Size { get; private init; }

    /// <summary>Which bytes of the object the body has; null where it is not to be read.</summary>
    public ByteRange? Bytes { get; private init; }

    /// <summary>One sentence for people.</summary>
    public string Reason { get; private init; } = "";

    public OriginBody Body => _body ?? throw new InvalidOperationException($"{Outcome} has no body.");

    /// <summary>An answer whose body is to be read: <see cref="Attach"/> it.</summary>
    public static OriginAnswer OfBytes(OriginOutcome outcome, ObjectVersion version, ByteRange bytes, int status) =>
        new(outcome) { Version = version, Bytes = bytes, Status = status };

    public static OriginAnswer Of(
        OriginOutcome outcome, string reason, int status = 0, ObjectVersion? version = null, long? size = null, TimeSpan? retryAfter = null) =>
        new(outcome) { Reason = reason, Status = status, Version = version, Size = size, RetryAfter = retryAfter };

    public void Attach(OriginBody body) => _body = body;

    /// <summary>Hands the body to another owner; disposing the answer no longer ends it.</summary>
    public OriginBody TakeBody()
    {
        var body = Body;
        _body = null;
        return body;
    }

    public void Dispose() => _body?.Dispose();

    /// <summary>The same as an exception, for who reads bytes.</summary>
    public ChunkReadException ToException() => new(ToError(), Reason) { RetryAfter = RetryAfter };

    /// <summary>What a reader is told when the read ends here.</summary>
    public ProxyError ToError() => Outcome switch
    {
        OriginOutcome.NotFound => ProxyError.NotFound,
        OriginOutcome.Gone => ProxyError.Gone,
        OriginOutcome.Refused => ProxyError.OriginRefused,
        OriginOutcome.Failed => ProxyError.OriginFailed,
        OriginOutcome.Unreachable => ProxyError.OriginUnreachable,
        OriginOutcome.TimedOut => ProxyError.OriginTimedOut,
        OriginOutcome.Overloaded => ProxyError.Overloaded,
        OriginOutcome.VersionChanged or OriginOutcome.BeyondEnd or OriginOutcome.Uncacheable => ProxyError.VersionChanged,
        _ => ProxyError.OriginMisbehaved,
    };
}
