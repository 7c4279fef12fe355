namespace ChunkProxy.Web.Operations.Access;

/// <summary>What becomes of a request to the reserved prefix.</summary>
internal enum AdminVerdict
{
    Admitted,

    /// <summary>The prefix has an address of its own, and this is not it (404).</summary>
    Elsewhere,

    /// <summary>The status page is not served at the address of clients, unless the settings open it there (403).</summary>
    PageIsClosed,

    /// <summary>Figures need the key here, and this process has none (403).</summary>
    LookingIsClosed,

    /// <summary>Figures are open, but the request names a host that is not this process's: a foreign page may read along (403).</summary>
    ForeignHost,

    /// <summary>A page asks with the key at the address of clients, where objects, which may be pages too, could read it (403).</summary>
    KeyNotTakenHere,

    /// <summary>An action, and this process has no key that could allow it (403).</summary>
    NoKeyIsSet,

    /// <summary>The request has no key (401).</summary>
    KeyMissing,

    /// <summary>The request has another key (401).</summary>
    KeyWrong,
}
