using ChunkProxy.Deploy.Tests.Azure;
using ChunkProxy.Deploy.Tests.Compose;
using ChunkProxy.Deploy.Tests.Kubernetes;

namespace ChunkProxy.Deploy.Tests.Settings;

/// <summary>The hand-written deployments, each with Redis, which may be off.</summary>
public static class Deployments
{
    public const string Compose = "compose";
    public const string Kubernetes = "kubernetes";
    public const string Azure = "azure";

    public static TheoryData<string> Names => [Compose, Kubernetes, Azure];

    internal static async Task<IReadOnlyList<DeployedProcess>> ReadAsync(string name, CancellationToken cancellationToken)
    {
        switch (name)
        {
            case Compose:
                return
                [
                    .. ComposeFile.Read(
                        ("ORIGIN_URL", "http://origin.example/"), ("REDIS", "superhot:6379,password=p")).Processes,
                ];
            case Kubernetes:
                return [.. Manifests.Processes];
            case Azure:
                var template = await Template.EvaluateAsync(
                    """

                    param redis = true
                    param redisPassword = readEnvironmentVariable('POOL_KEY')
                    """,
                    cancellationToken);
                return [.. template.Processes];

            default:
                throw new ArgumentOutOfRangeException(nameof(name), name, "No such deployment.");
        }
    }
}
