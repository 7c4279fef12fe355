using System.Globalization;
using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.AppHost.OnAspire;

/// <summary>What Kubernetes is told beyond what Aspire writes.</summary>
internal static class KubernetesWorkloads
{
    private const long Mebibyte = 1L << 20;

    /// <summary>A stateful set of one with a volume of its own: an update ends the old process before it starts the new one on the same disk.</summary>
    public static IResourceBuilder<ProjectResource> AsKubernetesMember(this IResourceBuilder<ProjectResource> cache, Topology topology)
    {
        var builder = cache.ApplicationBuilder;
        var kubernetes = builder.CreateResourceBuilder(builder.Resources.OfType<KubernetesEnvironmentResource>().Single());
        var volume = kubernetes.AddPersistentVolume($"{cache.Resource.Name}-disk").WithCapacity(CapacityFor(topology.DiskSize));
        return cache.WithHttpEndpoint(targetPort: Topology.PublishedWebPort)
            .WithHttpProbe(ProbeType.Liveness, Topology.AlivePath)
            .WithPersistentVolume(volume, PublishedContainer.Home)
            .PublishAsKubernetesService(member =>
            {
                var pod = member.Workload!.PodTemplate.Spec;
                pod.SecurityContext = new PodSecurityContextV1 { FsGroup = PublishedContainer.User };
                SpellSchemes(pod);
                // A member's service is its name and balances nothing. Peers judge by themselves, and reach it while it starts and while it drains.
                member.Service!.Spec.PublishNotReadyAddresses = true;
            });
    }

    public static IResourceBuilder<ProjectResource> AsKubernetesFrontEnd(this IResourceBuilder<ProjectResource> web) =>
        web.PublishAsKubernetesService(frontEnd =>
        {
            var deployment = (Deployment)frontEnd.Workload!;
            deployment.Spec.Strategy.RollingUpdate.MaxUnavailable = 0; // of one front end that would be all
            SpellSchemes(deployment.PodTemplate.Spec);
        });

    // Kubernetes knows HTTP and refuses http, which Aspire 13.5.2 writes.
    private static void SpellSchemes(PodSpecV1 pod)
    {
        foreach (var probe in pod.Containers.SelectMany(container => new[] { container.LivenessProbe, container.ReadinessProbe }))
        {
            probe?.HttpGet?.Scheme = "HTTP";
        }
    }

    // A quarter more than the cache uses: the file system takes a part, and a full one is slow.
    private static string CapacityFor(string diskSize)
    {
        _ = ByteSize.TryParse(diskSize, out var size);
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, size.Bytes / 4 * 5 / Mebibyte)}Mi");
    }
}
