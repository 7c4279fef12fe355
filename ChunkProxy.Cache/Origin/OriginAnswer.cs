using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Origin;

/// <summary>One checked response of the origin. Its body, if any, is not read yet. Disposing it frees its origin slot.</summary>
internal sealed class OriginAnswer : IDisposable
{
    private OriginBody? _body;

    private OriginAnswer(OriginOutcome outcome) => Outcome = outcome;

    public OriginOutcome Outcome { get; }

    /// <summary>
    /// The version of the response: set for <see cref="OriginOutcome.Part"/>, <see cref="OriginOutcome.Whole"/>,
    /// <see cref="OriginOutcome.NotModified"/> and, if the response names the new version, <see cref="OriginOutcome.VersionChanged"/>.
    /// </summary>
    public ObjectVersion? Version { get; private init; }

    public int Status { get; private init; }

    /// <summary>The delay that the origin asks for with Retry-After; null if absent.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The response to forward to clients; set only if the request asked for it.</summary>
    public OriginReply? Reply { get; set; }

    /// <summary>The tags of a response that has no version.</summary>
    public ObjectTags Tags { get; set; } = ObjectTags.None;

    /// <summary>How long a response without object bytes may be remembered.</summary>
    public TimeSpan Lifetime { get; set; }

    /// <summary>Whether the reply itself may be remembered, and not only the outcome.</summary>
    public bool KeepsReply { get; set; }

    /// <summary>The object's bytes in the body; null if the body is not to be read.</summary>
    public ByteRange? Bytes { get; private init; }

    /// <summary>The outcome in one readable sentence.</summary>
    public string Reason { get; private init; } = "";

    public OriginBody Body => _body ?? throw new InvalidOperationException($"{Outcome} has no body.");

    /// <summary>Creates a response whose body is to be read; the body follows with <see cref="Attach"/>.</summary>
    public static OriginAnswer OfBytes(OriginOutcome outcome, ObjectVersion version, ByteRange bytes, int status) =>
        new(outcome) { Version = version, Bytes = bytes, Status = status };

    public static OriginAnswer Of(OriginOutcome outcome, string reason, int status = 0, ObjectVersion? version = null, TimeSpan? retryAfter = null) =>
        new(outcome) { Reason = reason, Status = status, Version = version, RetryAfter = retryAfter };

    public void Attach(OriginBody body) => _body = body;

    /// <summary>Transfers the body to the caller; disposing the answer then leaves it open.</summary>
    public OriginBody TakeBody()
    {
        var body = Body;
        _body = null;
        return body;
    }

    public void Dispose() => _body?.Dispose();

    /// <summary>Returns the outcome as an exception for readers of bytes.</summary>
    public ChunkReadException ToException() => new(ToError(), Reason) { RetryAfter = RetryAfter };

    /// <summary>Returns the error that a reader gets for this outcome.</summary>
    public ProxyError ToError() => Outcome switch
    {
        OriginOutcome.NotFound => ProxyError.NotFound,
        OriginOutcome.Gone => ProxyError.Gone,
        OriginOutcome.Refused => ProxyError.OriginRefused,
        OriginOutcome.Failed => ProxyError.OriginFailed,
        OriginOutcome.Unreachable => ProxyError.OriginUnreachable,
        OriginOutcome.TimedOut => ProxyError.OriginTimedOut,
        OriginOutcome.Overloaded => ProxyError.Overloaded,
        OriginOutcome.Down => ProxyError.OriginDown,
        OriginOutcome.VersionChanged or OriginOutcome.BeyondEnd or OriginOutcome.Uncacheable => ProxyError.VersionChanged,
        _ => ProxyError.OriginMisbehaved,
    };
}
