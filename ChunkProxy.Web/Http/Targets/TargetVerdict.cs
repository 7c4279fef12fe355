namespace ChunkProxy.Web.Http.Targets;

/// <summary>What became of a request target on its way to the name of an object.</summary>
internal enum TargetVerdict
{
    /// <summary>It names an object.</summary>
    Accepted,

    /// <summary>Longer than the configured limit (414).</summary>
    TooLong,

    /// <summary>Absolute-form, authority-form or asterisk-form, which name no path here (400).</summary>
    NotOriginForm,

    /// <summary>A character that may not stand in a target: a control character, backslash, a number sign, non-ASCII (400).</summary>
    ForbiddenCharacter,

    /// <summary>A percent sign that two hexadecimal digits do not follow (400).</summary>
    BadPercentEncoding,

    /// <summary>Encoded octets that are a control character, a backslash, or an overlong form of another character (400).</summary>
    ForbiddenOctet,

    /// <summary>A segment <c>.</c> or <c>..</c>, plain or encoded (400).</summary>
    DotSegment,

    /// <summary>An empty segment at the start, as in <c>//host</c> (400).</summary>
    EmptyFirstSegment,

    /// <summary>Below the prefix that this server keeps for itself (404).</summary>
    Reserved,
}
