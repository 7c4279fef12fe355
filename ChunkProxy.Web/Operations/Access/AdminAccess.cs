namespace ChunkProxy.Web.Operations.Access;

/// <summary>The access that an endpoint below the reserved prefix requires. Endpoint metadata.</summary>
internal enum AdminAccess
{
    /// <summary>Changes something: requires the key. The default of endpoints without this metadata.</summary>
    Action,

    /// <summary>Shows figures: requires the key, unless the settings open it.</summary>
    Look,

    /// <summary>The page without its figures. It is the same for all users.</summary>
    /// <remarks>Served where figures are open, and at the separate admin address, where it asks for the key.</remarks>
    Shell,

    /// <summary>The page checks a key before it keeps it: only at the separate admin address.</summary>
    PageKey,

    /// <summary>Health probes: served on every listener, without a key.</summary>
    Probe,
}
