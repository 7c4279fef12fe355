namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of ChunkProxy has: telemetry, health, service discovery, resilience.</summary>
public static class Extensions
{
}
