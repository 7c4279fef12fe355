namespace ChunkProxy.ServiceDefaults;

/// <summary>The purpose of an endpoint that every service has. Endpoint metadata, used for access control.</summary>
public enum DefaultEndpoint
{
    /// <summary>Health. Platforms probe it without credentials.</summary>
    Health,

    /// <summary>Metrics, for scraping.</summary>
    Metrics,
}
