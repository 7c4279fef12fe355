namespace ChunkProxy.FunctionalTests.Players;

/// <summary>The tests that share the browser, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class PlayerCollection : ICollectionFixture<PlayerStage>
{
    public const string Name = "players";
}
