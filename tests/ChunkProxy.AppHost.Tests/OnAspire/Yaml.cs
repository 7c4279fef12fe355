using YamlDotNet.RepresentationModel;

namespace ChunkProxy.AppHost.Tests.OnAspire;

/// <summary>Reads what was published. A path that is not there fails with its name.</summary>
internal static class Yaml
{
    public static YamlNode Read(string file)
    {
        using var reader = File.OpenText(file);
        var stream = new YamlStream();
        stream.Load(reader);
        return stream.Documents[0].RootNode;
    }

    public static YamlNode At(this YamlNode node, params IEnumerable<string> path)
    {
        foreach (var name in path)
        {
            Assert.True(((YamlMappingNode)node).Children.TryGetValue(new YamlScalarNode(name), out var child), $"There is no '{name}' in {node}.");
            node = child!;
        }

        return node;
    }

    public static string Text(this YamlNode node, params IEnumerable<string> path) => ((YamlScalarNode)node.At(path)).Value!;
}
