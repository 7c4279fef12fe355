using ChunkProxy.AppHost.Servers;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.AppHost.Tests.Manifest;

/// <summary>The output of the AppHost in publish mode, as a separate process.</summary>
internal static class Published
{
    public const string Origin = "http://origin.example/";

    /// <summary>Publishes to a file, for the manifest, or to a folder, for a place.</summary>
    public static async Task ToAsync(string path, IEnumerable<string> how, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var publish = await ChildProcess.RunAsync(
            Executables.DotNet,
            [
                AppHostProgram.Path, "--operation", "publish", .. how, "--output-path", path,
                "--Cluster:Nodes", "2", "--Origin:Url", Origin, .. arguments,
            ],
            cancellationToken);
        Assert.True(publish.ExitCode == 0, string.Join('\n', publish.Lines));
    }
}
