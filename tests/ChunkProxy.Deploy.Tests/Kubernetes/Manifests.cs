using ChunkProxy.Deploy.Tests.Settings;
using k8s;
using k8s.Models;
using YamlDotNet.Serialization;

namespace ChunkProxy.Deploy.Tests.Kubernetes;

/// <summary>deploy/kubernetes, read into the typed models of the Kubernetes client. A field that Kubernetes does not know is an error.</summary>
internal static class Manifests
{
    public static IReadOnlyList<object> All { get; } = [.. Kustomization["resources"].SelectMany(file => Read(DeployFolder.Combine("kubernetes", file)))];

    public static IReadOnlyDictionary<string, string> Settings { get; } = Assert.Single(All.OfType<V1ConfigMap>()).Data.AsReadOnly();

    /// <summary>The lists of strings in kustomization.yaml.</summary>
    public static Dictionary<string, string[]> Kustomization =>
        new DeserializerBuilder().Build()
            .Deserialize<Dictionary<string, object>>(File.ReadAllText(DeployFolder.Combine("kubernetes", "kustomization.yaml")))
            .Where(entry => entry.Value is List<object> list && list.TrueForAll(item => item is string))
            .ToDictionary(entry => entry.Key, entry => ((List<object>)entry.Value).Cast<string>().ToArray());

    public static IEnumerable<DeployedProcess> Processes =>
    [
        Process(ProcessRole.Cache, One<V1StatefulSet>("cache").Metadata, One<V1StatefulSet>("cache").Spec.Template.Spec),
        Process(ProcessRole.FrontEnd, One<V1Deployment>("web").Metadata, One<V1Deployment>("web").Spec.Template.Spec),
    ];

    public static T One<T>(string name)
        where T : IMetadata<V1ObjectMeta> => Assert.Single(All.OfType<T>(), item => item.Metadata.Name == name);

    public static IEnumerable<object> Read(string file) => KubernetesYaml.LoadAllFromString(File.ReadAllText(file), typeMap: null, strict: true);

    private static DeployedProcess Process(ProcessRole role, V1ObjectMeta metadata, V1PodSpec pod)
    {
        var container = Assert.Single(pod.Containers);
        var settings = new Dictionary<string, string>();
        if (container.EnvFrom is [{ ConfigMapRef.Name: "chunkproxy-settings" }])
        {
            settings = new(Settings);
        }

        foreach (var variable in container.Env)
        {
            settings[variable.Name] = variable.ValueFrom?.SecretKeyRef is null ? variable.Value ?? "" : DeployedProcess.Secret;
        }

        return new(metadata.Name, role, settings.Where(setting => setting.Value.Length > 0).ToDictionary());
    }
}
