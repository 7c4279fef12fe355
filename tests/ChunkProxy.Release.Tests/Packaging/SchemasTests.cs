using ChunkProxy.Packaging;
using ChunkProxy.Testing.Nodes;

namespace ChunkProxy.Release.Tests.Packaging;

public sealed class SchemasTests
{
    [Fact]
    public async Task All_OfWhatIsSerialized_AreTheFilesInTheRepository()
    {
        var folder = Path.Combine(ProductBuild.Root, "docs/schemas");

        Assert.Equal(Schemas.All.Keys.Order(), Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order());
        foreach (var (name, text) in Schemas.All)
        {
            Assert.True(
                text == await File.ReadAllTextAsync(Path.Combine(folder, name), TestContext.Current.CancellationToken),
                $"docs/schemas/{name} is not of the types that the program serializes: eng/release.sh schemas");
        }
    }
}
