using System.Collections.Concurrent;
using System.Text.Json;
using ChunkProxy.Deploy.Tests.Settings;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Deploy.Tests.Azure;

/// <summary>The resources of deploy/azure with all expressions evaluated: a snapshot of the Bicep compiler.</summary>
internal sealed class Template
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<Template>>> Evaluated = [];

    private readonly JsonElement _snapshot;

    private Template(JsonElement snapshot) => _snapshot = snapshot;

    public IEnumerable<JsonElement> Resources => _snapshot.GetProperty("predictedResources").EnumerateArray();

    /// <summary>The container apps by name.</summary>
    public Dictionary<string, JsonElement> Apps =>
        Resources.Where(resource => resource.GetProperty("type").GetString() == "Microsoft.App/containerApps")
            .ToDictionary(resource => resource.GetProperty("name").GetString()!, resource => resource.GetProperty("properties"));

    public IEnumerable<DeployedProcess> Processes =>
        from app in Apps
        let container = app.Value.GetProperty("template").GetProperty("containers")[0]
        let image = container.GetProperty("image").GetString()!
        where image.Contains("chunkproxy-", StringComparison.Ordinal)
        select new DeployedProcess(
            app.Key,
            image.Contains("chunkproxy-cache", StringComparison.Ordinal) ? ProcessRole.Cache : ProcessRole.FrontEnd,
            container.GetProperty("env").EnumerateArray().ToDictionary(
                setting => setting.GetProperty("name").GetString()!,
                setting => setting.TryGetProperty("secretRef", out _) ? DeployedProcess.Secret : setting.GetProperty("value").GetString()!));

    /// <summary>Evaluates with the parameters of main.bicepparam and these; the same ones once.</summary>
    public static Task<Template> EvaluateAsync(string moreParameters, CancellationToken cancellationToken) =>
        Evaluated.GetOrAdd(moreParameters, static more => new(() => EvaluateAsync(more))).Value.WaitAsync(cancellationToken);

    private static async Task<Template> EvaluateAsync(string moreParameters)
    {
        using var folder = new TemporaryFolder();
        File.Copy(DeployFolder.Combine("azure", "main.bicep"), folder.Combine("main.bicep"));
        var parameters = folder.Combine("main.bicepparam");
        await File.WriteAllTextAsync(parameters, await File.ReadAllTextAsync(DeployFolder.Combine("azure", "main.bicepparam")) + moreParameters);
        await BicepCompiler.RunAsync(["snapshot", parameters], CancellationToken.None);
        using var snapshot = JsonDocument.Parse(await File.ReadAllTextAsync(folder.Combine("main.snapshot.json")));
        return new Template(snapshot.RootElement.Clone());
    }
}
