namespace ChunkProxy.Cache.Reads;

/// <summary>Every way in which a read can end without bytes. Status code, log event, metric tag and test name use this value.</summary>
public enum ProxyError
{
    None,

    /// <summary>The origin has no such object (404), according to a current or remembered response.</summary>
    NotFound,

    /// <summary>The object is permanently gone from the origin (410), according to a current or remembered response.</summary>
    Gone,

    /// <summary>The origin refused the request with another 4xx status, which is forwarded.</summary>
    OriginRefused,

    /// <summary>The origin is unreachable: name resolution, connection or TLS failed, or connections broke too often.</summary>
    OriginUnreachable,

    /// <summary>The origin did not answer, or stopped sending, for longer than the configured time.</summary>
    OriginTimedOut,

    /// <summary>The origin cannot answer at the moment (5xx, 408, 429).</summary>
    OriginFailed,

    /// <summary>The origin's response contradicts the request or itself: wrong range, wrong size, endless redirects.</summary>
    OriginMisbehaved,

    /// <summary>The object has another version at the origin than the requested one.</summary>
    VersionChanged,

    /// <summary>Too many requests wait for the origin.</summary>
    Overloaded,

    /// <summary>The origin was not asked: it does not answer, and a probe has confirmed that.</summary>
    OriginDown,

    /// <summary>The client's other reads use all that one client may fetch from the origin at one time.</summary>
    ClientLimited,
}
