namespace ChunkProxy.AppHost.Servers;

/// <summary>A server that runs as a program of this machine, in place of a container.</summary>
/// <param name="name">The name of the resource.</param>
/// <param name="program">The path of the program.</param>
/// <param name="folder">Its working directory.</param>
/// <param name="connectionString">Makes the connection string from the endpoint for clients.</param>
internal sealed class ProgramResource(string name, string program, string folder, Func<EndpointReference, ReferenceExpression> connectionString)
    : ExecutableResource(name, program, folder), IResourceWithConnectionString
{
    public const string ClientEndpointName = "client";

    public EndpointReference ClientEndpoint => new(this, ClientEndpointName);

    /// <summary>The port that the program itself listens on.</summary>
    public EndpointReferenceExpression Port => ClientEndpoint.Property(EndpointProperty.TargetPort);

    public ReferenceExpression ConnectionStringExpression => connectionString(ClientEndpoint);
}
