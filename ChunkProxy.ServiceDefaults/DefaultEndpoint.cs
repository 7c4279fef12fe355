namespace ChunkProxy.ServiceDefaults;

/// <summary>What an endpoint that every service has is for. Metadata of the endpoint, for whoever restricts access.</summary>
public enum DefaultEndpoint
{
    /// <summary>Platforms probe it and have no credential.</summary>
    Health,

    /// <summary>Metrics are scraped from it.</summary>
    Metrics,
}
