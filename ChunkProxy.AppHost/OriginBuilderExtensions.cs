namespace ChunkProxy.AppHost;

internal static class OriginBuilderExtensions
{
    /// <summary>Adds the configured origin; else the sample origin on this machine, and a parameter where the application is published: the deployer is asked for it.</summary>
    public static Origin AddOrigin(this IDistributedApplicationBuilder builder, ClusterOptions options)
    {
        if (options.OriginUrl is { } url)
        {
            return new Origin(ReferenceExpression.Create($"{url.AbsoluteUri}"), Sample: null);
        }

        if (builder.ExecutionContext.IsPublishMode)
        {
            return new Origin(ReferenceExpression.Create($"{builder.AddParameterFromConfiguration("origin-url", "Origin:Url")}"), Sample: null);
        }

        var sample = builder.AddProject<Projects.ChunkProxy_SampleOrigin>(Names.SampleOrigin, launchProfileName: null)
            .WithHttpEndpoint()
            .WithoutHttpsCertificate()
            .WithRedactedQueries()
            .WithIconName("VideoClip")
            .WithHttpHealthCheck(Names.HealthPath)
            .WithUrlForEndpoint("http", link => link.DisplayText = "Films at their origin");
        return new Origin(ReferenceExpression.Create($"{sample.GetEndpoint("http")}/"), sample);
    }

    /// <summary>Adds a secret that is made at the first run and kept.</summary>
    public static IResourceBuilder<ParameterResource> AddKey(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true, persist: true).WithIconName("Key");
}
