using ChunkProxy.Testing.Nodes;

namespace ChunkProxy.AppHost.Tests;

/// <summary>The built AppHost, for tests that start it as a process.</summary>
internal static class AppHostProgram
{
    public static string Path { get; } = ProductBuild.Assembly("ChunkProxy.AppHost", "ChunkProxy.AppHost.dll");
}
