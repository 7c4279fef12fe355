namespace ChunkProxy.FunctionalTests.Tls;

/// <summary>The classes that share a node with a certificate, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class TlsCollection : ICollectionFixture<TlsNode>
{
    public const string Name = "node with a certificate";
}
