using System.Reflection;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Deploy.Tests.Azure;

/// <summary>The Bicep compiler of the NuGet package.</summary>
internal static class BicepCompiler
{
    private static readonly string Program =
        typeof(BicepCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Bicep").Value!;

    /// <summary>Runs a command of it; returns all that it printed.</summary>
    public static async Task<string> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string?>
        {
            ["POOL_KEY"] = "a-pool-key-for-the-tests",
            ["ADMIN_KEY"] = "an-admin-key-for-the-tests",
            ["DOTNET_BUNDLE_EXTRACT_BASE_DIR"] = Path.Combine(Path.GetTempPath(), "chunkproxy-bicep"),
        };
        await using var bicep = ChildProcess.Start(Program, arguments, environment);
        var exitCode = await bicep.WhenExitedAsync(cancellationToken);
        var output = string.Join('\n', bicep.Lines);
        Assert.True(exitCode == 0, $"bicep {string.Join(' ', arguments)} ended with {exitCode}:\n{output}");
        return output;
    }
}
