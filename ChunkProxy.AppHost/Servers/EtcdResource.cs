namespace Aspire.Hosting.ApplicationModel;

/// <summary>An etcd server in a container.</summary>
/// <param name="name">The name of the resource.</param>
public sealed class EtcdResource(string name) : ContainerResource(name), IResourceWithConnectionString
{
    internal const string ClientEndpointName = "client";

    private EndpointReference? _clientEndpoint;

    public EndpointReference ClientEndpoint => _clientEndpoint ??= new(this, ClientEndpointName);

    /// <summary>The URL that clients take: <c>http://host:port</c>.</summary>
    public ReferenceExpression ConnectionStringExpression => ConnectionStringOf(ClientEndpoint);

    internal static ReferenceExpression ConnectionStringOf(EndpointReference client) =>
        ReferenceExpression.Create($"http://{client.Property(EndpointProperty.HostAndPort)}");
}
