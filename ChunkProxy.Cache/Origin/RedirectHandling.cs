namespace ChunkProxy.Cache.Origin;

/// <summary>What happens to a redirect that the origin answers with.</summary>
public enum RedirectHandling
{
    /// <summary>It is followed where the rules allow it; the client sees the object under the path it asked for.</summary>
    Follow,

    /// <summary>It is handed on to the client, so that relative references in the object are resolved against its new address.</summary>
    Pass,
}
