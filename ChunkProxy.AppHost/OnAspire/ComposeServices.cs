namespace ChunkProxy.AppHost.OnAspire;

/// <summary>What Docker Compose is told beyond what Aspire writes.</summary>
internal static class ComposeServices
{
    /// <summary>Comes back after a crash and a reboot, and is given the time that it needs to drain.</summary>
    public static IResourceBuilder<T> AsComposeService<T>(this IResourceBuilder<T> resource)
        where T : IComputeResource =>
        resource.PublishAsDockerComposeService((_, service) =>
        {
            service.Restart = "unless-stopped";
            service.StopGracePeriod = "30s";
        });

    /// <summary>A service whose cache outlives its container.</summary>
    /// <remarks>An empty volume takes its owner from the image's folder that it is mounted over; the user's home is one that the user owns.</remarks>
    public static IResourceBuilder<ProjectResource> AsComposeMember(this IResourceBuilder<ProjectResource> cache) =>
        cache.AsComposeService()
            .WithAnnotation(new ContainerMountAnnotation(
                $"{cache.Resource.Name}-disk", PublishedContainer.Home, ContainerMountType.Volume, isReadOnly: false));
}
