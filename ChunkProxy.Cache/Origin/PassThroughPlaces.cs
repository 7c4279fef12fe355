using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>Fits the responses that clients receive at their own pace to the machine: each takes an open file and memory.</summary>
internal sealed class PassThroughPlaces(SiteNames names, MachineLimits machine) : IPostConfigureOptions<OriginOptions>
{
    private const int MostForEachConnection = 8;
    private const int OpenFilesForEach = 32;
    private const long MemoryForEach = 4 << 20; // for its buffer, and the buffers of two sockets

    public void PostConfigure(string? name, OriginOptions options) => options.PassThroughPlaces = (int)Math.Min(
        Math.Min(options.PassThroughConnections, (long)MostForEachConnection * options.MaxConnections),
        Math.Min(machine.OpenFiles / OpenFilesForEach, machine.Memory / MemoryForEach) / names.Scopes.Count());
}
