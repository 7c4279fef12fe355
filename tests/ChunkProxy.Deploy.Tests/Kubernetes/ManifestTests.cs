using ChunkProxy.Cache.Settings;
using k8s.Models;

namespace ChunkProxy.Deploy.Tests.Kubernetes;

public sealed class ManifestTests
{
    private static V1StatefulSet Cache => Manifests.One<V1StatefulSet>("cache");

    private static V1Deployment Web => Manifests.One<V1Deployment>("web");

    private static V1Deployment Etcd => Manifests.One<V1Deployment>("etcd");

    private static IEnumerable<V1PodTemplateSpec> Pods => [Cache.Spec.Template, Web.Spec.Template, Etcd.Spec.Template];

    [Fact]
    public void Files_AreAllInTheKustomization() =>
        Assert.Equal(
            Directory.GetFiles(DeployFolder.Combine("kubernetes"), "*.yaml").Select(Path.GetFileName).Where(name => name != "kustomization.yaml").Order(),
            Manifests.Kustomization["resources"].Order());

    [Fact]
    public void Read_UnknownField_IsAnError()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {porst: []}\n");

        Assert.ThrowsAny<YamlDotNet.Core.YamlException>(() => Manifests.Read(file).ToList());
        File.Delete(file);
    }

    [Fact]
    public void Members_AreNamedByTheHeadlessService()
    {
        var service = Manifests.One<V1Service>(Cache.Spec.ServiceName);
        var container = Assert.Single(Cache.Spec.Template.Spec.Containers);

        Assert.Equal("None", service.Spec.ClusterIP);
        Assert.True(service.Spec.PublishNotReadyAddresses);
        Assert.Equal(Cache.Spec.Template.Metadata.Labels["app.kubernetes.io/name"], service.Spec.Selector["app.kubernetes.io/name"]);
        Assert.Equal("metadata.name", container.Env.Single(variable => variable.Name == "POD_NAME").ValueFrom.FieldRef.FieldPath);
        Assert.Equal($"$(POD_NAME).{service.Metadata.Name}:7070", container.Env.Single(variable => variable.Name == "ChunkProxy__PoolAddr").Value);

        // Kubernetes replaces $(POD_NAME) only if the variable is defined before its use.
        var names = container.Env.Select(variable => variable.Name).ToList();
        Assert.True(names.IndexOf("POD_NAME") < names.IndexOf("ChunkProxy__PoolAddr"));
    }

    [Fact]
    public void Services_SelectPodsAndPortsThatExist() =>
        Assert.All(Manifests.All.OfType<V1Service>(), service =>
        {
            var pod = Assert.Single(Pods, pod => service.Spec.Selector.All(label => pod.Metadata.Labels[label.Key] == label.Value));
            var ports = pod.Spec.Containers.SelectMany(container => container.Ports).Select(port => port.Name);
            Assert.All(service.Spec.Ports, port => Assert.Contains(port.TargetPort.Value, ports));
        });

    [Fact]
    public void Probes_AskWhatTheProcessesAnswer()
    {
        var cache = Assert.Single(Cache.Spec.Template.Spec.Containers);
        var web = Assert.Single(Web.Spec.Template.Spec.Containers);

        Assert.Equal(("/health", "health"), PathAndPort(cache.ReadinessProbe));
        Assert.Equal(("/alive", "health"), PathAndPort(cache.LivenessProbe));
        Assert.Equal(("/_chunkproxy/health", "http"), PathAndPort(web.ReadinessProbe));
        Assert.Equal(("/_chunkproxy/alive", "http"), PathAndPort(web.LivenessProbe));
    }

    [Fact]
    public void Disks_AreLargerThanTheCacheOnThem()
    {
        var claim = Assert.Single(Cache.Spec.VolumeClaimTemplates);
        var mount = Assert.Single(Assert.Single(Cache.Spec.Template.Spec.Containers).VolumeMounts, mount => mount.Name == claim.Metadata.Name);
        var settings = Manifests.Processes.Single(process => process.Name == "cache").Settings;

        Assert.StartsWith($"{mount.MountPath}/", settings["ChunkProxy__Dir"], StringComparison.Ordinal);
        Assert.True(claim.Spec.Resources.Requests["storage"].ToDecimal() >= 1.25m * SizeOf("ChunkProxy__DiskSize").Bytes);

        ByteSize SizeOf(string name) =>
            ByteSize.TryParse(settings[name], out var size) ? size : throw new FormatException(settings[name]);
    }

    [Fact]
    public void PoolPortAndEtcd_AreReachedByTheClusterOnly()
    {
        Assert.Equal("7070", OnlyPort("cache"));
        Assert.Equal("2379", OnlyPort("etcd"));

        static string OnlyPort(string name)
        {
            var policy = Manifests.One<V1NetworkPolicy>(name).Spec;
            Assert.Equal(["Ingress"], policy.PolicyTypes);
            Assert.Equal(name, policy.PodSelector.MatchLabels["app.kubernetes.io/name"]);
            var rule = Assert.Single(policy.Ingress);
            Assert.Equal(["cache", "web"], Assert.Single(Assert.Single(rule.FromProperty).PodSelector.MatchExpressions).Values);
            return Assert.Single(rule.Ports).Port.Value;
        }
    }

    [Fact]
    public void Disruptions_TakeOnePodOfAKindAtATime()
    {
        Assert.All(Manifests.All.OfType<V1PodDisruptionBudget>(), budget => Assert.Equal("1", budget.Spec.MaxUnavailable.Value));
        Assert.Equal(["cache", "web"], Manifests.All.OfType<V1PodDisruptionBudget>().Select(budget => budget.Spec.Selector.MatchLabels["app.kubernetes.io/name"]).Order());
    }

    [Fact]
    public void FrontEnd_IsScaledByTheAutoscalerAlone()
    {
        var autoscaler = Manifests.One<V2HorizontalPodAutoscaler>("web").Spec;

        Assert.Equal(("Deployment", "web"), (autoscaler.ScaleTargetRef.Kind, autoscaler.ScaleTargetRef.Name));
        Assert.True(autoscaler.MinReplicas < autoscaler.MaxReplicas);
        Assert.Null(Web.Spec.Replicas);
    }

    [Fact]
    public void Pods_HaveNoPrivilegesAndWriteToVolumesOnly() =>
        Assert.All(Pods, pod =>
        {
            Assert.True(pod.Spec.SecurityContext.RunAsNonRoot);
            Assert.False(pod.Spec.AutomountServiceAccountToken);
            var container = Assert.Single(pod.Spec.Containers);
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
            Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        });

    [Fact]
    public void Keys_AreFilesOfASecretThatIsNotInTheFolder()
    {
        Assert.Empty(Manifests.All.OfType<V1Secret>());
        Assert.All(Manifests.Processes, process => Assert.Equal("/run/secrets/chunkproxy/pool-key", process.Settings["ChunkProxy__PoolKeyFile"]));
        Assert.All([Cache.Spec.Template, Web.Spec.Template], pod =>
        {
            var keys = pod.Spec.Volumes.Single(volume => volume.Secret is not null);
            Assert.Equal("/run/secrets/chunkproxy", Assert.Single(pod.Spec.Containers).VolumeMounts.Single(mount => mount.Name == keys.Name).MountPath);
            Assert.Contains(keys.Secret.Items, item => item.Path == "pool-key");
        });
    }

    private static (string Path, string Port) PathAndPort(V1Probe probe) => (probe.HttpGet.Path, probe.HttpGet.Port.Value);
}
