namespace ChunkProxy.FunctionalTests;

/// <summary>The classes that share nodes, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class SharedNodesCollection : ICollectionFixture<SharedNodes>
{
    public const string Name = "shared nodes";
}
