namespace ChunkProxy.Release.Tests.Artefacts;

[CollectionDefinition(MadeRelease.Collection)]
public sealed class ReleaseCollection : ICollectionFixture<MadeRelease>;
