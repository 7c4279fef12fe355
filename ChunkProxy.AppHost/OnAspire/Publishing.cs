using Microsoft.Extensions.Configuration;

namespace ChunkProxy.AppHost.OnAspire;

/// <summary>What differs between the places that the topology is published to. docs/deploy.md says what each costs.</summary>
internal static class Publishing
{
    private const int MostFrontEnds = 10;

    public static PublishTarget AddPublishTarget(this IDistributedApplicationBuilder builder)
    {
        var target = builder.Configuration.GetValue("Publish:To", PublishTarget.None);
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

    /// <summary>A member is one process with a name of its own: what it owns follows from the name.</summary>
    public static IResourceBuilder<ProjectResource> AsOneReplica(this IResourceBuilder<ProjectResource> cache, PublishTarget target) =>
        cache.WithScale(target, most: 1);

    /// <summary>Front ends own nothing, so the platform may add and remove them as requests come (its default rule: by requests under way).</summary>
    public static IResourceBuilder<ProjectResource> ScalingWithLoad(this IResourceBuilder<ProjectResource> web, PublishTarget target) =>
        web.WithScale(target, MostFrontEnds);

    private static IResourceBuilder<ProjectResource> WithScale(this IResourceBuilder<ProjectResource> project, PublishTarget target, int most) =>
        target != PublishTarget.Aca
            ? project
            : project.PublishAsAzureContainerApp((_, app) =>
            {
                app.Template.Scale.MinReplicas = 1;
                app.Template.Scale.MaxReplicas = most;
            });
}
