namespace ChunkProxy.Web.Operations.Access;

/// <summary>The result of the access check.</summary>
internal enum AdminVerdict
{
    Admitted,

    /// <summary>The prefix has a separate address, and the request arrived at another (404).</summary>
    Elsewhere,

    /// <summary>An action, but this process has no key (403).</summary>
    NoKeyIsSet,

    /// <summary>The request has no key (401).</summary>
    KeyMissing,

    /// <summary>The request has a wrong key (401).</summary>
    KeyWrong,
}
