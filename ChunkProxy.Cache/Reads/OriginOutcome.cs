namespace ChunkProxy.Cache.Reads;

/// <summary>Every way in which the origin can answer a request for bytes.</summary>
public enum OriginOutcome
{
    /// <summary>206 with exactly the range that was asked for, of a version that can be named.</summary>
    Part,

    /// <summary>200: the origin ignores ranges, or none was asked. The body begins at the object's first byte.</summary>
    Whole,

    /// <summary>304: the version that was asked about is still the one.</summary>
    NotModified,

    /// <summary>416: the object ends before the range begins.</summary>
    BeyondEnd,

    /// <summary>Another version than the expected one is there now (412, or another validator in the answer).</summary>
    VersionChanged,

    /// <summary>There is an answer, but not one that may be kept and cut: no length, <c>no-store</c>, <c>private</c>, encoded, with cookies.</summary>
    Uncacheable,

    /// <summary>Another status that is no error: 203, 204, 226, a redirect that is not followed.</summary>
    Other,

    /// <summary>404.</summary>
    NotFound,

    /// <summary>410.</summary>
    Gone,

    /// <summary>Another 4xx, except 408 and 429.</summary>
    Refused,

    /// <summary>5xx, 408, 429: the origin cannot answer at the moment.</summary>
    Failed,

    /// <summary>No connection, or it broke before the headers.</summary>
    Unreachable,

    /// <summary>No headers within the configured time.</summary>
    TimedOut,

    /// <summary>An answer that contradicts the request or itself.</summary>
    Misbehaved,

    /// <summary>No place in the queue for the origin became free in time.</summary>
    Overloaded,
}
