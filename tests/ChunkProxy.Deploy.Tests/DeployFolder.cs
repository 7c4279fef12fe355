using ChunkProxy.Testing.Nodes;

namespace ChunkProxy.Deploy.Tests;

/// <summary>The files in deploy/.</summary>
internal static class DeployFolder
{
    public static string Path { get; } = System.IO.Path.Combine(ProductBuild.Root, "deploy");

    public static string Combine(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);
}
