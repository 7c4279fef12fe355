using ChunkProxy.Testing.Nodes;

namespace ChunkProxy.AppHost.Tests;

/// <summary>The AppHost as it was built, for tests that start it as a process of its own.</summary>
internal static class AppHostProgram
{
    public static string Path { get; } = ProductBuild.Assembly("ChunkProxy.AppHost", "ChunkProxy.AppHost.dll");
}
