using ChunkProxy.Testing.Nodes;

namespace ChunkProxy.FunctionalTests.Players;

/// <summary>The players' packages, which <c>test.sh</c> fetches from npm (<c>tests/packages/players</c>).</summary>
internal static class PlayerPackages
{
    public static string Folder { get; } = Path.Combine(ProductBuild.Root, "tests", "packages", "players", "node_modules");

    /// <summary>Skips the test if a file of the packages is missing.</summary>
    public static void Require(string file) =>
        Assert.SkipUnless(File.Exists(Path.Combine(Folder, file)), $"tests/packages/players/node_modules/{file} is missing: npm could not fetch it, or test.sh has not run");
}
