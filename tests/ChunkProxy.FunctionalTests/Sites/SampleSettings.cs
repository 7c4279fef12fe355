using System.Text.Json.Nodes;
using ChunkProxy.Testing.Nodes;

namespace ChunkProxy.FunctionalTests.Sites;

/// <summary>The settings file of docs/routes.md, "Example: two sites", with other values where the document names servers and files.</summary>
internal sealed class SampleSettings
{
    private readonly JsonObject _root;

    private SampleSettings(JsonObject root) => _root = root;

    /// <summary>The routes, which a test may change.</summary>
    public JsonObject AllRoutes => _root["ChunkProxy"]!["Routes"]!.AsObject();

    public static SampleSettings Read()
    {
        const string Fence = "```";
        var document = File.ReadAllText(Path.Combine(ProductBuild.Root, "docs", "routes.md"));
        var section = document[document.IndexOf("## Example: two sites\n", StringComparison.Ordinal)..];
        var begin = section.IndexOf(Fence + "json\n", StringComparison.Ordinal) + Fence.Length + "json\n".Length;
        return new SampleSettings(JsonNode.Parse(section[begin..section.IndexOf(Fence, begin, StringComparison.Ordinal)])!.AsObject());
    }

    /// <summary>Replaces a value that the document has.</summary>
    /// <param name="key">The key below <c>ChunkProxy:</c>.</param>
    /// <param name="value">The value.</param>
    public void Replace(string key, string value)
    {
        var path = key.Split(':');
        var parent = path[..^1].Aggregate(_root["ChunkProxy"]!, static (node, name) => node[name]!).AsObject();
        Assert.True(parent.ContainsKey(path[^1]), $"docs/routes.md has no {key} in its example");
        parent[path[^1]] = value;
    }

    /// <summary>Writes <c>appsettings.json</c> into a folder.</summary>
    public Task WriteAsync(string folder, CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(Path.Combine(folder, "appsettings.json"), _root.ToJsonString(), cancellationToken);
}
