namespace ChunkProxy.AppHost.OnAspire;

/// <summary>A server program of this machine, where no container runtime runs.</summary>
internal sealed class ServerExecutableResource(string name, string program, string urlScheme)
    : ExecutableResource(name, program, Path.GetTempPath()), IResourceWithConnectionString
{
    public const string ClientEndpointName = "client";

    public EndpointReference ClientEndpoint => new(this, ClientEndpointName);

    /// <summary>The port that the program itself listens on.</summary>
    public EndpointReferenceExpression Port => ClientEndpoint.Property(EndpointProperty.TargetPort);

    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"{urlScheme}{ClientEndpoint.Property(EndpointProperty.HostAndPort)}");
}
