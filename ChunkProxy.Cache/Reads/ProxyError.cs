namespace ChunkProxy.Cache.Reads;

/// <summary>Every way in which a read can end without bytes. Status code, log event, metric tag and test name read this one value.</summary>
public enum ProxyError
{
    None,

    /// <summary>The origin has no such object (404), said now or a short while ago.</summary>
    NotFound,

    /// <summary>The origin says that the object is gone for good (410), now or a short while ago.</summary>
    Gone,

    /// <summary>The origin refuses with another 4xx status, which is handed on.</summary>
    OriginRefused,

    /// <summary>The origin could not be reached: name, connection or TLS failed, or it broke off too often.</summary>
    OriginUnreachable,

    /// <summary>The origin answered nothing, or stopped sending, for longer than the configured time.</summary>
    OriginTimedOut,

    /// <summary>The origin cannot answer at the moment (5xx, 408, 429).</summary>
    OriginFailed,

    /// <summary>The origin's answer contradicts the request or itself: wrong range, wrong size, redirects without end.</summary>
    OriginMisbehaved,

    /// <summary>The object is another version at the origin than the one that was asked for.</summary>
    VersionChanged,

    /// <summary>Too many requests wait for the origin.</summary>
    Overloaded,
}
