namespace ChunkProxy.Cache.Origin;

/// <summary>How redirects of the origin are handled.</summary>
public enum RedirectHandling
{
    /// <summary>A permitted redirect is followed. The client sees the object under the path that it requested.</summary>
    Follow,

    /// <summary>The redirect is passed through to the client, so that relative references in the object resolve against its new address.</summary>
    Pass,
}
