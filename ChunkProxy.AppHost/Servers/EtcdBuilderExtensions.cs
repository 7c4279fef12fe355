using Aspire.Hosting.ApplicationModel;
using ChunkProxy.AppHost.Servers;

namespace Aspire.Hosting;

/// <summary>Adds etcd to an application.</summary>
public static class EtcdBuilderExtensions
{
    internal const string IconName = "PeopleTeam";

    private const string DataPath = "/etcd-data";
    private const int ClientPort = 2379;

    /// <summary>Adds an etcd server of one member. Its connection string is the URL for clients.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name of the resource.</param>
    /// <param name="port">The port on this machine; none: any.</param>
    public static IResourceBuilder<EtcdResource> AddEtcd(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port = null) =>
        builder.AddResource(new EtcdResource(name))
            .WithImage(ServerImage.Etcd.Repository, ServerImage.Etcd.Tag)
            .WithImageRegistry(ServerImage.Etcd.Registry)
            .WithEntrypoint(ServerImage.Etcd.Program)
            .WithArgs(
                "--name", name,
                "--data-dir", DataPath,
                "--listen-client-urls", $"http://0.0.0.0:{ClientPort}",
                "--advertise-client-urls", $"http://{name}:{ClientPort}",
                "--listen-peer-urls", "http://127.0.0.1:2380",
                "--auto-compaction-retention", "1h")
            // tcp, not http: a platform's HTTP ingress would stand between the clients and gRPC.
            .WithEndpoint(port: port, targetPort: ClientPort, scheme: "tcp", name: EtcdResource.ClientEndpointName)
            .WithIconName(IconName)
            .WithHealthEndpoint("/health");

    /// <summary>Keeps the data in a volume. Losing it does no harm to a cluster of caches: its members enable authentication and register again.</summary>
    public static IResourceBuilder<EtcdResource> WithDataVolume(this IResourceBuilder<EtcdResource> builder, string? name = null) =>
        builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), DataPath);
}
