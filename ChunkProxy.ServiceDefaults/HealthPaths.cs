using Microsoft.AspNetCore.Http;

namespace ChunkProxy.ServiceDefaults;

/// <summary>Where this process answers health probes. An object of the origin that is called "/health" is no probe.</summary>
internal sealed class HealthPaths
{
    public PathString Health { get; private set; } = "/health";

    public PathString Alive { get; private set; } = "/alive";

    /// <summary>Set once, before the first request.</summary>
    public PathString Prefix
    {
        set => (Health, Alive) = (value.Add("/health"), value.Add("/alive"));
    }

    public bool Contains(PathString path) => path == Health || path == Alive;
}
