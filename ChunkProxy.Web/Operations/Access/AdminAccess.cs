namespace ChunkProxy.Web.Operations.Access;

/// <summary>The access that an endpoint below the reserved prefix requires. Endpoint metadata.</summary>
internal enum AdminAccess
{
    /// <summary>Changes something: requires the key. The default of endpoints without this metadata.</summary>
    Action,

    /// <summary>Shows figures: requires the key if the settings say so.</summary>
    Look,

    /// <summary>The page without its figures: never requires the key, because it asks for the key. It is the same for all users.</summary>
    Shell,

    /// <summary>Health probes: served on every listener, without a key.</summary>
    Probe,
}
