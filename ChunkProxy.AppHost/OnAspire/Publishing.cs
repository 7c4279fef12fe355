using Azure.Provisioning.AppContainers;
using Microsoft.Extensions.Configuration;

namespace ChunkProxy.AppHost.OnAspire;

/// <summary>What differs between the places that the topology is published to. docs/deploy.md says what each costs.</summary>
internal static class Publishing
{
    private const int MostFrontEnds = 10;

    public static PublishTarget AddPublishTarget(this IDistributedApplicationBuilder builder)
    {
        var target = builder.ExecutionContext.IsPublishMode ? builder.Configuration.GetValue("Publish:To", PublishTarget.None) : PublishTarget.None;
        switch (target)
        {
            case PublishTarget.Aca:
                builder.AddAzureContainerAppEnvironment("aca");
                break;
            case PublishTarget.Compose:
                builder.AddDockerComposeEnvironment("compose");
                break;
            case PublishTarget.Kubernetes:
                builder.AddKubernetesEnvironment("kubernetes");
                break;
        }

        return target;
    }

    /// <summary>The port that clients take; none: the place chooses.</summary>
    public static int? ClientPort(this PublishTarget target, Topology topology, bool publishing) =>
        topology.WebPort > 0 && (target is PublishTarget.Compose || !publishing) ? topology.WebPort : null;

    /// <summary>A member is one process with a name of its own: what it owns follows from the name.</summary>
    public static IResourceBuilder<ProjectResource> AsMember(this IResourceBuilder<ProjectResource> cache, PublishTarget target, Topology topology) =>
        target switch
        {
            PublishTarget.Aca => cache.PublishAsAzureContainerApp((_, app) => Scale(app, most: 1)),
            PublishTarget.Compose => cache.AsComposeMember(),
            PublishTarget.Kubernetes => cache.AsKubernetesMember(topology),
            _ => cache,
        };

    /// <summary>Front ends own nothing, so the platform may add and remove them as requests come (its default rule: by requests under way).</summary>
    public static IResourceBuilder<ProjectResource> AsFrontEnd(this IResourceBuilder<ProjectResource> web, PublishTarget target) =>
        target switch
        {
            PublishTarget.Aca => web.PublishAsAzureContainerApp((_, app) => Scale(app, most: MostFrontEnds)),
            PublishTarget.Compose => web.DisableForwardedHeaders().AsComposeService(), // nothing stands before it
            PublishTarget.Kubernetes => web.AsKubernetesFrontEnd(),
            _ => web,
        };

    /// <summary>etcd and Redis: one, always. Two behind one name would be two clusters.</summary>
    public static IResourceBuilder<T> AsServer<T>(this IResourceBuilder<T> server, PublishTarget target)
        where T : ContainerResource =>
        target switch
        {
            PublishTarget.Aca => server.PublishAsAzureContainerApp((_, app) => Scale(app, most: 1)),
            PublishTarget.Compose => server.AsComposeService(),
            _ => server,
        };

    private static void Scale(ContainerApp app, int most) =>
        (app.Template.Scale.MinReplicas, app.Template.Scale.MaxReplicas) = (1, most);
}
