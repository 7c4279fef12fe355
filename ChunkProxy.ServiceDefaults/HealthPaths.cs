using Microsoft.AspNetCore.Http;

namespace ChunkProxy.ServiceDefaults;

/// <summary>The paths of health and metrics in this process. An object of the origin named "/health" is not one of them.</summary>
internal sealed class HealthPaths
{
    public PathString Health { get; private set; } = "/health";

    public PathString Alive { get; private set; } = "/alive";

    /// <summary>Path of the metrics, if they are scraped.</summary>
    public PathString Metrics { get; private set; } = "/metrics";

    /// <summary>Set once, before the first request.</summary>
    public PathString Prefix
    {
        set => (Health, Alive, Metrics) = (value.Add("/health"), value.Add("/alive"), value.Add("/metrics"));
    }

    public bool Contains(PathString path) => path == Health || path == Alive || path == Metrics;
}
