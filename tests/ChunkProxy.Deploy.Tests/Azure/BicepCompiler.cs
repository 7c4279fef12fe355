using System.Reflection;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Deploy.Tests.Azure;

/// <summary>The Bicep compiler of the NuGet package.</summary>
internal static class BicepCompiler
{
    private static readonly string Program =
        typeof(BicepCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Bicep").Value!;

    private static readonly Dictionary<string, string?> Keys = new()
    {
        ["POOL_KEY"] = "a-pool-key-for-the-tests",
        ["ADMIN_KEY"] = "an-admin-key-for-the-tests",
        ["ETCD_PASSWORD"] = "an-etcd-password-for-the-tests",
    };

    /// <summary>Runs a command of the compiler; returns its output.</summary>
    public static Task<string> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        ProgramRun.OutputAsync([Program, .. arguments], cancellationToken, Keys, withErrors: true);
}
