using System.Text.Json;
using System.Text.RegularExpressions;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Deploy.Tests.Settings;

/// <summary>The manifest that the AppHost publishes, which <c>azd</c> deploys.</summary>
internal sealed partial class AppHostManifest
{
    private static readonly Lazy<Task<AppHostManifest>> Published = new(PublishAsync);

    private readonly JsonElement _json;

    private AppHostManifest(JsonElement json) => _json = json;

    /// <summary>The processes of the product. A placeholder for a port reads that port; any other one stays.</summary>
    public IEnumerable<DeployedProcess> Processes =>
        from resource in Resources.EnumerateObject()
        where resource.Value.GetProperty("type").GetString()!.StartsWith("project.", StringComparison.Ordinal)
        let path = resource.Value.GetProperty("path").GetString()!
        select new DeployedProcess(
            resource.Name,
            path.EndsWith("ChunkProxy.Cache.csproj", StringComparison.Ordinal) ? ProcessRole.Cache : ProcessRole.FrontEnd,
            resource.Value.GetProperty("env").EnumerateObject().ToDictionary(setting => setting.Name, setting => Resolve(setting.Value.GetString()!)));

    /// <summary>The images of the servers.</summary>
    public IEnumerable<string> Images =>
        from resource in Resources.EnumerateObject()
        where resource.Value.TryGetProperty("image", out _)
        select resource.Value.GetProperty("image").GetString();

    private JsonElement Resources => _json.GetProperty("resources");

    /// <summary>Has the AppHost publish it, once.</summary>
    public static Task<AppHostManifest> GetAsync(CancellationToken cancellationToken) => Published.Value.WaitAsync(cancellationToken);

    private static async Task<AppHostManifest> PublishAsync()
    {
        using var folder = new TemporaryFolder();
        var manifest = folder.Combine("manifest.json");
        await ProgramRun.OutputAsync(
            [
                Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ProductBuild.Assembly("ChunkProxy.AppHost", "ChunkProxy.AppHost.dll"),
                "--operation", "publish", "--publisher", "manifest", "--output-path", manifest, "--Origin:Url", "http://origin.example/", "--Redis:Enabled", "true",
            ],
            CancellationToken.None);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(manifest));
        return new AppHostManifest(json.RootElement.Clone());
    }

    private string Resolve(string value) => TargetPort().Replace(
        value,
        port => Resources.GetProperty(port.Groups[1].Value).GetProperty("bindings").GetProperty(port.Groups[2].Value).GetProperty("targetPort").GetRawText());

    [GeneratedRegex(@"\{([\w-]+)\.bindings\.([\w-]+)\.targetPort\}")]
    private static partial Regex TargetPort();
}
