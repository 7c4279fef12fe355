using System.Text.RegularExpressions;
using ChunkProxy.Deploy.Tests.Settings;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace ChunkProxy.Deploy.Tests.Compose;

/// <summary>deploy/compose.yaml with the values of deploy/.env, parsed as Compose does.</summary>
internal sealed partial class ComposeFile
{
    private readonly Dictionary<object, object> _root;

    private ComposeFile(Dictionary<object, object> root) => _root = root;

    public IEnumerable<(string Name, Dictionary<object, object> Service)> Services =>
        Map(_root["services"]).Select(service => ((string)service.Key, Map(service.Value)));

    public IEnumerable<DeployedProcess> Processes =>
        from entry in Services
        let image = (string)entry.Service["image"]
        where image.StartsWith("chunkproxy-cache", StringComparison.Ordinal) || image.StartsWith("chunkproxy-web", StringComparison.Ordinal)
        select new DeployedProcess(
            entry.Name,
            image.StartsWith("chunkproxy-cache", StringComparison.Ordinal) ? ProcessRole.Cache : ProcessRole.FrontEnd,
            Map(entry.Service["environment"])
                .Where(setting => setting.Value is string { Length: > 0 })
                .ToDictionary(setting => (string)setting.Key, setting => (string)setting.Value));

    public static ComposeFile Read(params IEnumerable<(string Name, string Value)> changes)
    {
        var variables = EnvFile();
        foreach (var (name, value) in changes)
        {
            Assert.True(variables.ContainsKey(name), $".env says nothing of {name}.");
            variables[name] = value;
        }

        var text = Variable().Replace(File.ReadAllText(DeployFolder.Combine("compose.yaml")), variable =>
        {
            var name = variable.Groups["name"].Value;
            Assert.True(variables.TryGetValue(name, out var value), $".env says nothing of {name}.");
            Assert.False(variable.Groups["required"].Success && value is "", $"{name} is required.");
            return value!;
        });
        return new ComposeFile(Yaml(text));
    }

    /// <summary>The variables in deploy/.env.</summary>
    public static Dictionary<string, string> EnvFile() =>
        File.ReadLines(DeployFolder.Combine(".env"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('=', 2))
            .ToDictionary(parts => parts[0], parts => parts[1]);

    /// <summary>The variables that compose.yaml uses.</summary>
    public static IReadOnlySet<string> TakenVariables() =>
        Variable().Matches(File.ReadAllText(DeployFolder.Combine("compose.yaml"))).Select(variable => variable.Groups["name"].Value).ToHashSet();

    public static Dictionary<object, object> Map(object node) => (Dictionary<object, object>)node;

    public static IEnumerable<string> List(object node) => ((List<object>)node).Cast<string>();

    private static Dictionary<object, object> Yaml(string text) =>
        new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(new StringReader(text))));

    // ${NAME} or ${NAME:?message}; $$ is a dollar.
    [GeneratedRegex(@"(?<!\$)\$\{(?<name>\w+)(?<required>:\?[^}]*)?\}")]
    private static partial Regex Variable();
}
