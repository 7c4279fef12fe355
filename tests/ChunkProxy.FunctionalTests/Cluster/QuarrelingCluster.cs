using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>A static cluster of a member, one with another <c>-url</c>, and one with another chunk size.</summary>
public sealed class QuarrelingCluster : IAsyncLifetime
{
    internal ScriptedOrigin Origin { get; } = ScriptedOrigin.Start();

    internal ClusterMember First { get; private set; } = null!;

    internal ClusterMember OtherUrl { get; private set; } = null!;

    internal ClusterMember OtherChunkSize { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        First = Member("", "1MiB");
        OtherUrl = Member("other/", "1MiB");
        OtherChunkSize = Member("", "2MiB");
        await ClusterMember.StartListedAsync([First, OtherUrl, OtherChunkSize], CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in (ClusterMember[])[First, OtherUrl, OtherChunkSize])
        {
            await member.DisposeAsync();
        }

        await Origin.DisposeAsync();
    }

    private ClusterMember Member(string path, string chunkSize) => new(["-url", Origin.BaseAddress + path, "-size-c", chunkSize, "-size-d", "0"], [], isBehindProxy: false);
}
