namespace ChunkProxy.Web.Operations.Access;

/// <summary>What becomes of a request to the reserved prefix.</summary>
internal enum AdminVerdict
{
    Admitted,

    /// <summary>The prefix has an address of its own, and this is not it (404).</summary>
    Elsewhere,

    /// <summary>An action, and this process has no key that could allow it (403).</summary>
    NoKeyIsSet,

    /// <summary>The request has no key (401).</summary>
    KeyMissing,

    /// <summary>The request has another key (401).</summary>
    KeyWrong,
}
