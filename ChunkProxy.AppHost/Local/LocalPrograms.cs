using System.Reflection;

namespace ChunkProxy.AppHost.Local;

/// <summary>Where the build put the programs of the product (written into this assembly by its project file).</summary>
internal static class LocalPrograms
{
    public static string Repository { get; } = Metadata("Repository");

    public static string Cache { get; } = Metadata("Program:ChunkProxy.Cache");

    public static string Web { get; } = Metadata("Program:chunkproxy");

    public static string SampleOrigin { get; } = Metadata("Program:ChunkProxy.SampleOrigin");

    private static string Metadata(string key) =>
        typeof(LocalPrograms).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
