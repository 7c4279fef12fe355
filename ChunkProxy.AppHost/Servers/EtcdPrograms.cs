namespace ChunkProxy.AppHost.Servers;

/// <summary>etcd as a program of this machine.</summary>
internal static class EtcdPrograms
{
    private const string PeerEndpointName = "peer";

    /// <summary>Runs the same resource from the program that was found, where there are no containers.</summary>
    /// <returns>Null: there is no etcd here at all.</returns>
    public static IResourceBuilder<IResourceWithConnectionString>? OrProgram(this IResourceBuilder<EtcdResource> container, ServerPrograms programs)
    {
        if (programs.Containers)
        {
            return container;
        }

        var builder = container.ApplicationBuilder;
        builder.Resources.Remove(container.Resource);
        if (programs.Etcd is not { } path)
        {
            return null;
        }

        var name = container.Resource.Name;
        var data = programs.State.Of(name);
        var etcd = builder.AddResource(new ProgramResource(name, path, data, EtcdResource.ConnectionStringOf));
        var client = ReferenceExpression.Create($"http://127.0.0.1:{etcd.Resource.Port}");
        var peer = new EndpointReference(etcd.Resource, PeerEndpointName);
        return etcd
            .WithEndpoint(name: ProgramResource.ClientEndpointName, scheme: "tcp", isProxied: false)
            .WithEndpoint(name: PeerEndpointName, scheme: "tcp", isProxied: false)
            .WithArgs(
                "--data-dir", data,
                "--log-level", "warn",
                "--listen-client-urls", client,
                "--advertise-client-urls", client,
                "--listen-peer-urls", ReferenceExpression.Create($"http://127.0.0.1:{peer.Property(EndpointProperty.TargetPort)}"),
                "--auto-compaction-retention", "1h")
            .WithIconName(EtcdBuilderExtensions.IconName)
            .WithUrlForEndpoint(ProgramResource.ClientEndpointName, url => url.DisplayText = "Clients")
            .WithUrlForEndpoint(PeerEndpointName, url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
            .WithHealthEndpoint("/health");
    }
}
