using Microsoft.AspNetCore.Http;

namespace ChunkProxy.ServiceDefaults;

/// <summary>Where this process answers probes of health and metrics. An object of the origin that is called "/health" is no probe.</summary>
internal sealed class HealthPaths
{
    public PathString Health { get; private set; } = "/health";

    public PathString Alive { get; private set; } = "/alive";

    /// <summary>Where metrics are scraped, if they are.</summary>
    public PathString Metrics { get; private set; } = "/metrics";

    /// <summary>Set once, before the first request.</summary>
    public PathString Prefix
    {
        set => (Health, Alive, Metrics) = (value.Add("/health"), value.Add("/alive"), value.Add("/metrics"));
    }

    public bool Contains(PathString path) => path == Health || path == Alive || path == Metrics;
}
