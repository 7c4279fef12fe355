namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>The tests that share a cluster, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class SharedClusterCollection : ICollectionFixture<SharedCluster>
{
    public const string Name = "shared cluster";
}
