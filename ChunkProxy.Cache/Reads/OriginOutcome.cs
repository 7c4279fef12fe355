namespace ChunkProxy.Cache.Reads;

/// <summary>Every way in which a request to the origin can end.</summary>
public enum OriginOutcome
{
    /// <summary>206 with the requested range, of a version that has an identity.</summary>
    Part,

    /// <summary>200: the origin ignores ranges, or none was requested. The body begins at the object's first byte.</summary>
    Whole,

    /// <summary>304: the known version is still current.</summary>
    NotModified,

    /// <summary>416: the object ends before the range begins.</summary>
    BeyondEnd,

    /// <summary>The origin has another version than the expected one (412, or another validator in the response).</summary>
    VersionChanged,

    /// <summary>A response that must not be stored or divided: no length, <c>no-store</c>, <c>private</c>, encoded, with cookies.</summary>
    Uncacheable,

    /// <summary>Another status that is not an error: 203, 204, 226, a redirect that is not followed.</summary>
    Other,

    /// <summary>404.</summary>
    NotFound,

    /// <summary>410.</summary>
    Gone,

    /// <summary>Another 4xx, except 408 and 429.</summary>
    Refused,

    /// <summary>5xx, 408, 429: the origin cannot answer at the moment.</summary>
    Failed,

    /// <summary>No connection, or the connection broke before the response header.</summary>
    Unreachable,

    /// <summary>No response header within the configured time.</summary>
    TimedOut,

    /// <summary>A response that contradicts the request or itself.</summary>
    Misbehaved,

    /// <summary>No origin slot became free in time.</summary>
    Overloaded,

    /// <summary>No request was sent: the origin does not answer, and a probe has confirmed that.</summary>
    Down,
}
