namespace ChunkProxy.Web.Http.Targets;

/// <summary>The result of checking a request target.</summary>
internal enum TargetVerdict
{
    /// <summary>The target names an object.</summary>
    Accepted,

    /// <summary>Longer than the configured limit (414).</summary>
    TooLong,

    /// <summary>Absolute-form, authority-form or asterisk-form, which is not a path (400).</summary>
    NotOriginForm,

    /// <summary>A character that is not allowed in a target: a control character, backslash, number sign, or non-ASCII (400).</summary>
    ForbiddenCharacter,

    /// <summary>A percent sign without two hexadecimal digits (400).</summary>
    BadPercentEncoding,

    /// <summary>Encoded octets of a control character, a backslash, or an overlong form of another character (400).</summary>
    ForbiddenOctet,

    /// <summary>A segment <c>.</c> or <c>..</c>, decoded or encoded (400).</summary>
    DotSegment,

    /// <summary>An empty first segment, as in <c>//host</c> (400).</summary>
    EmptyFirstSegment,

    /// <summary>Below the reserved prefix (404).</summary>
    Reserved,

    /// <summary>No route matches the host and the path (404).</summary>
    NoRoute,

    /// <summary>An origin may read the path in another way, for which there is another route (400).</summary>
    AmbiguousRoute,
}
