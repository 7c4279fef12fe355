namespace ChunkProxy.Web.Operations.Access;

/// <summary>The result of the access check.</summary>
internal enum AdminVerdict
{
    Admitted,

    /// <summary>The prefix has a separate address, and the request arrived at another (404).</summary>
    Elsewhere,

    /// <summary>The status page is closed at the address for clients (403).</summary>
    PageIsClosed,

    /// <summary>Figures require the key at this address, and the process has none (403).</summary>
    LookingIsClosed,

    /// <summary>Figures are open, but the request names an unknown host: it may come from a foreign page (403).</summary>
    ForeignHost,

    /// <summary>A page sends the key at the address for clients, where objects could read it (403).</summary>
    KeyNotTakenHere,

    /// <summary>An action, but this process has no key (403).</summary>
    NoKeyIsSet,

    /// <summary>The request has no key (401).</summary>
    KeyMissing,

    /// <summary>The request has a wrong key (401).</summary>
    KeyWrong,
}
